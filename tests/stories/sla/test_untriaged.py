"""A ticket without a severity, and the effects of a severity that it gets later."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.ids import UserId
from bot.domain.ticket_events import BreachCorrected, Breached
from bot.sandbox import Fault
from bot.usecases.due_timers import fire_due
from bot.usecases.tickets.triage.severity import decide_severity
from tests.story import MONDAY, Story, story

EARLIEST = MONDAY + timedelta(hours=4)  # Standard's critical
HIGH_DUE = MONDAY + timedelta(hours=8)
LAST = MONDAY + timedelta(days=2)  # Standard's low: two business days


def stamp(instant: datetime) -> str:
    """Return the beginning of the text of an instant on a card."""
    return f"<!date^{int(instant.timestamp())}^"


async def triaged(tale: Story, severity: str, by: str | None = None) -> None:
    card = tale.triage_card("ACME-1")
    await tale.presses(by or tale.dana, card, "triage_severity", f"ACME-1:{severity}")


async def test_an_untriaged_ticket_shows_the_earliest_deadline_of_its_plan(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Something is odd")

        card = tale.client_card(channel, ts).plain()

        assert f"First response by {stamp(EARLIEST)}" in card
        assert "Severity: not chosen yet, so your plan's earliest time is kept" in card


async def test_the_earliest_deadline_brings_a_warning_and_no_breach(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Something is odd")

        await tale.at(EARLIEST)

        assert (await tale.tickets())["ACME-1"]["breached"] is False
        warning = tale.pings_in_triage("ACME-1")[-1]
        assert "is late if it is Critical" in warning
        assert "Give it a severity" in warning
        assert tale.said_to_managers() == []


@pytest.mark.thorough
async def test_a_late_triage_as_critical_records_the_breach_at_its_true_instant(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Something is odd")
        await tale.forward(hours=6)

        await triaged(tale, "critical")

        assert (await tale.tickets())["ACME-1"]["breached"] is True
        [breach] = tale.said_to_managers()
        assert f"it was due {stamp(EARLIEST)}" in breach
        assert f"It was noticed {stamp(MONDAY + timedelta(hours=6))}" in breach
        [record] = [
            entry for entry in await tale.history("ACME-1") if isinstance(entry.event, Breached)
        ]
        assert record.at == EARLIEST


@pytest.mark.thorough
async def test_a_triage_as_low_after_the_warning_leaves_no_breach(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Something is odd")
        await tale.forward(hours=6)

        await triaged(tale, "low")
        await tale.says(tale.dana, channel, "Have a look at page 3", thread_ts=ts)
        await tale.at(LAST + timedelta(days=1))

        assert (await tale.tickets())["ACME-1"]["breached"] is False
        assert not any("missed" in text for text in tale.said_to_managers())


@pytest.mark.thorough
async def test_an_untriaged_ticket_is_a_breach_at_the_last_deadline_of_its_plan(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Something is odd")

        await tale.at(LAST - timedelta(seconds=1))
        assert (await tale.tickets())["ACME-1"]["breached"] is False

        await tale.at(LAST)
        assert (await tale.tickets())["ACME-1"]["breached"] is True
        assert "is late whatever its severity" in tale.pings_in_triage("ACME-1")[-1]
        [breach] = [
            entry for entry in await tale.history("ACME-1") if isinstance(entry.event, Breached)
        ]
        assert breach.at == LAST


@pytest.mark.thorough
async def test_a_triage_after_the_breach_moves_it_to_its_true_instant(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Something is odd")
        await tale.at(LAST + timedelta(minutes=1))

        await triaged(tale, "critical")
        await tale.forward(minutes=1)

        [breach] = [text for text in tale.said_to_managers() if "missed" in text]
        assert f"it was due {stamp(EARLIEST)}" in breach
        kinds = [type(entry.event) for entry in await tale.history("ACME-1")]
        assert kinds.count(Breached) == kinds.count(BreachCorrected) == 1


@pytest.mark.thorough
async def test_an_opening_message_that_arrives_after_the_breach_moves_it(tmp_path: Path) -> None:
    """ "Each bears its true instant": the clock ran from the first message, not from the reply
    that arrived days before it."""
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        tale.hold_back(1)
        for method in ("conversations.history", "conversations.replies"):
            tale.sandbox.faults.add(method, Fault.ERROR("internal_error"), times=None)
        ts = await tale.sandbox.post(ann, channel, "Something is odd")
        await tale.forward(hours=1)
        await tale.says(ann, channel, "It says: disk full", thread_ts=ts)
        await tale.at(LAST + timedelta(hours=2))
        before = [text for text in tale.said_to_managers() if "missed" in text]
        assert [f"it was due {stamp(LAST + timedelta(hours=1))}" in text for text in before] == [
            True
        ]

        await tale.delivered_newest_first()
        await tale.forward(minutes=1)

        [breach] = [text for text in tale.said_to_managers() if "missed" in text]
        assert f"it was due {stamp(LAST)}" in breach
        pings = tale.pings_in_triage("ACME-1")
        assert len(pings) == len(set(pings))


@pytest.mark.thorough
async def test_a_later_severity_decides_whether_the_answer_was_in_time(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Something is odd")
        await tale.forward(hours=5)
        await tale.says(tale.dana, channel, "Which server?", thread_ts=ts)
        assert (await tale.tickets())["ACME-1"]["breached"] is False

        await triaged(tale, "high")
        assert (await tale.tickets())["ACME-1"]["breached"] is False

        await triaged(tale, "critical")
        assert (await tale.tickets())["ACME-1"]["breached"] is True


@pytest.mark.thorough
async def test_a_higher_severity_brings_the_deadline_and_the_pings_forward(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Something is odd")
        await triaged(tale, "low")
        await tale.forward(hours=2)

        await triaged(tale, "high")
        await tale.at(MONDAY + timedelta(hours=6))  # 75 % of 8 hours, from the opening

        assert "is due in 2 h" in tale.pings_in_triage("ACME-1")[-1]
        assert (await tale.tickets())["ACME-1"]["due_at"] == "2026-03-09T13:00:00Z"


@pytest.mark.thorough
async def test_a_lower_severity_keeps_the_breach_and_sends_no_new_ping(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Something is odd")
        await triaged(tale, "critical")
        await tale.at(EARLIEST)
        pings = tale.pings_in_triage("ACME-1")

        await triaged(tale, "high")
        await tale.at(HIGH_DUE + timedelta(minutes=1))

        ticket = (await tale.tickets())["ACME-1"]
        assert ticket["breached"] is True
        assert tale.pings_in_triage("ACME-1") == pings
        assert len(tale.said_to_managers()) == 1


@pytest.mark.thorough
async def test_a_breach_stays_under_a_severity_without_a_clock(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client(plan="support-agreement")
        await tale.says(ann, channel, "The framework fails")
        await triaged(tale, "p1")
        await tale.forward(days=3)

        await triaged(tale, "p2")
        await tale.forward(days=3)

        ticket = (await tale.tickets())["ACME-1"]
        assert ticket["due_at"] is None
        assert ticket["breached"] is True


@pytest.mark.thorough
async def test_waiting_pings_are_dropped_when_their_clock_ends(tmp_path: Path) -> None:
    """They would delay every other message to the triage channel."""
    async with story(tmp_path) as tale, tale.running() as bot:
        channel, ann = await tale.add_client(plan="support-agreement")
        await tale.says(ann, channel, "The framework fails")
        tale.clock.advance(timedelta(days=2))
        async with bot.runtime.write() as desk:
            await fire_due(desk)
            await decide_severity(desk, "ACME-1", UserId(tale.dana), "p2")
        await tale.settle()
        await tale.says(ann, channel, "Another thing")

        assert tale.pings_in_triage("ACME-1") == []
        assert "ACME-2" in tale.triage_card("ACME-2").plain()
        assert tale.sandbox.calls("conversations.replies") == []  # nothing was in doubt
