"""What the auditor finds amiss is put right, once a minute; what cannot be is told, once."""

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
from tests.storage.desk_rows import words
from tests.stores import database, rows
from tests.story import MONDAY

pytestmark = pytest.mark.both_stores(thorough="postgresql")
Armed = list[tuple[int, str, str]]


class Desktop:
    """An office with one ticket, ACME-1, and a hand in its store."""

    def __init__(self, opened: Runtime, clock: ManualTimeSource, url: str) -> None:
        self.runtime = opened
        self.clock = clock
        self.url = url
        self.auditor = Auditor(opened.write, opened.read)

    def rows(self, order: str) -> list[tuple[Any, ...]]:
        return rows(self.url, order)

    def armed(self) -> Armed:
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

    async def told(self) -> list[type[TicketEvent]]:
        async with self.runtime.read() as desk:
            return [type(event.event) for event in await desk.work.history.of(TicketId(1))]

    async def round(self, *, minutes: int = 1) -> None:
        self.clock.advance(timedelta(minutes=minutes))
        await self.auditor.round()

    async def fire(self) -> None:
        """What is due, as the ticker would."""
        async with self.runtime.write() as desk:
            await fire_due(desk)


@pytest.fixture
async def desktop(tmp_path: Path) -> AsyncIterator[Desktop]:
    clock = ManualTimeSource(MONDAY)
    async with database(tmp_path) as url:
        settings = Settings(
            _env_file=None,
            database_url=url,
            deskbell_triage_channel="CTRIAGE",
            deskbell_managers_channel="CMANAGERS",
        )
        async with open_runtime(settings, clock) as opened:
            async with opened.write() as desk:
                await add_client(desk, NewClient("Acme", "ACME", "standard", "CACME", None, None))
                message = ChannelMessage(
                    ChannelId("CACME"),
                    MessageTs.at(MONDAY),
                    None,
                    UserId("UANN"),
                    "Our server is down",
                )
                await receive_message(desk, message)
            desktop = Desktop(opened, clock, url)
            # All that was owed at the opening is said.
            desktop.rows("UPDATE outbox SET state = 'sent'")
            yield desktop


async def test_timers_that_were_lost_are_armed_again_and_the_history_says_so(
    desktop: Desktop,
) -> None:
    before = desktop.armed()
    desktop.rows("DELETE FROM timers")
    await desktop.round()
    assert before
    assert desktop.armed() == before
    assert (await desktop.told())[-1] == TimersRepaired


async def test_one_missing_step_among_several_is_noticed(desktop: Desktop) -> None:
    before = desktop.armed()
    for _, _, step in before:
        desktop.rows(f"DELETE FROM timers WHERE step = '{step}'")  # noqa: S608 (our own word)
        await desktop.round()
        assert desktop.armed() == before


async def test_what_is_held_and_has_lost_its_timer_is_armed_again(desktop: Desktop) -> None:
    """Nobody would be told when their hours begin, whatever the next step's own timer does."""
    async with desktop.runtime.write() as desk:
        await add_staff(desk, UserId("UDANA"), "engineer", "Dana")
        await set_hours(desk, UserId("UDANA"), UserId("UDANA"), "Mon-Fri 18:00-19:00", "UTC")
        await decide_severity(desk, "ACME-1", UserId("UDANA"), "low")
        await take(desk, "ACME-1", UserId("UDANA"))
    [warning, *_] = [at for at, _, step in desktop.armed() if step == "75%"]
    desktop.clock.set(datetime.fromtimestamp(warning / 1_000_000, UTC))
    await desktop.fire()
    before = desktop.armed()
    assert [step for _, _, step in before].count("held") == 1
    desktop.rows("DELETE FROM timers WHERE step = 'held'")
    await desktop.round()
    assert desktop.armed() == before
    assert (await desktop.told())[-1] == TimersRepaired
    await desktop.round()
    assert (await desktop.told()).count(TimersRepaired) == 1


async def test_a_timer_at_a_wrong_instant_is_replaced(desktop: Desktop) -> None:
    before = desktop.armed()
    desktop.rows("UPDATE timers SET due_at = due_at + 1")
    await desktop.round()
    assert desktop.armed() == before


