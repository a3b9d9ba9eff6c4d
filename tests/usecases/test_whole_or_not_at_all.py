"""One use-case, one transaction: what is refused or crashes leaves nothing behind."""

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
from tests.usecases.conftest import CHANNEL, MARCH_ENDS, Bureau

REPORT = Report(UserId("UDANA"), "view-1", "ACME", Source.EMAIL, "", "Ann", "Our server is down")


async def kinds(bureau: Bureau) -> list[type[TicketEvent]]:
    """The history of the only ticket."""
    async with bureau.runtime.read() as desk:
        [ticket_view] = await view_all_tickets(desk)
        return [type(one.event) for one in await desk.work.history.of(ticket_view.ticket.id)]


async def test_a_crash_in_the_middle_leaves_no_ticket_and_no_message(bureau: Bureau) -> None:
    message = ChannelMessage(
        ChannelId(CHANNEL),
        MessageTs.parse("1773032400.000000"),
        None,
        UserId("UANN"),
        "Our server is down",
    )

    async def crash() -> None:
        async with bureau.runtime.write() as desk:
            await receive_message(desk, message)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await crash()

    async with bureau.runtime.read() as desk:
        assert await view_all_tickets(desk) == []
        assert await desk.work.outbox.backlog() == 0
        assert await desk.work.timers.next_due() == MARCH_ENDS  # the books wait for it
    assert await bureau.says("Our server is down") == "a new ticket (ACME-1)"


async def test_a_report_that_is_refused_can_be_sent_again_from_the_same_dialog(
    bureau: Bureau,
) -> None:
    with pytest.raises(TimeInTheFuture) as refused:
        async with bureau.runtime.write() as desk:
            await open_from_report(desk, replace(REPORT, reported_at="2026-03-09 10:01"))
    assert "in the future" in sentence_of(refused.value)

    async with bureau.runtime.write() as desk:
        await open_from_report(desk, REPORT)
        await open_from_report(desk, REPORT)

    async with bureau.runtime.read() as desk:
        [ticket_view] = await view_all_tickets(desk)
        assert ticket_view.ticket.key == "ACME-1"


async def test_a_resolution_refused_for_its_words_leaves_the_severity_as_it_was(
    bureau: Bureau,
) -> None:
    await bureau.says("Our server is down")

    with pytest.raises(ResolutionMissing) as refused:
        async with bureau.runtime.write() as desk:
            await resolve(desk, "ACME-1", UserId("UDANA"), " ", "high")
    assert "what was done" in sentence_of(refused.value)

    async with bureau.runtime.read() as desk:
        [ticket_view] = await view_all_tickets(desk)
        assert ticket_view.ticket.severity is None
        assert [type(one.event) for one in await desk.work.history.of(ticket_view.ticket.id)] == [
            Opened
        ]


async def test_nothing_is_resolved_before_its_severity_is_known(bureau: Bureau) -> None:
    await bureau.says("Our server is down")

    async with bureau.runtime.write() as desk:
        with pytest.raises(NoSeverityYet) as refused:
            await resolve(desk, "ACME-1", UserId("UDANA"), "Restarted it")
    assert "ACME-1 has no severity yet: choose one" in sentence_of(refused.value)


async def test_every_deed_of_staff_is_refused_to_others_and_for_keys_that_are_not_there(
    bureau: Bureau,
) -> None:
    await bureau.says("Our server is down")
    async with bureau.runtime.write() as desk:
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


async def test_a_reply_to_a_report_that_came_by_e_mail_says_where_to_answer(
    bureau: Bureau,
) -> None:
    async with bureau.runtime.write() as desk:
        await open_from_report(desk, REPORT)
        with pytest.raises(CameElsewhere) as refused:
            await reply(desk, "ACME-1", UserId("UDANA"), "Words", submission_id="view-2")
    assert "ACME-1 came by email: answer there" in sentence_of(refused.value)


async def test_a_decision_that_changes_nothing_writes_no_history(bureau: Bureau) -> None:
    await bureau.says("Our server is down")
    async with bureau.runtime.write() as desk:
        ticket = await decide_severity(desk, "ACME-1", UserId("UDANA"), "low")
        before = await desk.work.history.of(ticket.id)

        await decide_severity(desk, "ACME-1", UserId("UDANA"), "low")

        assert await desk.work.history.of(ticket.id) == before


async def test_a_report_that_is_late_already_is_a_breach_at_the_next_tick_which_is_due_at_once(
    bureau: Bureau,
) -> None:
    async with bureau.runtime.write() as desk:
        await open_from_report(desk, replace(REPORT, reported_at="2026-03-02 10:00"))
        due_at = await desk.work.timers.next_due()
        assert due_at is not None
        assert due_at < desk.now
    async with bureau.runtime.write() as desk:
        await fire_due(desk)

    assert await kinds(bureau) == [Opened, Breached]


async def test_a_severity_that_is_late_already_is_a_breach_in_the_same_transaction(
    bureau: Bureau,
) -> None:
    await bureau.says("Our server is down")
    bureau.clock.advance(timedelta(hours=5))

    async with bureau.runtime.write() as desk:
        await decide_severity(desk, "ACME-1", UserId("UDANA"), "critical")

    assert await kinds(bureau) == [Opened, SeverityDecided, Breached]
