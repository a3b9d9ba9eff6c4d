"""Tests that the ticker fires each due timer once, also after crashes and outages."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.slack_ts import MessageTs
from tests.story import MONDAY, Story, story


def fired_count(tale: Story) -> int:
    [(count,)] = tale.rows("SELECT count(*) FROM timers WHERE fired_at IS NOT NULL")
    return int(count)


async def until_fired(tale: Story, count: int) -> None:
    async with asyncio.timeout(15):
        while fired_count(tale) < count:  # noqa: ASYNC110 (the store has no event for it)
            await asyncio.sleep(0.01)


async def open_critical_tickets(tale: Story, count: int) -> None:
    """Open critical tickets with a target of two hours around the clock."""
    channel, ann = await tale.add_client(plan="enterprise", engineer=tale.dana)
    for _ in range(count):
        ts = await tale.says(ann, channel, "Our server is down")
        card = tale.client_card(channel, ts)
        await tale.presses(tale.dana, card, "client_severity:critical")
        tale.clock.advance(timedelta(minutes=6))


async def test_each_step_of_several_clocks_fires_once(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await open_critical_tickets(tale, 4)
        for _ in range(12):
            await tale.forward(minutes=15)
        to_dana = "\n".join(message.text for message in tale.sandbox.direct_messages(tale.dana))
        for number in range(1, 5):
            [(steps,)] = tale.rows(
                "SELECT count(*) FROM timers WHERE ticket_id = ? AND fired_at IS NOT NULL", number
            )
            assert steps >= 5  # two until it is due, then a step each half hour
            assert to_dana.count(f"*ACME-{number}*") == steps
        to_managers = "\n".join(message.text for message in tale.sandbox.messages(tale.managers))
        assert to_managers.count(" missed its ") == 4


async def test_a_crashing_timer_is_skipped_and_the_others_fire(tmp_path: Path) -> None:
    """The oldest of three tickets has a timer with an unknown step."""
    async with story(tmp_path) as tale, tale.running():
        await open_critical_tickets(tale, 3)
        tale.rows("UPDATE timers SET step = 'unheard of' WHERE ticket_id = 1")
        tale.clock.advance(timedelta(hours=2))
        assert tale.bot is not None
        async with tale.bot.runtime.write() as desk:
            await desk.work.timers.arm_digest(desk.now + timedelta(seconds=1))
        tale.clock.advance(timedelta(seconds=1))
        async with tale.bot.runtime.write() as desk:
            await desk.work.timers.arm_digest(desk.now)  # wakes the ticker
        await until_fired(tale, 7)
        assert fired_count(tale) == 7  # two tickets' warnings and deadlines, and the digest


@pytest.mark.thorough
async def test_after_an_outage_only_the_last_missed_step_is_sent(tmp_path: Path) -> None:
    async with story(tmp_path) as tale:
        async with tale.running():
            await open_critical_tickets(tale, 1)
        tale.clock.advance(timedelta(hours=5))
        async with tale.running():
            await tale.settle()
            [direct] = tale.sandbox.direct_messages(tale.dana)
            assert "ACME-1" in direct.plain()
            assert len(tale.sandbox.messages(tale.managers)) == 1
            ticket = (await tale.tickets())["ACME-1"]
            assert ticket["breached"] is True


@pytest.mark.thorough
async def test_a_report_delivered_after_its_deadline_is_breached_at_once(tmp_path: Path) -> None:
    """The bot was away when the client wrote it; Slack delivers it nine days later."""
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client(plan="standard")
        tale.clock.set(MONDAY + timedelta(days=9))
        ts: str = await tale.sandbox.post(ann, channel, "Our server is down", at=MONDAY)
        await tale.settle()

        assert ts.partition(".")[0] == str(MessageTs.at(MONDAY)).partition(".")[0]
        ticket = (await tale.tickets())["ACME-1"]
        assert ticket["breached"] is True
        assert len(tale.sandbox.messages(tale.managers)) >= 1
