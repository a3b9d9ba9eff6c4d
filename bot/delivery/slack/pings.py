"""Decides which pending pings are still relevant, and renders them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.escalation.decision import Audience, Rung
from bot.domain.escalation.ladder import Step
from bot.domain.messages import Outgoing
from bot.domain.sla.clocks.deadline import ClockState
from bot.domain.tickets.ping_news import come_since, still_stands
from bot.domain.tickets.ticket_view import TicketView
from bot.json_types import Json
from bot.usecases.desk import Desk
from bot.usecases.escalation.pings import PING_KEYS, ping_key
from bot.usecases.tickets.ticket_views import view_tickets
from bot.views.escalation.ping import ping
from bot.views.escalation.pings import breaches, several
from bot.views.message import Message

News = tuple[TicketView, Step]


async def ping_message(desk: Desk, outgoing: Outgoing, of: TicketView) -> Message | None:
    """Return the ping's message, or None if it is outdated.

    A ping is outdated if its ticket got a severity without a clock or another deadline, or if a
    later step has a ping of its own.
    """
    facts = outgoing.facts
    about = await _news(desk, of, facts, outgoing.channel)
    about = [news for news in about if news[0].met_at is None] or about
    if not about or about[0][0].clock is ClockState.NONE:
        return None
    (ticket_view, step), *besides = about
    return ping(
        ticket_view,
        step,
        Audience(facts["audience"]),
        tuple(facts["readers"]),
        now=datetime.fromisoformat(facts["now"]),
        besides=besides,
        to_all=bool(facts.get("to_all")),
        instead_of=facts.get("instead_of", 0),
    )


async def pings_message(desk: Desk, outgoing: Outgoing) -> Message | None:
    """Return the message for several pings to a single reader, without outdated pings.

    Breaches always stay: a withdrawn breach is reported as withdrawn.
    """
    parts, noticed_at = outgoing.facts["parts"], datetime.fromisoformat(outgoing.facts["now"])
    ticket_views = await view_tickets(desk, {part["ticket"] for part in parts})
    about = [
        news
        for part in parts
        for news in await _news(desk, ticket_views[part["ticket"]], part, outgoing.channel)
    ]
    if Audience(parts[0]["audience"]) is Audience.MANAGERS:
        return breaches([ticket_view for ticket_view, _ in about], now=noticed_at)
    left = [news for news in about if news[0].met_at is None]
    if len(left) == 1:
        [(ticket_view, step)] = left
        return ping(ticket_view, step, Audience.ENGINEER, (outgoing.channel,), now=noticed_at)
    return several(left, now=noticed_at) if left else None


@dataclass(frozen=True, slots=True)
class _PendingPing:
    clock: str
    rung: Rung
    audience: Audience
    channel: str
    named: frozenset[str]  # the people named by the escalation step


async def _news(desk: Desk, of: TicketView, facts: Json, channel: str) -> list[News]:
    """Return the parts of a ping that are still relevant, with the names of their steps."""
    news = []
    audience, named = Audience(facts["audience"]), frozenset(facts.get("named", ()))
    for clock, name, at in [(facts["clock"], facts["step"], facts["at"]), *facts["besides"]]:
        rung = Rung(_step(name), datetime.fromisoformat(at))
        ticket_view = of.about(clock)
        step = await _step_to_name(
            desk, ticket_view, _PendingPing(clock, rung, audience, channel, named)
        )
        if step is not None:
            news.append((ticket_view, step))
    return news


async def _step_to_name(desk: Desk, ticket_view: TicketView, pending: _PendingPing) -> Step | None:
    """Return the step to name in a ping; None if a later step has its own ping.

    If Slack was unavailable during two steps and the later step notifies other people, the ping
    names the later step.
    """
    if pending.audience is Audience.MANAGERS:
        return pending.rung.step
    if not still_stands(ticket_view, pending.rung):
        return None
    later = come_since(ticket_view, pending.rung, desk.now)
    if ticket_view.met_at is not None or not later:
        return pending.rung.step
    if pending.audience is Audience.TRIAGE or await _is_notified(desk, ticket_view, pending, later):
        return None
    return later[-1].step


async def _is_notified(
    desk: Desk, ticket_view: TicketView, pending: _PendingPing, later: Sequence[Rung]
) -> bool:
    """Return whether the same reader has, or is about to get, a ping of one of these steps.

    A step that notifies all of these people may also have been reached at this very moment.
    """
    if any(pending.named <= frozenset(rung.tell) for rung in later):
        return True
    keys = [
        ping_key(ticket_view.ticket.id, pending.clock, rung, pending.audience, pending.channel)
        for rung in later
    ]
    return bool(await desk.work.idempotency.messages_of(PING_KEYS, keys))


def _step(name: str) -> Step:
    """Return the current name of a step ("warning" was renamed to 75 %)."""
    return Step.WARNING if name == "warning" else Step(name)