async def test_what_is_in_order_is_left_alone(desktop: Desktop) -> None:
    before = await desktop.told()
    await desktop.round()
    assert await desktop.told() == before


async def test_a_timer_that_has_fired_is_done_and_not_armed_again(desktop: Desktop) -> None:
    desktop.rows("UPDATE timers SET fired_at = due_at WHERE ticket_id IS NOT NULL")
    await desktop.round()
    assert TimersRepaired not in await desktop.told()


async def test_a_digest_that_nobody_waits_for_is_armed(desktop: Desktop) -> None:
    await desktop.round()
    async with desktop.runtime.read() as desk:
        due_at = await desk.work.timers.digest_due()
    assert due_at is not None
    assert due_at > MONDAY


async def test_a_minute_is_audited_once_by_whoever_comes_first(desktop: Desktop) -> None:
    begun = []
    for seconds in (0, 30, 30, 30, 30):
        desktop.clock.advance(timedelta(seconds=seconds))
        async with desktop.runtime.write() as desk:
            begun.append(await begin_audit(desk))
    assert begun == [True, False, True, False, True]
    assert desktop.rows("SELECT count(*) FROM periods WHERE kind = 'audit'") == [(1,)]


@pytest.mark.parametrize("back", [timedelta(minutes=5), timedelta(days=1)])
async def test_a_clock_that_is_set_back_stops_no_audit(desktop: Desktop, back: timedelta) -> None:
    await desktop.round()
    desktop.clock.advance(-back)
    async with desktop.runtime.write() as desk:
        assert await begin_audit(desk)


@pytest.mark.parametrize(
    "order",
    [
        "UPDATE clocks SET due_at = due_at + 1",
        "UPDATE clocks SET starts_at = starts_at + 1",
        "UPDATE clocks SET stops_at = begins_at",
        "UPDATE clocks SET severity = 'low'",
        "DELETE FROM clocks",
    ],
)
async def test_a_clock_that_is_not_what_its_history_gives_is_computed_anew(
    desktop: Desktop, order: str
) -> None:
    before = desktop.clocks()
    desktop.rows(order)
    assert desktop.clocks() != before
    await desktop.round()
    assert desktop.clocks() == before
    assert (await desktop.told())[-1] == TimersRepaired


@pytest.mark.parametrize("amiss", ["NULL", "breached_at + 60000000"])
async def test_a_breach_that_is_not_on_record_is_put_there_with_its_true_instant(
    desktop: Desktop, amiss: str
) -> None:
    """Its timers have fired, and what they wrote was lost, or says a minute later than it was."""
    desktop.clock.set(MONDAY + timedelta(days=9))
    await desktop.fire()
    before = desktop.clocks()
    assert before[0][-1] is not None
    desktop.rows(f"UPDATE clocks SET breached_at = {amiss}")  # noqa: S608 (our own words)
    await desktop.round()
    assert desktop.clocks() == before


async def test_a_clock_that_no_computing_mends_is_told_once_and_the_history_is_not_filled(
    desktop: Desktop,
) -> None:
    desktop.rows(
        "INSERT INTO clocks (ticket_id, metric, number, begins_at, cancelled, paused, why)"
        " SELECT ticket_id, 'update', 7, begins_at, cancelled, paused, why FROM clocks"
    )
    for _ in range(3):
        await desktop.round()
        desktop.rows("UPDATE outbox SET state = 'sent'")
    assert list(desktop.auditor.findings) == ["ticket:1"]
    assert desktop.alarms() == ["alarm:audit:ticket:1"]
    assert TimersRepaired not in await desktop.told()
    desktop.rows("DELETE FROM clocks WHERE number = 7")
    await desktop.round()
    assert desktop.auditor.findings == {}


async def test_one_ticket_that_cannot_be_computed_does_not_keep_the_others_from_it(
    desktop: Desktop,
) -> None:
    async with desktop.runtime.write() as desk:
        later = desk.now + timedelta(minutes=30)
        await receive_message(
            desk,
            ChannelMessage(
                ChannelId("CACME"), MessageTs.at(later), None, UserId("UBOB"), "And mail"
            ),
        )
    before = desktop.clocks()
    desktop.rows("UPDATE clocks SET due_at = due_at + 1")
    desktop.rows("UPDATE tickets SET plan_id = 'gone' WHERE id = 1")
    await desktop.round()
    assert list(desktop.auditor.findings) == ["ticket:1"]
    assert desktop.clocks()[1] == before[1]


