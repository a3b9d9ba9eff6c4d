"""Whether a ping or a page is still news when it is sent."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.catalog import load_catalog
from bot.domain.escalation.decision import Audience, Rung, rungs
from bot.domain.escalation.ladder import LadderStep, Step, Tell
from bot.domain.escalation.messages import ClockStep, Page, PingMessage, PingsTogether
from bot.domain.ids import AgreementId, ChannelId, ClientId, TicketId, UserId
from bot.domain.operations.client import Client
from bot.domain.sla.clocks.deadline import ClockState, deadline
from bot.domain.ticket import Source, Ticket, TicketState
from bot.domain.tickets.ping_news import later_pings, news_together, page_news, ping_news
from bot.domain.tickets.ticket_view import TicketView

CLOCK = "first_response:1"
OPENED = datetime(2026, 3, 9, 5, 0, tzinfo=UTC)
LADDER = (
    LadderStep((Tell.ENGINEER,), percent=75),
    LadderStep((Tell.BACKUP,)),
    LadderStep((Tell.MANAGER, Tell.PAGER), after=timedelta(minutes=30)),
)
PLAN = replace(load_catalog("ecosire").plans["enterprise"], ladders={"critical": LADDER})
TICKET = Ticket(
    TicketId(7),
    ClientId(1),
    1,
    "ACME-1",
    Source.SLACK,
    OPENED,
    "U0ANN",
    "Down",
    AgreementId(1),
    1,
    "enterprise",
    severity="critical",
)
VIEW = TicketView(
    ticket=TICKET,
    client=Client(ClientId(1), "ACME", "Acme", ChannelId("C1"), 5),
    plan=PLAN,
    deadline=deadline(PLAN, "critical", OPENED),
    clock=ClockState.RUNNING,
    breached_at=None,
    standing=None,
)
WARNING, DUE, LATE = rungs(VIEW.deadline, PLAN.ladder("critical"))


def ping(rung: Rung, audience: Audience = Audience.ENGINEER, *tells: Tell) -> PingMessage:
    step = ClockStep(CLOCK, rung.step, rung.at)
    named = frozenset(tells or rung.tell)
    return PingMessage(TicketId(7), (step,), audience, (UserId("U0DANA"),), rung.at, named)


def steps(news: tuple[tuple[TicketView, Step], ...]) -> list[Step]:
    return [step for _, step in news]


def test_a_step_is_news_until_the_next_one() -> None:
    assert steps(ping_news(VIEW, ping(WARNING), DUE.at - timedelta(seconds=1))) == ["75%"]
    assert later_pings(VIEW, ping(WARNING), DUE.at - timedelta(seconds=1)) == []


def test_a_step_is_told_as_the_later_one_if_the_reader_has_no_ping_of_that() -> None:
    [later] = later_pings(VIEW, ping(WARNING), DUE.at)
    assert later == (7, ClockStep(CLOCK, DUE.step, DUE.at))
    assert steps(ping_news(VIEW, ping(WARNING), DUE.at, [])) == ["due"]
    assert ping_news(VIEW, ping(WARNING), DUE.at, [later]) == ()


def test_a_ping_of_the_same_step_of_another_ticket_counts_for_nothing() -> None:
    other = (TicketId(8), ClockStep(CLOCK, DUE.step, DUE.at))
    assert steps(ping_news(VIEW, ping(WARNING), DUE.at, [other])) == ["due"]


def test_a_later_step_that_names_the_same_people_sends_its_own_ping() -> None:
    same = ping(WARNING, Audience.ENGINEER, Tell.BACKUP)
    assert later_pings(VIEW, same, DUE.at) == []
    assert ping_news(VIEW, same, DUE.at) == ()


def test_the_triage_channel_has_the_ping_of_every_step() -> None:
    assert later_pings(VIEW, ping(WARNING, Audience.TRIAGE), DUE.at) == []
    assert ping_news(VIEW, ping(WARNING, Audience.TRIAGE), DUE.at) == ()


@pytest.mark.parametrize(
    "changed",
    [
        replace(VIEW, clock=ClockState.PAUSED),
        replace(VIEW, clock=ClockState.NONE),
        replace(VIEW, ticket=replace(TICKET, state=TicketState.RESOLVED)),
        replace(VIEW, deadline=deadline(PLAN, "critical", OPENED + timedelta(hours=1))),
    ],
    ids=["paused", "without a clock", "resolved", "with another deadline"],
)
def test_a_ticket_that_has_changed_sends_no_ping_and_no_page(changed: TicketView) -> None:
    assert ping_news(changed, ping(DUE), DUE.at) == ()
    assert page_news(changed, page(DUE), DUE.at) is None


def test_a_breach_is_always_news_for_managers_unless_it_has_no_clock() -> None:
    breach = ping(DUE, Audience.MANAGERS)
    assert steps(ping_news(replace(VIEW, clock=ClockState.PAUSED), breach, LATE.at)) == ["due"]
    assert ping_news(replace(VIEW, clock=ClockState.NONE), breach, LATE.at) == ()


def test_an_answered_ticket_is_news_alone_and_not_with_others() -> None:
    met = replace(VIEW, ticket=replace(TICKET, first_response_at=DUE.at))
    assert steps(ping_news(met, ping(WARNING), LATE.at)) == ["75%"]
    other = replace(VIEW, ticket=replace(TICKET, id=TicketId(8)))
    together = PingsTogether((ping(DUE), replace(ping(DUE), ticket=TicketId(8))), DUE.at)
    views = {TicketId(7): met, TicketId(8): other}
    assert news_together(views, together, DUE.at) == ((other, "due"),)


def test_managers_see_every_breach_of_several() -> None:
    met = replace(VIEW, ticket=replace(TICKET, first_response_at=DUE.at))
    together = PingsTogether((ping(DUE, Audience.MANAGERS),) * 2, DUE.at)
    assert news_together({TicketId(7): met}, together, DUE.at) == ((met, "due"),) * 2


def page(rung: Rung) -> Page:
    return Page(TicketId(7), ClockStep(CLOCK, rung.step, rung.at), rung.at)


def test_a_page_is_told_as_the_last_step_unless_that_sends_its_own_page() -> None:
    assert page_news(VIEW, page(WARNING), WARNING.at) == "75%"
    assert page_news(VIEW, page(WARNING), DUE.at) == "due"
    assert page_news(VIEW, page(WARNING), LATE.at) is None
    answered = replace(VIEW, ticket=replace(TICKET, first_response_at=DUE.at))
    assert page_news(answered, page(DUE), DUE.at) is None
