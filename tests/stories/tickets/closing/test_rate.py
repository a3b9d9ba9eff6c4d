"""A client rates a resolved ticket from 1 to 5."""

from copy import deepcopy
from pathlib import Path

import pytest

from bot.domain.ticket_events import Rated
from tests import ids
from tests.story import Story, story


async def resolved(tale: Story) -> tuple[str, str, str]:
    channel, ann = await tale.add_client()
    ts = await tale.says(ann, channel, "Our server is down")
    await tale.asks(tale.dana, "severity ACME-1 low")
    await tale.asks(tale.dana, "resolve ACME-1 Restarted")
    return channel, ts, ann


async def rating(tale: Story) -> list[int | None]:
    """Return the ratings in the history, oldest first."""
    history = await tale.history("ACME-1")
    rated = [entry.event.changes.rating for entry in history if isinstance(entry.event, Rated)]
    return [change.after for change in rated if change is not None]


@pytest.mark.parametrize("where", [0, 1])
async def test_a_rating_on_the_card_or_the_note_is_visible_to_staff(
    tmp_path: Path, where: int
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await resolved(tale)
        assert "How well did we do?" in tale.thread(channel, ts)[0].plain()

        await tale.presses(ann, tale.thread(channel, ts)[where], ids.rate(4))

        assert tale.whispers(ann) == ["Thank you: you gave ACME-1 4 of 5."]
        assert "You gave it 4 of 5" in tale.thread(channel, ts)[0].plain()
        assert "The client's rating: *4 of 5*" in tale.triage_card("ACME-1").plain()


@pytest.mark.thorough
async def test_a_rating_can_be_changed_and_the_history_keeps_both(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await resolved(tale)
        for given in (2, 5, 5):
            await tale.presses(ann, tale.thread(channel, ts)[0], ids.rate(given))
        assert await rating(tale) == [2, 5]
        assert "You gave it 5 of 5" in tale.thread(channel, ts)[0].plain()


@pytest.mark.thorough
async def test_an_open_ticket_cannot_be_rated_until_it_is_resolved_again(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await resolved(tale)
        await tale.presses(ann, tale.thread(channel, ts)[0], ids.rate(1))
        old = deepcopy(tale.thread(channel, ts)[1])
        await tale.presses(ann, tale.thread(channel, ts)[0], ids.NOT_SOLVED)

        await tale.presses_on_screen(ann, old, ids.rate(3))

        assert tale.whispers(ann)[-1] == "ACME-1 is open now: rate it once it is resolved."
        assert await rating(tale) == [1]
        await tale.asks(tale.dana, "resolve ACME-1 A new disk")
        assert "How well did we do?" in tale.thread(channel, ts)[0].plain()
