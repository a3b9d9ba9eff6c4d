"""Tests many steps that are due at the same time, as after an outage."""

from datetime import timedelta

import pytest

from bot.domain.ids import UserId
from bot.domain.ticket_events import Breached, Opened
from bot.usecases.due_timers import fire_due
from bot.usecases.reports.digest import arm_digest, write_digest
from bot.usecases.tickets.ticket_views import view_all_tickets
from bot.usecases.tickets.triage.severity import decide_severity
from tests.usecases.conftest import MARCH_ENDS, MONDAY, Office

pytestmark = pytest.mark.both_stores(thorough="postgresql")

BATCH = 20
TICKETS = 30  # three steps each: several batches


async def fire_all(office: Office) -> int:
    rounds = 0
    while True:
        async with office.runtime.write() as desk:
            if not await fire_due(desk, limit=BATCH):
                return rounds
        rounds += 1


async def test_each_ticket_is_breached_once_over_several_batches(office: Office) -> None:
    for number in range(TICKETS):
        await office.post(f"Request {number}", user=f"U{number}")
        office.clock.advance(timedelta(seconds=1))
    office.clock.advance(timedelta(days=5))

    rounds = await fire_all(office)

    # The steps are 75%, due, two hours overdue, and the last deadline of all severities.
    assert rounds == -(-TICKETS * 4 // BATCH)
    async with office.runtime.read() as desk:
        for ticket_view in await view_all_tickets(desk):
            kinds = [
                type(event.event) for event in await desk.work.history.of(ticket_view.ticket.id)
            ]
            assert kinds == [Opened, Breached]
            assert ticket_view.breached_at == ticket_view.ticket.opened_at + timedelta(days=2)


async def test_a_digest_is_written_after_all_batches_of_due_steps(office: Office) -> None:
    async with office.runtime.write() as desk:
        await arm_digest(desk)
    office.clock.advance(timedelta(hours=22))  # an hour before the digest
    for number in range(TICKETS):
        await office.post(f"Request {number}", user=f"U{number}")
        office.clock.advance(timedelta(microseconds=1))
    office.clock.advance(timedelta(days=5))

    await fire_all(office)

    async with office.runtime.read() as desk:
        # The digest reported all breaches.
        assert await desk.work.clocks.take_unreported(desk.now) == []


async def test_a_first_response_leaves_no_step_to_fire(office: Office) -> None:
    await office.post("Our server is down")
    await office.post("We are on it", user="UDANA", at=MONDAY + timedelta(seconds=1))

    async with office.runtime.read() as desk:
        assert await desk.work.timers.next_due() == MARCH_ENDS  # the statement of March


async def test_firing_again_sends_nothing(office: Office) -> None:
    await office.post("Our server is down")
    office.clock.advance(timedelta(days=5))
    await fire_all(office)
    async with office.runtime.read() as desk:
        before = await desk.work.outbox.backlog()

    assert await fire_all(office) == 0

    async with office.runtime.read() as desk:
        assert await desk.work.outbox.backlog() == before


async def test_after_a_digest_the_next_digest_is_due_the_next_day(office: Office) -> None:
    nine_o_clock = MONDAY + timedelta(hours=23)  # 09:00 in Karachi, on Tuesday
    async with office.runtime.write() as desk:
        await arm_digest(desk)
        assert await desk.work.timers.digest_due() == nine_o_clock
    office.clock.set(nine_o_clock)

    assert await fire_all(office) == 1

    async with office.runtime.read() as desk:
        assert await desk.work.timers.digest_due() == nine_o_clock + timedelta(days=1)
        assert await desk.work.outbox.backlog() == 1


@pytest.mark.thorough
async def test_a_second_digest_on_the_same_day_takes_no_breach(office: Office) -> None:
    """The hour of the digest can be set to a later hour."""
    async with office.runtime.write() as desk:
        await write_digest(desk)
    await office.post("Our server is down")
    office.clock.advance(timedelta(hours=5))
    async with office.runtime.write() as desk:
        ticket = await decide_severity(desk, "ACME-1", UserId("UDANA"), "critical")

    async with office.runtime.write() as desk:
        await write_digest(desk)

    async with office.runtime.read() as desk:
        assert await desk.work.clocks.take_unreported(desk.now) == [(ticket.id, "first_response:1")]


@pytest.mark.thorough
async def test_an_overdue_digest_is_still_due_after_a_restart(office: Office) -> None:
    async with office.runtime.write() as desk:
        await arm_digest(desk)
        due_at = await desk.work.timers.digest_due()
    office.clock.advance(timedelta(days=3))

    async with office.runtime.write() as desk:
        await arm_digest(desk)
        assert await desk.work.timers.digest_due() == due_at


@pytest.mark.thorough
async def test_steps_of_a_replaced_clock_never_fire(office: Office) -> None:
    await office.post("Our server is down")
    async with office.runtime.write() as desk:
        await decide_severity(desk, "ACME-1", UserId("UDANA"), "low")
    office.clock.advance(timedelta(hours=5))

    assert await fire_all(office) == 0


@pytest.mark.thorough
async def test_a_digest_due_twice_on_the_same_local_date_is_written_once(office: Office) -> None:
    """A digest is due twice in the hour that autumn repeats, or with two replicas."""
    for hours in (24, 25, 48):
        office.clock.set(MONDAY + timedelta(hours=hours))
        async with office.runtime.write() as desk:
            await write_digest(desk)
    async with office.runtime.read() as desk:
        assert await desk.work.outbox.backlog() == 2  # two dates
