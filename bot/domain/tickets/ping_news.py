"""Whether a ping or a page is still news when it is sent, and as which step it is told."""

from collections.abc import Collection, Mapping
from datetime import datetime

from bot.domain.escalation.decision import Audience, Rung, later_steps, rungs
from bot.domain.escalation.ladder import Step, Tell
from bot.domain.escalation.messages import ClockStep, Page, PingMessage, PingsTogether
from bot.domain.ids import TicketId
from bot.domain.sla.clocks.deadline import ClockState
from bot.domain.tickets.ticket_view import TicketView

TicketStep = tuple[TicketId, ClockStep]
News = tuple[TicketView, Step]  # the view selects the clock of the step


def later_pings(ticket_view: TicketView, ping: PingMessage, now: datetime) -> list[TicketStep]:
    """Return the later steps whose own pings to the same reader would replace parts of this ping.

    The caller looks up which of these pings the reader has, or is about to have.
    """
    return [
        (ping.ticket, ClockStep(clock_step.clock, rung.step, rung.at))
        for clock_step in ping.steps
        for rung in _replacing(ticket_view.about(clock_step.clock), ping, clock_step.rung, now)
    ]


def ping_news(
    ticket_view: TicketView, ping: PingMessage, now: datetime, later: Collection[TicketStep] = ()
) -> tuple[News, ...]:
    """Return the steps of the ping that are still news, the most urgent first.

    `later` are the later steps of which the same reader has a ping. The result is empty if the
    ticket got a severity without a clock or another deadline in the meantime, or if the ping of a
    later step covers this ping. Steps of clocks that were met in time count only if no other step
    is news.
    """
    news = _news(ticket_view, ping, now, later)
    shown = _unmet(news) or news
    return () if shown and shown[0][0].clock is ClockState.NONE else shown


def news_together(
    ticket_views: Mapping[TicketId, TicketView],
    pings: PingsTogether,
    now: datetime,
    later: Collection[TicketStep] = (),
) -> tuple[News, ...]:
    """Return the steps that are still news of several pings to one reader.

    `later` is as for `ping_news`. Managers see every breach, since a withdrawn breach is shown as
    withdrawn.
    """
    news = tuple(
        item for ping in pings.parts for item in _news(ticket_views[ping.ticket], ping, now, later)
    )
    return news if pings.audience is Audience.MANAGERS else _unmet(news)


def page_news(ticket_view: TicketView, page: Page, now: datetime) -> Step | None:
    """Return the step by which a page is told; None if there is no reason left to page.

    A later step replaces the page if that step sends its own page.
    """
    ticket_view, rung = ticket_view.about(page.clock_step.clock), page.clock_step.rung
    if ticket_view.met_at is not None or not _still_stands(ticket_view, rung):
        return None
    later = _later(ticket_view, rung, now)
    if any(Tell.PAGER in later_rung.tell for later_rung in later):
        return None
    return later[-1].step if later else rung.step


def _news(
    ticket_view: TicketView, ping: PingMessage, now: datetime, later: Collection[TicketStep]
) -> tuple[News, ...]:
    """Return the steps of the ping that are still news, whether or not their clocks were met."""
    views = [(ticket_view.about(clock_step.clock), clock_step) for clock_step in ping.steps]
    told = [(view, _told_as(view, ping, step, now, later)) for view, step in views]
    return tuple((view, step) for view, step in told if step is not None)


def _unmet(news: tuple[News, ...]) -> tuple[News, ...]:
    """Return the steps of clocks whose promise has not been met."""
    return tuple((view, step) for view, step in news if view.met_at is None)


def _told_as(
    ticket_view: TicketView,
    ping: PingMessage,
    clock_step: ClockStep,
    now: datetime,
    later: Collection[TicketStep],
) -> Step | None:
    """Return the step by which a step of the ping is told; None if it is no news.

    If Slack was away over two steps, and the later step names other people, the earlier ping is
    told as the later step.
    """
    rung = clock_step.rung
    if ping.audience is Audience.MANAGERS:
        return rung.step
    if not _still_stands(ticket_view, rung):
        return None
    following = _later(ticket_view, rung, now)
    if ticket_view.met_at is not None or not following:
        return rung.step
    replacing = _replacing(ticket_view, ping, rung, now)
    if not replacing or any(_as_key(ping, clock_step, step) in later for step in replacing):
        return None
    return following[-1].step


def _as_key(ping: PingMessage, clock_step: ClockStep, rung: Rung) -> TicketStep:
    return ping.ticket, ClockStep(clock_step.clock, rung.step, rung.at)


def _replacing(
    ticket_view: TicketView, ping: PingMessage, rung: Rung, now: datetime
) -> tuple[Rung, ...]:
    """Return the later steps that replace this step if the same reader has their pings.

    There are none if the answer does not depend on the reader: the triage channel has the ping of
    every step, and a later step that names all of these people too may come at this very moment.
    """
    if ping.audience in {Audience.MANAGERS, Audience.TRIAGE} or ticket_view.met_at is not None:
        return ()
    if not _still_stands(ticket_view, rung):
        return ()
    later = _later(ticket_view, rung, now)
    return () if any(ping.tells <= frozenset(step.tell) for step in later) else later


def _still_stands(ticket_view: TicketView, rung: Rung) -> bool:
    """Return whether a step still applies to the ticket.

    It does not if the ticket is closed, its clock is paused, or its deadline has changed or gone.
    """
    if ticket_view.clock in {ClockState.NONE, ClockState.PAUSED} or not ticket_view.ticket.is_open:
        return False
    ladder = ticket_view.plan.ladder(ticket_view.deadline.severity)
    return rung in rungs(ticket_view.deadline, ladder)


def _later(ticket_view: TicketView, rung: Rung, now: datetime) -> tuple[Rung, ...]:
    """Return the later steps of the same clock that were reached by `now`.

    Each sends its own pings.
    """
    ladder = ticket_view.plan.ladder(ticket_view.deadline.severity)
    return later_steps(rung.step, ticket_view.deadline, ladder, now)
