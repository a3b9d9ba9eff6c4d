"""Managers record the cause of a breach, and a weekly digest counts the causes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.ticket_events import CauseRecorded
from tests import ids
from tests.stories.reports.test_digest import critical, digests, part
from tests.story import MONDAY, Story, story

DUE = MONDAY + timedelta(hours=4)  # the target of Standard for Critical


async def late(tale: Story) -> None:
    """Let Dana take ACME-1 and answer it twenty minutes late."""
    channel, ts = await critical(tale)
    await tale.asks(tale.eli, "severity ACME-1 critical")
    await tale.forward(hours=1)
    await tale.asks(tale.dana, "take ACME-1")
    await tale.at(DUE + timedelta(minutes=20))
    await tale.says(tale.dana, channel, "We are on it", thread_ts=ts)


async def test_the_cause_dialog_shows_the_history_in_five_lines(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await late(tale)
        [breach] = [
            message for message in tale.sandbox.messages(tale.managers) if "missed" in message.text
        ]
        await tale.presses(tale.mo, breach, ids.LATE_WHY)
        view = tale.sandbox.views_open(tale.mo)[-1]
        lines = str(view.blocks[0]["text"]["text"]).splitlines()
        assert len(lines) == 5
        assert "*ACME-1* (Critical) was opened by" in lines[0]
        assert f"was given a severity by <@{tale.eli}>" in lines[1]
        assert f"was taken by <@{tale.dana}>" in lines[2]
        assert f"<!date^{int(DUE.timestamp())}^" in lines[3]
        assert lines[4].endswith(f"that was done by <@{tale.dana}>, 20 min late")

        given = {ids.CAUSE: "nobody-free", ids.WORDS: "Two were ill."}
        assert await tale.fills_in(tale.mo, **given) == {}
        answer = await tale.asks(tale.mo, "cause ACME-1")
        assert "*The cause*: nobody was free: Two were ill." in answer
        [event] = [
            entry
            for entry in await tale.history("ACME-1")
            if isinstance(entry.event, CauseRecorded)
        ]
        assert isinstance(event.event, CauseRecorded)
        assert event.event.changes.cause is not None
        assert event.event.changes.cause.after == "nobody-free"


@pytest.mark.thorough
async def test_the_cause_of_an_unanswered_ticket_can_be_recorded_once_it_is_late(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        await critical(tale)
        refused = await tale.asks(tale.mo, "cause ACME-1 unseen")
        assert refused.startswith("ACME-1 has broken no promise")
        await tale.at(DUE + timedelta(hours=3))
        answer = await tale.asks(tale.mo, "cause ACME-1")
        assert "• Now: it is not done yet, 3 h late" in answer
        assert "*/desk cause ACME-1 unseen|nobody-free|" in answer
        assert (await tale.asks(tale.mo, "cause ACME-1 weather")).startswith(
            "Choose a cause: unseen"
        )
        assert await tale.asks(tale.mo, "cause ACME-1 unseen") == (
            "ACME-1 was late: nobody saw it in time."
        )


@pytest.mark.thorough
async def test_the_first_digest_of_a_week_counts_causes(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        await late(tale)
        await critical(tale, name="Globex")
        await tale.forward(hours=5)
        await tale.asks(tale.mo, "cause ACME-1 waited The vendor of the database")
        friday = datetime(2026, 3, 13, 4, 0, tzinfo=UTC)
        await tale.at(friday)
        assert "Causes" not in digests(tale)[-1]
        await tale.at(friday + timedelta(days=3))
        title = "Causes of last week's breaches"
        counted = part(digests(tale)[-1], title).strip().splitlines()
        assert counted == [
            "• 1 × nobody has said why yet (*/desk cause KEY*)",
            "• 1 × it waited for somebody else",
        ]
        week = await tale.asks_whole(tale.mo, "digest week")
        assert "1 × it waited for somebody else" in str(week["blocks"])
        await tale.at(friday + timedelta(days=10))
        assert "Causes" not in digests(tale)[-1]
