"""Pings before and after the deadline of the first response."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.sandbox import Fault
from tests.ids import severity_choice
from tests.story import MONDAY, Story, story

WARNING = MONDAY + timedelta(hours=3)  # 75 % of Standard's 4 hours
DUE = MONDAY + timedelta(hours=4)
SECOND = timedelta(seconds=1)


async def critical(tale: Story, **client: str | None) -> tuple[str, str]:
    """Open ACME-1 as Critical on the plan; return the channel and the `ts` of the post."""
    plan = client.pop("plan", None) or "standard"
    channel, ann = await tale.add_client(plan=plan, engineer=client.get("engineer"))
    ts = await tale.says(ann, channel, "Our server is down")
    await tale.presses(ann, tale.client_card(channel, ts), "client_severity:critical")
    return channel, ts


async def test_the_warning_is_sent_at_three_quarters_of_the_clock(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        await critical(tale)

        await tale.at(WARNING - SECOND)
        assert tale.pings_in_triage("ACME-1") == []

        await tale.at(WARNING)
        [warning] = tale.pings_in_triage("ACME-1")
        assert "*ACME-1* (Acme, Critical) is due in 1 h" in warning
        assert "Nobody has this yet." in warning


async def test_every_ping_is_sent_once_despite_ticks_and_restarts(tmp_path: Path) -> None:
    async with story(tmp_path) as tale:
        async with tale.running():
            await critical(tale)
            await tale.presses(tale.dana, tale.triage_card("ACME-1"), "take")
            await tale.at(WARNING)
            await tale.forward(minutes=1)
        async with tale.running():
            await tale.settle()
            await tale.at(DUE)
            await tale.forward(seconds=5)
        async with tale.running():
            await tale.forward(hours=1)

        warning, due = tale.pings_in_triage("ACME-1")
        assert "is due in 1 h" in warning
        assert "is late" in due
        assert len(tale.pings_to(tale.dana)) == 2
        [breach] = tale.said_to_managers()
        assert "missed its first response" in breach


async def test_a_step_missed_during_downtime_sends_one_ping_that_says_so(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale:
        async with tale.running():
            await critical(tale)
        tale.clock.set(DUE + timedelta(minutes=30))
        async with tale.running():
            await tale.settle()

        [late] = tale.pings_in_triage("ACME-1")  # the warning would be outdated
        noticed = f"noticed <!date^{int((DUE + timedelta(minutes=30)).timestamp())}^"
        assert f"was due <!date^{int(DUE.timestamp())}^" in late
        assert noticed in late
        [breach] = tale.said_to_managers()
        assert noticed in breach


async def test_the_assignee_is_pinged_in_triage_and_directly(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await critical(tale)
        await tale.presses(tale.eli, tale.triage_card("ACME-1"), "take")

        await tale.at(WARNING)
        await tale.at(DUE)

        assert all(f"<@{tale.eli}>" in ping for ping in tale.pings_in_triage("ACME-1"))
        assert len(tale.pings_to(tale.eli)) == 2
        assert tale.pings_to(tale.dana) == []


async def test_standard_pings_no_named_engineer(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await critical(tale, engineer=tale.dana)

        await tale.at(DUE)

        assert tale.pings_to(tale.dana) == []
        assert "Nobody has this yet." in tale.pings_in_triage("ACME-1")[-1]


@pytest.mark.thorough
async def test_priority_pings_the_named_engineer_and_the_assignee(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        await critical(tale, plan="priority", engineer=tale.dana)
        await tale.at(MONDAY + timedelta(minutes=90))  # 75 % of Priority's 2 hours
        assert len(tale.pings_to(tale.dana)) == 1
        assert tale.pings_to(tale.eli) == []

        await tale.presses(tale.eli, tale.triage_card("ACME-1"), "take")
        await tale.at(MONDAY + timedelta(hours=2))

        assert len(tale.pings_to(tale.dana)) == 2
        assert len(tale.pings_to(tale.eli)) == 1
        assert f"<@{tale.dana}> <@{tale.eli}>" in tale.pings_in_triage("ACME-1")[-1]


@pytest.mark.thorough
async def test_managers_are_notified_of_a_breach_but_of_no_warning(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await critical(tale)

        await tale.at(DUE - SECOND)
        assert tale.said_to_managers() == []

        await tale.at(DUE)
        [breach] = tale.said_to_managers()
        assert "*ACME-1* (Acme, Critical) missed its first response" in breach
        assert f"<!date^{int(DUE.timestamp())}^" in breach
        assert tale.pings_to(tale.mo) == []


@pytest.mark.thorough
async def test_an_answer_after_the_warning_stops_all_later_pings(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts = await critical(tale)
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "take")
        await tale.at(WARNING)
        await tale.says(tale.dana, channel, "We are on it", thread_ts=ts)

        await tale.at(DUE)
        await tale.forward(hours=8)

        assert len(tale.pings_in_triage("ACME-1")) == 1
        assert len(tale.pings_to(tale.dana)) == 1
        assert tale.said_to_managers() == []


@pytest.mark.thorough
async def test_a_client_channel_never_contains_a_ping(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts = await critical(tale)

        await tale.forward(days=3)

        seen = [*tale.sandbox.messages(channel), *tale.thread(channel, ts)]
        assert len(seen) == 2  # the post and its card
        assert not any("late" in message.plain().casefold() for message in seen)


@pytest.mark.thorough
async def test_steps_during_a_slack_outage_become_one_ping_per_reader(
    tmp_path: Path,
) -> None:
    """A warning sent after the deadline would be outdated."""
    async with story(tmp_path) as tale, tale.running():
        await critical(tale)
        await tale.presses(tale.eli, tale.triage_card("ACME-1"), "take")
        failing = Fault.ERROR("internal_error")
        tale.sandbox.faults.add("chat.postMessage", failing, times=None)
        tale.sandbox.faults.add("conversations.open", failing, times=None)
        await wait_for_step(
            tale, WARNING, "SELECT 1 FROM outbox WHERE key LIKE '%:75\\%:%' ESCAPE '\\'"
        )
        await wait_for_step(tale, DUE, "SELECT 1 FROM outbox WHERE key LIKE '%:due:%'")
        tale.sandbox.faults.clear()
        await tale.recovers()

        [in_triage], [directly] = tale.pings_in_triage("ACME-1"), tale.pings_to(tale.eli)
        assert "is late. It was due" in in_triage
        assert "is late. It was due" in directly
        assert len([text for text in tale.said_to_managers() if "missed" in text]) == 1


async def wait_for_step(tale: Story, at: datetime, unsent: str) -> None:
    """Set the clock and wait until the ping is in the outbox, unsent."""
    assert tale.bot is not None
    tale.clock.set(at)
    tale.bot.runtime.on_armed(at - timedelta(days=1))
    await tale.waits_for(unsent)


@pytest.mark.thorough
async def test_an_unsent_ping_is_dropped_when_the_deadline_moves_later(tmp_path: Path) -> None:
    """An untriaged ticket has the earliest deadline; staff set a later deadline before the ping."""
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client(plan="standard", engineer=tale.dana)
        await tale.says(ann, channel, "Our server is down")
        refused = Fault.ERROR("internal_error")
        tale.sandbox.faults.add("chat.postMessage", refused, times=100)
        tale.clock.set(DUE)
        await tale.waits_for("SELECT 1 FROM outbox WHERE kind = 'ping'")
        await tale.presses(
            tale.dana,
            tale.triage_card("ACME-1"),
            "triage_severity",
            severity_choice("ACME-1", "low"),
        )
        tale.sandbox.faults.clear()
        await tale.settle()
        assert tale.pings_in_triage("ACME-1") == []
        assert tale.pings_to(tale.dana) == []
