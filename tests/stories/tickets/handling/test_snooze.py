"""A ticket that is out of its engineer's queue until some time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests import ids
from tests.story import MONDAY, Story, story


async def asked(tale: Story) -> tuple[str, str, str]:
    """A ticket of Dana's that nobody has answered; it is due at nine, UTC."""
    channel, ann = await tale.add_client()
    ts = await tale.says(ann, channel, "Our server is down")
    await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.TAKE)
    return channel, ts, ann


async def in_queue(tale: Story) -> bool:
    return "*ACME-1*" in await tale.asks(tale.dana, "")


async def chooses(tale: Story, what: str) -> None:
    choice = ids.more_choice("ACME-1", what)
    await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.MORE, choice)


async def test_until_then_it_is_out_of_the_queue_and_then_they_are_reminded(
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
        [told] = tale.pings_to(tale.dana)
        assert "*ACME-1* of Acme is back in your queue" in told
        assert await in_queue(tale)
        assert "Snoozed" not in tale.triage_card("ACME-1").plain()


async def test_its_clock_and_the_pings_take_no_notice(tmp_path: Path) -> None:
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
async def test_woken_before_nobody_is_reminded(tmp_path: Path, by: str) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)
        await tale.asks(tale.dana, "snooze ACME-1 2h")
        if by == "the client":
            await tale.says(ann, channel, "It is worse", thread_ts=ts)
        elif by == "the menu":
            await chooses(tale, ids.WAKE)
        else:
            said = await tale.asks(tale.eli, "snooze ACME-1 no")
            assert said == "ACME-1 sleeps no longer."
        assert await in_queue(tale)
        await tale.at(MONDAY + timedelta(hours=2))
        assert tale.pings_to(tale.dana) == []


async def test_thanks_wakes_nobody(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)
        await tale.asks(tale.dana, "snooze ACME-1 2h")
        await tale.says(ann, channel, "Thanks!", thread_ts=ts)
        assert not await in_queue(tale)


async def test_resolved_and_taken_up_again_it_is_awake(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        for words in ("severity ACME-1 low", "snooze ACME-1 3d", "resolve ACME-1 Done"):
            await tale.asks(tale.dana, words)
        await tale.asks(tale.dana, "reopen ACME-1")
        assert await in_queue(tale)
        before = tale.pings_to(tale.dana)
        await tale.at(MONDAY + timedelta(hours=72))
        assert not any("back in your queue" in one for one in tale.pings_to(tale.dana))
        assert before == []


@pytest.mark.thorough
async def test_snoozed_anew_the_last_time_counts(tmp_path: Path) -> None:
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
async def test_woken_while_the_bot_was_down_they_are_reminded_once_when_it_is_back(
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
async def test_whoever_has_it_then_is_reminded(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, _ = await asked(tale)
        await tale.says(tale.dana, channel, "On it", thread_ts=ts)
        await tale.asks(tale.dana, "snooze ACME-1 1h")
        await tale.asks(tale.mo, "assign ACME-1 @eli")
        told = len(tale.pings_to(tale.eli))
        await tale.forward(hours=1)
        assert "back in your queue" in tale.pings_to(tale.eli)[told]


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
async def test_what_is_no_time_to_come_is_refused(tmp_path: Path, words: str, because: str) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        assert because in await tale.asks(tale.dana, words)
        assert await in_queue(tale)


@pytest.mark.thorough
async def test_a_time_in_the_dialog_that_is_past_is_refused_beside_it(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        await chooses(tale, ids.SNOOZE)
        refused = await tale.fills_in(tale.dana, **{ids.UNTIL: int(MONDAY.timestamp()) - 60})
        assert "Choose a time that is still to come" in refused[ids.UNTIL]