async def test_a_due_timer_that_does_not_fire_is_mended_at_the_second_round(
    desktop: Desktop,
) -> None:
    """Its step is one that no program knows."""
    before = desktop.armed()
    desktop.rows(
        "INSERT INTO timers (due_at, ticket_id, clock, step)"
        " VALUES (1, 1, 'first_response:1', 'unheard of')"
    )
    await desktop.round()
    assert desktop.armed() != before
    await desktop.round()
    assert desktop.armed() == before
    assert desktop.auditor.findings == {}


async def test_a_due_timer_that_mending_does_not_let_fire_is_told(desktop: Desktop) -> None:
    """Nobody fires anything here."""
    desktop.clock.set(MONDAY + timedelta(hours=3))
    for _ in range(6):
        await desktop.round()
        desktop.rows("UPDATE outbox SET state = 'sent'")
    assert [one.key.partition(":")[0] for one in desktop.auditor.findings.values()] == ["timers"]


async def test_a_digest_that_is_due_and_does_not_come_is_told_at_the_second_round(
    desktop: Desktop,
) -> None:
    async with desktop.runtime.write() as desk:
        await desk.work.timers.arm_digest(desk.now)
    found = []
    for minutes in (1, 2, 1):
        await desktop.round(minutes=minutes)
        found.append(len(desktop.auditor.findings))
    assert found == [0, 0, 1]
    assert len(desktop.alarms()) == 1


async def test_a_message_that_could_go_and_is_not_sent_is_told_at_the_second_round(
    desktop: Desktop,
) -> None:
    async with desktop.runtime.write() as desk:
        for key in ("one", "another"):
            await desk.work.outbox.say(words(key, "CMANAGERS"))
    await desktop.round(minutes=3)
    assert desktop.auditor.findings == {}
    await desktop.round()
    [finding] = desktop.auditor.findings.values()  # the second waits for the first
    assert "the message one could go to Slack and is not sent" in finding_words(finding)


async def test_a_message_that_is_tried_again_and_again_is_no_finding(desktop: Desktop) -> None:
    async with desktop.runtime.write() as desk:
        await desk.work.outbox.say(words("one", "CMANAGERS"))
    for _ in range(5):
        await desktop.round(minutes=3)
        async with desktop.runtime.write() as desk:
            [row] = await desk.work.outbox.claim(desk.now + timedelta(seconds=30), (), 20)
            await desk.work.outbox.again(row, desk.now, "not_in_channel")
        assert desktop.auditor.findings == {}


async def test_a_lease_that_ran_out_and_that_nobody_takes_is_told(desktop: Desktop) -> None:
    async with desktop.runtime.write() as desk:
        await desk.work.outbox.say(words("one", "CMANAGERS"))
        await desk.work.outbox.claim(desk.now + timedelta(seconds=30), (), 20)
    for _ in range(3):
        await desktop.round(minutes=2)
    assert [one.key.partition(":")[0] for one in desktop.auditor.findings.values()] == ["outbox"]


async def test_a_delivery_that_nobody_works_is_told_at_the_second_round(desktop: Desktop) -> None:
    async with desktop.runtime.write() as desk:
        await desk.work.inbox.put(Delivery("Ev1", "CACME", {}))
    await desktop.round(minutes=3)
    assert desktop.auditor.findings == {}
    await desktop.round()
    assert [one.key.partition(":")[0] for one in desktop.auditor.findings.values()] == ["inbox"]


async def test_what_was_found_is_told_by_whoever_held_the_last_round(desktop: Desktop) -> None:
    """Two replicas: the one that audits no more does not stay red for what was mended since."""
    async with desktop.runtime.write() as desk:
        await desk.work.inbox.put(Delivery("Ev1", "CACME", {}))
    for minutes in (3, 1):
        await desktop.round(minutes=minutes)
    assert desktop.auditor.findings != {}
    desktop.clock.advance(timedelta(minutes=1))
    other = Auditor(desktop.runtime.write, desktop.runtime.read)
    await other.round()
    await desktop.auditor.round()
    assert desktop.auditor.findings == {}
