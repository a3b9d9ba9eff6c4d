"""A ticket that nobody has given a severity yet, and what happens when somebody does."""

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
    """How a card begins to write an instant."""
    return f"<!date^{int(instant.timestamp())}^"


async def triaged(tale: Story, severity: str, by: str | None = None) -> None:
    card = tale.triage_card("ACME-1")
    await tale.presses(by or tale.dana, card, "triage_severity", f"ACME-1:{severity}")


async def test_the_plans_earliest_clock_is_kept_and_shown(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Something is odd")

        card = tale.client_card(channel, ts).plain()

        assert f"First response by {stamp(EARLIEST)}" in card
        assert "Severity: not chosen yet, so your plan's earliest time is kept" in card


async def test_past_the_earliest_deadline_it_is_an_alarm_and_no_breach_yet(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Something is odd")

        await tale.at(EARLIEST)

        assert (await tale.tickets())["ACME-1"]["breached"] is False
        alarm = tale.pings_in_triage("ACME-1")[-1]
        assert "is late if it is Critical" in alarm
        assert "Give it a severity" in alarm
        assert tale.said_to_managers() == []


@pytest.mark.thorough
async def test_triaged_critical_late_the_breach_bears_its_true_instant(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Something is odd")
        await tale.forward(hours=6)

        await triaged(tale, "critical")

        assert (await tale.tickets())["ACME-1"]["breached"] is True
        [breach] = tale.said_to_managers()
        assert f"it was due {stamp(EARLIEST)}" in breach
        assert f"It was noticed {stamp(MONDAY + timedelta(hours=6))}" in breach
        [record] = [one for one in await tale.history("ACME-1") if isinstance(one.event, Breached)]
        assert record.at == EARLIEST


@pytest.mark.thorough
async def test_triaged_low_in_time_the_alarm_was_all(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Something is odd")
        await tale.forward(hours=6)

        await triaged(tale, "low")
        await tale.says(tale.dana, channel, "Have a look at page 3", thread_ts=ts)
        await tale.at(LAST + timedelta(days=1))

        assert (await tale.tickets())["ACME-1"]["breached"] is False
        assert not any("missed" in said for said in tale.said_to_managers())


@pytest.mark.thorough
async def test_never_triaged_it_is_a_breach_at_the_last_of_the_plans_deadlines(
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
        [breach] = [one for one in await tale.history("ACME-1") if isinstance(one.event, Breached)]
        assert breach.at == LAST


@pytest.mark.thorough
async def test_triaged_after_that_the_breach_moves_to_its_true_instant_and_is_told_once(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Something is odd")
        await tale.at(LAST + timedelta(minutes=1))

        await triaged(tale, "critical")
        await tale.forward(minutes=1)

        [told] = [one for one in tale.said_to_managers() if "missed" in one]
        assert f"it was due {stamp(EARLIEST)}" in told
        kinds = [type(one.event) for one in await tale.history("ACME-1")]
        assert kinds.count(Breached) == kinds.count(BreachCorrected) == 1


@pytest.mark.thorough
async def test_a_beginning_that_comes_after_the_breach_moves_it_too(tmp_path: Path) -> None:
    """ "Each bears its true instant": the clock ran from the first message, not from the reply
    that overtook it by days."""
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        tale.hold_back(1)
        for method in ("conversations.history", "conversations.replies"):
            tale.sandbox.faults.add(method, Fault.ERROR("internal_error"), times=None)
        ts = await tale.sandbox.post(ann, channel, "Something is odd")
        await tale.forward(hours=1)
        await tale.says(ann, channel, "It says: disk full", thread_ts=ts)
        await tale.at(LAST + timedelta(hours=2))
        before = [one for one in tale.said_to_managers() if "missed" in one]
        assert [f"it was due {stamp(LAST + timedelta(hours=1))}" in one for one in before] == [True]

        await tale.delivered_newest_first()
        await tale.forward(minutes=1)

        [told] = [one for one in tale.said_to_managers() if "missed" in one]
        assert f"it was due {stamp(LAST)}" in told
        said = tale.pings_in_triage("ACME-1")
        assert len(said) == len(set(said))


@pytest.mark.thorough
async def test_answered_untriaged_the_severity_given_later_judges_the_answer(
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
async def test_raising_brings_the_deadline_forward_and_pings_by_it(tmp_path: Path) -> None:
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
async def test_lowering_never_erases_a_breach_nor_warns_of_it_anew(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Something is odd")
        await triaged(tale, "critical")
        await tale.at(EARLIEST)
        said = tale.pings_in_triage("ACME-1")

        await triaged(tale, "high")
        await tale.at(HIGH_DUE + timedelta(minutes=1))

        ticket = (await tale.tickets())["ACME-1"]
        assert ticket["breached"] is True
        assert tale.pings_in_triage("ACME-1") == said
        assert len(tale.said_to_managers()) == 1


@pytest.mark.thorough
async def test_a_breach_outlives_even_a_severity_without_a_clock(tmp_path: Path) -> None:
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
async def test_pings_still_on_their_way_are_dropped_when_the_clock_goes(tmp_path: Path) -> None:
    """They would hold up everything else that is owed to the triage channel."""
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
