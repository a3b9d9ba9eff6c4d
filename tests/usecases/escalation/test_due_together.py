"""Many steps due at once, as after an outage."""

from datetime import timedelta

import pytest

from bot.domain.ids import UserId
from bot.domain.ticket_events import Breached, Opened
from bot.usecases.due_timers import fire_due
from bot.usecases.reports.digest import arm_digest, write_digest
from bot.usecases.tickets.ticket_views import view_all_tickets
from bot.usecases.tickets.triage.severity import decide_severity
from tests.usecases.conftest import MARCH_ENDS, MONDAY, Bureau

pytestmark = pytest.mark.both_stores(thorough="postgresql")

BATCH = 20
TICKETS = 30  # three steps each: several batches


async def fire_all(bureau: Bureau) -> int:
    rounds = 0
    while True:
        async with bureau.runtime.write() as desk:
            if not await fire_due(desk, limit=BATCH):
                return rounds
        rounds += 1


async def test_each_ticket_is_breached_once_over_several_batches(bureau: Bureau) -> None:
    for number in range(TICKETS):
        await bureau.says(f"Request {number}", user=f"U{number}")
        bureau.clock.advance(timedelta(seconds=1))
    bureau.clock.advance(timedelta(days=5))

    rounds = await fire_all(bureau)

    assert rounds == -(
        -TICKETS * 4 // BATCH
    )  # 75 %, due, two hours late, and late whatever its severity
    async with bureau.runtime.read() as desk:
        for ticket_view in await view_all_tickets(desk):
            kinds = [type(one.event) for one in await desk.work.history.of(ticket_view.ticket.id)]
            assert kinds == [Opened, Breached]
            assert ticket_view.breached_at == ticket_view.ticket.opened_at + timedelta(days=2)


async def test_the_digest_comes_after_all_batches_though_it_was_due_first(bureau: Bureau) -> None:
    async with bureau.runtime.write() as desk:
        await arm_digest(desk)
    bureau.clock.advance(timedelta(hours=22))  # an hour before the digest
    for number in range(TICKETS):
        await bureau.says(f"Request {number}", user=f"U{number}")
        bureau.clock.advance(timedelta(microseconds=1))
    bureau.clock.advance(timedelta(days=5))

    await fire_all(bureau)

    async with bureau.runtime.read() as desk:
        assert await desk.work.clocks.take_unreported(desk.now) == []  # the digest had them all


async def test_an_answer_leaves_no_step_to_fire(bureau: Bureau) -> None:
    await bureau.says("Our server is down")
    await bureau.says("We are on it", user="UDANA", at=MONDAY + timedelta(seconds=1))

    async with bureau.runtime.read() as desk:
        assert await desk.work.timers.next_due() == MARCH_ENDS  # the books wait for it


async def test_firing_again_does_nothing_again(bureau: Bureau) -> None:
    await bureau.says("Our server is down")
    bureau.clock.advance(timedelta(days=5))
    await fire_all(bureau)
    async with bureau.runtime.read() as desk:
        owed = await desk.work.outbox.backlog()

    assert await fire_all(bureau) == 0

    async with bureau.runtime.read() as desk:
        assert await desk.work.outbox.backlog() == owed


async def test_the_digest_is_due_again_after_it_was_written_and_never_twice_a_day(
    bureau: Bureau,
) -> None:
    nine = MONDAY + timedelta(hours=23)  # 09:00 in Karachi, on Tuesday
    async with bureau.runtime.write() as desk:
        await arm_digest(desk)
        assert await desk.work.timers.digest_due() == nine
    bureau.clock.set(nine)

    assert await fire_all(bureau) == 1

    async with bureau.runtime.read() as desk:
        assert await desk.work.timers.digest_due() == nine + timedelta(days=1)
        assert await desk.work.outbox.backlog() == 1


@pytest.mark.thorough
async def test_a_second_digest_on_one_day_swallows_no_breach(bureau: Bureau) -> None:
    """As when the hour of the digest is set to a later one."""
    async with bureau.runtime.write() as desk:
        await write_digest(desk)
    await bureau.says("Our server is down")
    bureau.clock.advance(timedelta(hours=5))
    async with bureau.runtime.write() as desk:
        ticket = await decide_severity(desk, "ACME-1", UserId("UDANA"), "critical")

    async with bureau.runtime.write() as desk:
        await write_digest(desk)

    async with bureau.runtime.read() as desk:
        assert await desk.work.clocks.take_unreported(desk.now) == [(ticket.id, "first_response:1")]


@pytest.mark.thorough
async def test_a_restart_leaves_an_overdue_digest_to_fire(bureau: Bureau) -> None:
    async with bureau.runtime.write() as desk:
        await arm_digest(desk)
        due_at = await desk.work.timers.digest_due()
    bureau.clock.advance(timedelta(days=3))

    async with bureau.runtime.write() as desk:
        await arm_digest(desk)
        assert await desk.work.timers.digest_due() == due_at


@pytest.mark.thorough
async def test_steps_of_a_clock_that_was_replaced_never_fire(bureau: Bureau) -> None:
    await bureau.says("Our server is down")
    async with bureau.runtime.write() as desk:
        await decide_severity(desk, "ACME-1", UserId("UDANA"), "low")
    bureau.clock.advance(timedelta(hours=5))

    assert await fire_all(bureau) == 0


@pytest.mark.thorough
async def test_a_digest_that_falls_due_twice_on_one_local_date_is_owed_once(
    bureau: Bureau,
) -> None:
    """As a time in the hour that autumn repeats does, or with two replicas."""
    for hours in (24, 25, 48):
        bureau.clock.set(MONDAY + timedelta(hours=hours))
        async with bureau.runtime.write() as desk:
            await write_digest(desk)
    async with bureau.runtime.read() as desk:
        assert await desk.work.outbox.backlog() == 2  # two dates
