"""The machine's clock is wrong for a while, by a second up to a day.

Slack's clock, which dates the messages, is right all the time.
"""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.ids import TicketId
from bot.sandbox import Fault
from bot.time_source import TimeSource
from tests.story import MONDAY, Story, story

STEPS = [
    timedelta(seconds=1),
    timedelta(seconds=-1),
    timedelta(minutes=5),
    timedelta(minutes=-5),
    timedelta(days=1),
    timedelta(days=-1),
]
both_stores = pytest.mark.both_stores(thorough="postgresql")
each_step = pytest.mark.parametrize("step", STEPS, ids=str)


class Machine:
    """The clock of the machine on which the bot runs."""

    def __init__(self, right: TimeSource) -> None:
        self._right = right
        self.wrong_by = timedelta(0)

    def now(self) -> datetime:
        return self._right.now() + self.wrong_by


def machine_of(tale: Story) -> Machine:
    machine = Machine(tale.clock)
    tale.bot_clock = machine
    return machine


async def critical(tale: Story, channel: str, person: str) -> str:
    """Report a problem with a target of two hours around the clock; return its `ts`."""
    ts = await tale.says(person, channel, "Our server is down")
    await tale.presses(tale.dana, tale.client_card(channel, ts), "client_severity:critical")
    return ts


@both_stores
@each_step
async def test_messages_that_wait_at_a_time_step_are_sent_once_within_a_minute(
    tmp_path: Path, step: timedelta
) -> None:
    async with story(tmp_path) as tale:
        machine = machine_of(tale)
        async with tale.running():
            channel, ann = await tale.add_client(plan="enterprise", engineer=tale.dana)
            tale.sandbox.faults.add(
                "chat.postMessage",
                Fault.RATE_LIMITED(30),
                times=None,
                during=(MONDAY, MONDAY + timedelta(seconds=1)),
            )
            ts = await tale.sandbox.post(ann, channel, "Our server is down")
            await tale.waits_for(
                "SELECT count(*) FROM outbox GROUP BY error HAVING count(error) = 2"
            )
            machine.wrong_by = step
            eve = tale.sandbox.add_user("Eve")
            tale.sandbox.join(eve, channel)
            later = await tale.sandbox.post(eve, channel, "The printer is on fire")
            await tale.forward(minutes=1)

            assert "ACME-1" in tale.client_card(channel, ts).plain()
            assert "ACME-2" in tale.client_card(channel, later).plain()
            assert len(tale.triage_cards()) == 2


@pytest.mark.thorough
@both_stores
@each_step
async def test_a_message_whose_response_is_lost_under_a_wrong_clock_is_sent_once(
    tmp_path: Path, step: timedelta
) -> None:
    async with story(tmp_path) as tale:
        machine = machine_of(tale)
        async with tale.running():
            channel, ann = await tale.add_client()
            machine.wrong_by = step
            tale.sandbox.faults.add("chat.postMessage", Fault.RESET_AFTER, times=2)
            ts = await tale.says(ann, channel, "Our server is down")
            machine.wrong_by = timedelta(0)
            await tale.forward(minutes=1)

            assert "ACME-1" in tale.client_card(channel, ts).plain()
            assert len(tale.triage_cards()) == 1


@pytest.mark.thorough
@both_stores
@each_step
async def test_a_breach_is_reported_once_with_its_true_instant_despite_time_steps(
    tmp_path: Path, step: timedelta
) -> None:
    async with story(tmp_path) as tale:
        machine = machine_of(tale)
        async with tale.running() as bot:
            channel, ann = await tale.add_client(plan="enterprise", engineer=tale.dana)
            await critical(tale, channel, ann)
            for wrong_by in (step, timedelta(0), step, timedelta(0)):
                machine.wrong_by = wrong_by
                await tale.forward(minutes=5)
            await tale.at(MONDAY + timedelta(hours=3))

            breaches = [text for text in tale.said_to_managers() if text.startswith("*ACME-1*")]
            assert len(breaches) == 1
            async with bot.runtime.read() as desk:
                [first, *_] = await desk.work.clocks.of(TicketId(1))
            assert first.breached_at == MONDAY + timedelta(hours=2)
            assert (await tale.tickets())["ACME-1"]["breached"] is True


@pytest.mark.thorough
@both_stores
@each_step
async def test_a_target_met_under_a_wrong_clock_is_no_breach_in_the_end(
    tmp_path: Path, step: timedelta
) -> None:
    async with story(tmp_path) as tale:
        machine = machine_of(tale)
        async with tale.running():
            channel, ann = await tale.add_client(plan="enterprise", engineer=tale.dana)
            machine.wrong_by = step
            ts = await critical(tale, channel, ann)
            await tale.forward(minutes=5)
            await tale.says(tale.dana, channel, "We are on it", thread_ts=ts)
            machine.wrong_by = timedelta(0)
            await tale.at(MONDAY + timedelta(hours=3))

            ticket = (await tale.tickets())["ACME-1"]
            assert ticket["breached"] is False
            assert ticket["first_response_at"].startswith("2026-03-09T05:05:00")
            assert not [outcome for outcome in tale.delivered() if "parked" in outcome]
