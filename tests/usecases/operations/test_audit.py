"""Tests that the auditor repairs wrong clocks and timers, and reports the others once."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.ids import ChannelId, TicketId, UserId
from bot.domain.intake.channel_message import ChannelMessage
from bot.domain.operations.inbox import Delivery
from bot.domain.ticket_events import TicketEvent, TimersRepaired
from bot.runtime import Runtime, open_runtime
from bot.settings import Settings
from bot.slack_ts import MessageTs
from bot.time_source import ManualTimeSource
from bot.usecases.due_timers import fire_due
from bot.usecases.intake.receive_message import receive_message
from bot.usecases.operations.absence import set_hours
from bot.usecases.operations.audit import begin_audit
from bot.usecases.operations.setup import NewClient, add_client, add_staff
from bot.usecases.tickets.handling.take import take
from bot.usecases.tickets.triage.severity import decide_severity
from bot.views.operations.findings import finding_words
from scheduler.auditor import Auditor
from tests.storage.desk_rows import text_message
from tests.stores import database, rows
from tests.story import MONDAY

pytestmark = pytest.mark.both_stores(thorough="postgresql")
Timers = list[tuple[int, str, str]]


class AuditedDesk:
    """A desk with the ticket ACME-1, whose database the test can change."""

    def __init__(self, runtime: Runtime, clock: ManualTimeSource, url: str) -> None:
        self.runtime = runtime
        self.clock = clock
        self.url = url
        self.auditor = Auditor(runtime.write, runtime.read)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return rows(self.url, query)

    def armed_timers(self) -> Timers:
        query = "SELECT due_at, clock, step FROM timers WHERE ticket_id IS NOT NULL ORDER BY 1, 2"
        return [(due_at, clock, step) for due_at, clock, step in self.rows(query)]

    def clocks(self) -> list[tuple[Any, ...]]:
        return self.rows(
            "SELECT metric, number, begins_at, stops_at, starts_at, due_at, warn_at, breach_at,"
            " severity, breached_at FROM clocks ORDER BY ticket_id, metric, number"
        )

    def alarms(self) -> list[str]:
        query = "SELECT key FROM outbox WHERE kind = 'alarm' ORDER BY id"
        return [key for (key,) in self.rows(query)]

    async def event_types(self) -> list[type[TicketEvent]]:
        async with self.runtime.read() as desk:
            return [type(event.event) for event in await desk.work.history.of(TicketId(1))]

    async def audit(self, *, minutes: int = 1) -> None:
        self.clock.advance(timedelta(minutes=minutes))
        await self.auditor.round()

    async def fire_due_timers(self) -> None:
        """Fire the due timers, as the ticker does."""
        async with self.runtime.write() as desk:
            await fire_due(desk)


@pytest.fixture
async def audited(tmp_path: Path) -> AsyncIterator[AuditedDesk]:
    clock = ManualTimeSource(MONDAY)
    async with database(tmp_path) as url:
        settings = Settings(
            _env_file=None,
            database_url=url,
            deskbell_triage_channel="CTRIAGE",
            deskbell_managers_channel="CMANAGERS",
        )
        async with open_runtime(settings, clock) as runtime:
            async with runtime.write() as desk:
                await add_client(desk, NewClient("Acme", "ACME", "standard", "CACME", None, None))
                message = ChannelMessage(
                    ChannelId("CACME"),
                    MessageTs.at(MONDAY),
                    None,
                    UserId("UANN"),
                    "Our server is down",
                )
                await receive_message(desk, message)
            audited = AuditedDesk(runtime, clock, url)
            # The messages about the new ticket have been sent.
            audited.rows("UPDATE outbox SET state = 'sent'")
            yield audited


async def test_lost_timers_are_armed_again_and_the_history_records_it(audited: AuditedDesk) -> None:
    before = audited.armed_timers()
    audited.rows("DELETE FROM timers")
    await audited.audit()
    assert before
    assert audited.armed_timers() == before
    assert (await audited.event_types())[-1] == TimersRepaired


async def test_a_single_missing_step_is_armed_again(audited: AuditedDesk) -> None:
    before = audited.armed_timers()
    for _, _, step in before:
        audited.rows(f"DELETE FROM timers WHERE step = '{step}'")  # noqa: S608 (a step of this test)
        await audited.audit()
        assert audited.armed_timers() == before


async def test_the_lost_timer_of_a_held_step_is_armed_again(audited: AuditedDesk) -> None:
    """Without it the reader would not be pinged when their working hours begin."""
    async with audited.runtime.write() as desk:
        await add_staff(desk, UserId("UDANA"), "engineer", "Dana")
        await set_hours(desk, UserId("UDANA"), UserId("UDANA"), "Mon-Fri 18:00-19:00", "UTC")
        await decide_severity(desk, "ACME-1", UserId("UDANA"), "low")
        await take(desk, "ACME-1", UserId("UDANA"))
    [warning, *_] = [at for at, _, step in audited.armed_timers() if step == "75%"]
    audited.clock.set(datetime.fromtimestamp(warning / 1_000_000, UTC))
    await audited.fire_due_timers()
    before = audited.armed_timers()
    assert [step for _, _, step in before].count("held") == 1
    audited.rows("DELETE FROM timers WHERE step = 'held'")
    await audited.audit()
    assert audited.armed_timers() == before
    assert (await audited.event_types())[-1] == TimersRepaired
    await audited.audit()
    assert (await audited.event_types()).count(TimersRepaired) == 1


async def test_a_timer_at_a_wrong_instant_is_replaced(audited: AuditedDesk) -> None:
    before = audited.armed_timers()
    audited.rows("UPDATE timers SET due_at = due_at + 1")
    await audited.audit()
    assert audited.armed_timers() == before


async def test_an_audit_of_correct_timers_writes_no_history(audited: AuditedDesk) -> None:
    before = await audited.event_types()
    await audited.audit()
    assert await audited.event_types() == before


async def test_a_fired_timer_is_not_armed_again(audited: AuditedDesk) -> None:
    audited.rows("UPDATE timers SET fired_at = due_at WHERE ticket_id IS NOT NULL")
    await audited.audit()
    assert TimersRepaired not in await audited.event_types()


async def test_a_missing_digest_timer_is_armed(audited: AuditedDesk) -> None:
    await audited.audit()
    async with audited.runtime.read() as desk:
        due_at = await desk.work.timers.digest_due()
    assert due_at is not None
    assert due_at > MONDAY


async def test_each_minute_is_audited_once_by_the_first_replica(audited: AuditedDesk) -> None:
    begun = []
    for seconds in (0, 30, 30, 30, 30):
        audited.clock.advance(timedelta(seconds=seconds))
        async with audited.runtime.write() as desk:
            begun.append(await begin_audit(desk))
    assert begun == [True, False, True, False, True]
    assert audited.rows("SELECT count(*) FROM periods WHERE kind = 'audit'") == [(1,)]


@pytest.mark.parametrize("set_back", [timedelta(minutes=5), timedelta(days=1)])
async def test_the_audit_goes_on_after_the_machines_clock_is_set_back(
    audited: AuditedDesk, set_back: timedelta
) -> None:
    await audited.audit()
    audited.clock.advance(-set_back)
    async with audited.runtime.write() as desk:
        assert await begin_audit(desk)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE clocks SET due_at = due_at + 1",
        "UPDATE clocks SET starts_at = starts_at + 1",
        "UPDATE clocks SET stops_at = begins_at",
        "UPDATE clocks SET severity = 'low'",
        "DELETE FROM clocks",
    ],
)
async def test_a_clock_that_differs_from_its_history_is_recomputed(
    audited: AuditedDesk, change: str
) -> None:
    before = audited.clocks()
    audited.rows(change)
    assert audited.clocks() != before
    await audited.audit()
    assert audited.clocks() == before
    assert (await audited.event_types())[-1] == TimersRepaired


@pytest.mark.parametrize("wrong_value", ["NULL", "breached_at + 60000000"])
async def test_a_missing_or_wrong_breach_is_recorded_with_its_true_instant(
    audited: AuditedDesk, wrong_value: str
) -> None:
    """The timers have fired, and the breach is then lost or moved by a minute."""
    audited.clock.set(MONDAY + timedelta(days=9))
    await audited.fire_due_timers()
    before = audited.clocks()
    assert before[0][-1] is not None
    audited.rows(f"UPDATE clocks SET breached_at = {wrong_value}")  # noqa: S608 (a value of this test)
    await audited.audit()
    assert audited.clocks() == before


async def test_a_clock_that_cannot_be_repaired_is_reported_once(audited: AuditedDesk) -> None:
    audited.rows(
        "INSERT INTO clocks (ticket_id, metric, number, begins_at, cancelled, paused, why)"
        " SELECT ticket_id, 'update', 7, begins_at, cancelled, paused, why FROM clocks"
    )
    for _ in range(3):
        await audited.audit()
        audited.rows("UPDATE outbox SET state = 'sent'")
    assert list(audited.auditor.findings) == ["ticket:1"]
    assert audited.alarms() == ["alarm:audit:ticket:1"]
    assert TimersRepaired not in await audited.event_types()
    audited.rows("DELETE FROM clocks WHERE number = 7")
    await audited.audit()
    assert audited.auditor.findings == {}


async def test_a_ticket_that_cannot_be_computed_does_not_hold_up_the_others(
    audited: AuditedDesk,
) -> None:
    async with audited.runtime.write() as desk:
        later = desk.now + timedelta(minutes=30)
        await receive_message(
            desk,
            ChannelMessage(
                ChannelId("CACME"), MessageTs.at(later), None, UserId("UBOB"), "And mail"
            ),
        )
    before = audited.clocks()
    audited.rows("UPDATE clocks SET due_at = due_at + 1")
    audited.rows("UPDATE tickets SET plan_id = 'gone' WHERE id = 1")
    await audited.audit()
    assert list(audited.auditor.findings) == ["ticket:1"]
    assert audited.clocks()[1] == before[1]


async def test_a_stuck_timer_is_repaired_at_the_second_audit(audited: AuditedDesk) -> None:
    """The timer has an unknown step."""
    before = audited.armed_timers()
    audited.rows(
        "INSERT INTO timers (due_at, ticket_id, clock, step)"
        " VALUES (1, 1, 'first_response:1', 'unheard of')"
    )
    await audited.audit()
    assert audited.armed_timers() != before
    await audited.audit()
    assert audited.armed_timers() == before
    assert audited.auditor.findings == {}


async def test_a_due_timer_that_never_fires_is_reported(audited: AuditedDesk) -> None:
    """No ticker runs in this test."""
    audited.clock.set(MONDAY + timedelta(hours=3))
    for _ in range(6):
        await audited.audit()
        audited.rows("UPDATE outbox SET state = 'sent'")
    assert [finding.key.partition(":")[0] for finding in audited.auditor.findings.values()] == [
        "timers"
    ]


async def test_an_overdue_digest_is_reported_at_the_second_audit(audited: AuditedDesk) -> None:
    async with audited.runtime.write() as desk:
        await desk.work.timers.arm_digest(desk.now)
    counts = []
    for minutes in (1, 2, 1):
        await audited.audit(minutes=minutes)
        counts.append(len(audited.auditor.findings))
    assert counts == [0, 0, 1]
    assert len(audited.alarms()) == 1


async def test_an_unsent_message_is_reported_at_the_second_audit(audited: AuditedDesk) -> None:
    async with audited.runtime.write() as desk:
        for key in ("one", "another"):
            await desk.work.outbox.say(text_message(key, "CMANAGERS"))
    await audited.audit(minutes=3)
    assert audited.auditor.findings == {}
    await audited.audit()
    [finding] = audited.auditor.findings.values()  # the second message waits for the first
    assert "the message one could go to Slack and is not sent" in finding_words(finding)


async def test_a_message_that_is_retried_is_no_finding(audited: AuditedDesk) -> None:
    async with audited.runtime.write() as desk:
        await desk.work.outbox.say(text_message("one", "CMANAGERS"))
    for _ in range(5):
        await audited.audit(minutes=3)
        async with audited.runtime.write() as desk:
            [row] = await desk.work.outbox.claim(desk.now + timedelta(seconds=30), (), 20)
            await desk.work.outbox.again(row, desk.now, "not_in_channel")
        assert audited.auditor.findings == {}


async def test_an_expired_lease_that_no_sender_takes_is_reported(audited: AuditedDesk) -> None:
    async with audited.runtime.write() as desk:
        await desk.work.outbox.say(text_message("one", "CMANAGERS"))
        await desk.work.outbox.claim(desk.now + timedelta(seconds=30), (), 20)
    for _ in range(3):
        await audited.audit(minutes=2)
    assert [finding.key.partition(":")[0] for finding in audited.auditor.findings.values()] == [
        "outbox"
    ]


async def test_an_unworked_delivery_is_reported_at_the_second_audit(audited: AuditedDesk) -> None:
    async with audited.runtime.write() as desk:
        await desk.work.inbox.put(Delivery("Ev1", "CACME", {}))
    await audited.audit(minutes=3)
    assert audited.auditor.findings == {}
    await audited.audit()
    assert [finding.key.partition(":")[0] for finding in audited.auditor.findings.values()] == [
        "inbox"
    ]


async def test_only_the_last_auditor_keeps_its_findings(audited: AuditedDesk) -> None:
    """A replica that no longer audits does not keep findings that were repaired since."""
    async with audited.runtime.write() as desk:
        await desk.work.inbox.put(Delivery("Ev1", "CACME", {}))
    for minutes in (3, 1):
        await audited.audit(minutes=minutes)
    assert audited.auditor.findings != {}
    audited.clock.advance(timedelta(minutes=1))
    other = Auditor(audited.runtime.write, audited.runtime.read)
    await other.round()
    await audited.auditor.round()
    assert audited.auditor.findings == {}
