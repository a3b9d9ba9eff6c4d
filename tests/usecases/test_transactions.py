"""Tests that a use-case is one transaction: a refusal or a crash leaves nothing behind."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ids import ChannelId, UserId
from bot.domain.intake.channel_message import ChannelMessage
from bot.domain.operations.refusals import NotStaff
from bot.domain.sla.refusals import TimeInTheFuture
from bot.domain.ticket import Source
from bot.domain.ticket_events import Breached, Opened, SeverityDecided, TicketEvent
from bot.domain.tickets.refusals import (
    CameElsewhere,
    NoSeverityYet,
    NoSuchTicket,
    ResolutionMissing,
)
from bot.slack_ts import MessageTs
from bot.usecases.due_timers import fire_due
from bot.usecases.intake.open_ticket import Report, open_from_report
from bot.usecases.intake.receive_message import receive_message
from bot.usecases.tickets.closing.resolve import resolve
from bot.usecases.tickets.handling.reply import reply
from bot.usecases.tickets.handling.take import take
from bot.usecases.tickets.ticket_views import view_all_tickets
from bot.usecases.tickets.triage.severity import decide_severity
from bot.views.refusals import sentence_of
from tests.usecases.conftest import CHANNEL, MARCH_ENDS, Office

REPORT = Report(UserId("UDANA"), "view-1", "ACME", Source.EMAIL, "", "Ann", "Our server is down")


async def event_types(office: Office) -> list[type[TicketEvent]]:
    """Return the types of the events in the only ticket's history."""
    async with office.runtime.read() as desk:
        [ticket_view] = await view_all_tickets(desk)
        return [type(event.event) for event in await desk.work.history.of(ticket_view.ticket.id)]


async def test_a_crash_in_a_transaction_leaves_no_ticket_and_no_message(office: Office) -> None:
    message = ChannelMessage(
        ChannelId(CHANNEL),
        MessageTs.parse("1773032400.000000"),
        None,
        UserId("UANN"),
        "Our server is down",
    )

    async def crash() -> None:
        async with office.runtime.write() as desk:
            await receive_message(desk, message)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await crash()

    async with office.runtime.read() as desk:
        assert await view_all_tickets(desk) == []
        assert await desk.work.outbox.backlog() == 0
        assert await desk.work.timers.next_due() == MARCH_ENDS  # the statement of March
    assert await office.post("Our server is down") == "a new ticket (ACME-1)"


async def test_a_refused_report_can_be_sent_again_from_the_same_dialog(office: Office) -> None:
    with pytest.raises(TimeInTheFuture) as refused:
        async with office.runtime.write() as desk:
            await open_from_report(desk, replace(REPORT, reported_at="2026-03-09 10:01"))
    assert "in the future" in sentence_of(refused.value)

    async with office.runtime.write() as desk:
        await open_from_report(desk, REPORT)
        await open_from_report(desk, REPORT)

    async with office.runtime.read() as desk:
        [ticket_view] = await view_all_tickets(desk)
        assert ticket_view.ticket.key == "ACME-1"


async def test_a_refused_resolution_leaves_the_severity_unchanged(office: Office) -> None:
    await office.post("Our server is down")

    with pytest.raises(ResolutionMissing) as refused:
        async with office.runtime.write() as desk:
            await resolve(desk, "ACME-1", UserId("UDANA"), " ", "high")
    assert "what was done" in sentence_of(refused.value)

    async with office.runtime.read() as desk:
        [ticket_view] = await view_all_tickets(desk)
        assert ticket_view.ticket.severity is None
        assert [
            type(event.event) for event in await desk.work.history.of(ticket_view.ticket.id)
        ] == [Opened]


async def test_a_ticket_without_a_severity_cannot_be_resolved(office: Office) -> None:
    await office.post("Our server is down")

    async with office.runtime.write() as desk:
        with pytest.raises(NoSeverityYet) as refused:
            await resolve(desk, "ACME-1", UserId("UDANA"), "Restarted it")
    assert "ACME-1 has no severity yet: choose one" in sentence_of(refused.value)


async def test_staff_actions_are_refused_to_clients_and_for_unknown_keys(office: Office) -> None:
    await office.post("Our server is down")
    async with office.runtime.write() as desk:
        with pytest.raises(NotStaff):
            await take(desk, "ACME-1", UserId("UANN"))
        with pytest.raises(NotStaff):
            await decide_severity(desk, "ACME-1", UserId("UANN"), "low")
        with pytest.raises(NotStaff):
            await reply(desk, "ACME-1", UserId("UANN"), "Words", submission_id="view-1")
        with pytest.raises(NotStaff):
            await resolve(desk, "ACME-1", UserId("UANN"), "Words", "low")
        with pytest.raises(NotStaff):
            await open_from_report(desk, replace(REPORT, actor=UserId("UANN")))
        with pytest.raises(NoSuchTicket) as refused:
            await take(desk, "ACME-2", UserId("UDANA"))
    assert "There is no ticket ACME-2 here" in sentence_of(refused.value)


async def test_a_reply_to_a_report_by_email_is_refused_with_where_to_answer(office: Office) -> None:
    async with office.runtime.write() as desk:
        await open_from_report(desk, REPORT)
        with pytest.raises(CameElsewhere) as refused:
            await reply(desk, "ACME-1", UserId("UDANA"), "Words", submission_id="view-2")
    assert "ACME-1 came by email: answer there" in sentence_of(refused.value)


async def test_setting_the_same_severity_again_writes_no_history(office: Office) -> None:
    await office.post("Our server is down")
    async with office.runtime.write() as desk:
        ticket = await decide_severity(desk, "ACME-1", UserId("UDANA"), "low")
        before = await desk.work.history.of(ticket.id)

        await decide_severity(desk, "ACME-1", UserId("UDANA"), "low")

        assert await desk.work.history.of(ticket.id) == before


async def test_a_report_entered_after_its_deadline_is_breached_at_the_next_tick(
    office: Office,
) -> None:
    async with office.runtime.write() as desk:
        await open_from_report(desk, replace(REPORT, reported_at="2026-03-02 10:00"))
        due_at = await desk.work.timers.next_due()
        assert due_at is not None
        assert due_at < desk.now
    async with office.runtime.write() as desk:
        await fire_due(desk)

    assert await event_types(office) == [Opened, Breached]


async def test_a_severity_that_makes_a_ticket_overdue_is_a_breach_in_the_same_transaction(
    office: Office,
) -> None:
    await office.post("Our server is down")
    office.clock.advance(timedelta(hours=5))

    async with office.runtime.write() as desk:
        await decide_severity(desk, "ACME-1", UserId("UDANA"), "critical")

    assert await event_types(office) == [Opened, SeverityDecided, Breached]
