"""A snoozed ticket is hidden from the queue of its assignee until a given time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests import ids
from tests.story import MONDAY, Story, story


async def asked(tale: Story) -> tuple[str, str, str]:
    """Open a ticket and assign it to Dana; it is due at 09:00 UTC."""
    channel, ann = await tale.add_client()
    ts = await tale.says(ann, channel, "Our server is down")
    await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.TAKE)
    return channel, ts, ann


async def in_queue(tale: Story) -> bool:
    return "*ACME-1*" in await tale.asks(tale.dana, "")


async def chooses(tale: Story, what: str) -> None:
    choice = ids.more_choice("ACME-1", what)
    await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.MORE, choice)


async def test_a_snoozed_ticket_leaves_the_queue_until_its_reminder(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        until = MONDAY + timedelta(hours=2)

        await chooses(tale, ids.SNOOZE)
        assert await tale.fills_in(tale.dana, **{ids.UNTIL: int(until.timestamp())}) == {}

        assert not await in_queue(tale)
        assert "Snoozed until <!date" in tale.triage_card("ACME-1").plain()
        await tale.at(until - timedelta(seconds=1))
        assert tale.pings_to(tale.dana) == []
        await tale.at(until)
        [ping] = tale.pings_to(tale.dana)
        assert "*ACME-1* of Acme is back in your queue" in ping
        assert await in_queue(tale)
        assert "Snoozed" not in tale.triage_card("ACME-1").plain()


async def test_a_snooze_leaves_the_clock_and_the_pings_unchanged(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        await tale.asks(tale.dana, "severity ACME-1 critical")
        await tale.asks(tale.dana, "snooze ACME-1 2d")
        await tale.at(MONDAY + timedelta(hours=3))
        [warned] = tale.pings_to(tale.dana)
        assert "is due in 1 h" in warned
        assert await in_queue(tale)  # it is at risk
        await tale.at(MONDAY + timedelta(hours=5))
        assert await in_queue(tale)  # it is late
        assert (await tale.tickets())["ACME-1"]["breached"] is True


@pytest.mark.parametrize("by", ["the client", "the menu", "/desk"])
async def test_a_snooze_that_is_ended_early_sends_no_reminder(tmp_path: Path, by: str) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)
        await tale.asks(tale.dana, "snooze ACME-1 2h")
        if by == "the client":
            await tale.says(ann, channel, "It is worse", thread_ts=ts)
        elif by == "the menu":
            await chooses(tale, ids.WAKE)
        else:
            answer = await tale.asks(tale.eli, "snooze ACME-1 no")
            assert answer == "ACME-1 sleeps no longer."
        assert await in_queue(tale)
        await tale.at(MONDAY + timedelta(hours=2))
        assert tale.pings_to(tale.dana) == []


async def test_thanks_do_not_end_a_snooze(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)
        await tale.asks(tale.dana, "snooze ACME-1 2h")
        await tale.says(ann, channel, "Thanks!", thread_ts=ts)
        assert not await in_queue(tale)


async def test_a_reopened_ticket_is_no_longer_snoozed(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        for words in ("severity ACME-1 low", "snooze ACME-1 3d", "resolve ACME-1 Done"):
            await tale.asks(tale.dana, words)
        await tale.asks(tale.dana, "reopen ACME-1")
        assert await in_queue(tale)
        before = tale.pings_to(tale.dana)
        await tale.at(MONDAY + timedelta(hours=72))
        assert not any("back in your queue" in ping for ping in tale.pings_to(tale.dana))
        assert before == []


@pytest.mark.thorough
async def test_a_second_snooze_replaces_the_first(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, _ = await asked(tale)
        await tale.says(tale.dana, channel, "On it", thread_ts=ts)
        await tale.asks(tale.dana, "snooze ACME-1 1h")
        await tale.asks(tale.dana, "snooze ACME-1 tomorrow")
        await tale.at(MONDAY + timedelta(hours=2))
        assert tale.pings_to(tale.dana) == []
        await tale.at(datetime(2026, 3, 10, 4, 0, tzinfo=UTC))  # nine in Karachi
        assert len(tale.pings_to(tale.dana)) == 1


@pytest.mark.thorough
async def test_a_snooze_that_ends_during_downtime_sends_one_reminder(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale:
        async with tale.running():
            channel, ts, _ = await asked(tale)
            await tale.says(tale.dana, channel, "On it", thread_ts=ts)
            await tale.asks(tale.dana, "snooze ACME-1 1h")
        tale.clock.advance(timedelta(hours=9))
        for _ in range(2):
            async with tale.running():
                await tale.settle()
        assert len(tale.pings_to(tale.dana)) == 1


@pytest.mark.thorough
async def test_the_snooze_reminder_goes_to_the_current_assignee(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, _ = await asked(tale)
        await tale.says(tale.dana, channel, "On it", thread_ts=ts)
        await tale.asks(tale.dana, "snooze ACME-1 1h")
        await tale.asks(tale.mo, "assign ACME-1 @eli")
        earlier_count = len(tale.pings_to(tale.eli))
        await tale.forward(hours=1)
        assert "back in your queue" in tale.pings_to(tale.eli)[earlier_count]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("words", "because"),
    [
        ("snooze ACME-1", "Say until when"),
        ("snooze ACME-1 soon", "“soon” is not a time: write it like 2h"),
        ("snooze ACME-1 2026-03-09 09:59", "Choose a time that is still to come"),
        ("snooze ACME-1 2999-01-01", "within a year"),
        ("snooze ACME-1 2026-02-30", "is not a time"),
    ],
)
async def test_an_invalid_snooze_time_is_refused(tmp_path: Path, words: str, because: str) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        assert because in await tale.asks(tale.dana, words)
        assert await in_queue(tale)


@pytest.mark.thorough
async def test_the_snooze_dialog_refuses_a_past_time(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        await chooses(tale, ids.SNOOZE)
        refused = await tale.fills_in(tale.dana, **{ids.UNTIL: int(MONDAY.timestamp()) - 60})
        assert "Choose a time that is still to come" in refused[ids.UNTIL]
