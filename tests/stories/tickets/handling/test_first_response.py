"""Which message counts as the first response, by place and time."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.actor import Staff
from bot.domain.ids import UserId
from bot.domain.ticket_events import Breached, BreachWithdrawn, Change, FirstResponse, StaffWrote
from tests.story import MONDAY, Story, story

DUE = MONDAY + timedelta(hours=4)


async def critical(tale: Story) -> tuple[str, str, str]:
    """Open ACME-1 as Critical; return the channel, the `ts` of the post and its author."""
    channel, ann = await tale.add_client()
    ts = await tale.says(ann, channel, "Our server is down")
    await tale.presses(ann, tale.client_card(channel, ts), "client_severity:critical")
    return channel, ts, ann


async def answered_at(tale: Story, key: str = "ACME-1") -> datetime | None:
    at = (await tale.tickets())[key]["first_response_at"]
    return datetime.fromisoformat(at) if at else None


async def test_a_reply_from_triage_has_the_engineers_name_and_is_the_first_response(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, _ = await critical(tale)
        await tale.forward(hours=1)

        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "reply")
        assert await tale.replies(tale.dana, "We restart it <now> & tell you") == {}

        reply = tale.thread(channel, ts)[-1]
        assert reply.username == "Dana"
        assert "We restart it &lt;now&gt; &amp; tell you" in reply.text
        assert await answered_at(tale) == MONDAY + timedelta(hours=1)
        [first] = [
            entry
            for entry in await tale.history("ACME-1")
            if isinstance(entry.event, FirstResponse)
        ]
        assert first.actor == Staff(UserId(tale.dana))
        assert isinstance(first.event, FirstResponse)
        assert first.event.changes.first_response_by == Change(None, tale.dana)


async def test_an_empty_reply_is_refused_and_not_sent(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, _ = await critical(tale)
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "reply")

        refused = await tale.replies(tale.dana, "  ")

        assert refused == {"words": "Write the answer first: the client reads it in their channel."}
        assert len(tale.thread(channel, ts)) == 1
        assert await tale.replies(tale.dana, "Now with words") == {}
        assert "Now with words" in tale.thread(channel, ts)[-1].plain()


async def test_a_top_level_answer_counts_when_a_single_ticket_is_waiting(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, _, _ = await critical(tale)
        await tale.forward(hours=1)

        await tale.says(tale.dana, channel, "We are on it")

        assert await answered_at(tale) == MONDAY + timedelta(hours=1)


async def test_a_top_level_answer_counts_for_no_ticket_when_two_are_waiting(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, _, ann = await critical(tale)
        await tale.forward(hours=1)
        await tale.says(ann, channel, "And the invoices are wrong")

        await tale.says(tale.dana, channel, "We are on it")

        assert await answered_at(tale, "ACME-1") is None
        assert await answered_at(tale, "ACME-2") is None


async def test_an_answer_in_the_thread_of_a_follow_up_counts(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, _, ann = await critical(tale)
        await tale.forward(minutes=2)
        follow_up = await tale.says(ann, channel, "It says: disk full")
        await tale.forward(minutes=10)

        await tale.says(tale.dana, channel, "We clear it", thread_ts=follow_up)
        await tale.says(ann, channel, "And the logs are gone", thread_ts=follow_up)

        assert await answered_at(tale) == MONDAY + timedelta(minutes=12)
        assert list(await tale.tickets()) == ["ACME-1"]


@pytest.mark.thorough
async def test_only_the_first_answer_counts(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, _ = await critical(tale)
        await tale.forward(minutes=5)
        await tale.says(tale.dana, channel, "We are on it", thread_ts=ts)
        await tale.forward(minutes=5)
        await tale.says(tale.eli, channel, "It is back", thread_ts=ts)

        assert await answered_at(tale) == MONDAY + timedelta(minutes=5)
        firsts = [
            entry
            for entry in await tale.history("ACME-1")
            if isinstance(entry.event, FirstResponse)
        ]
        assert [entry.actor for entry in firsts] == [Staff(UserId(tale.dana))]


@pytest.mark.thorough
async def test_a_punctual_answer_with_a_late_delivery_withdraws_the_breach(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, _ = await critical(tale)
        await tale.at(DUE + timedelta(seconds=20))
        assert (await tale.tickets())["ACME-1"]["breached"] is True

        at = DUE - timedelta(seconds=1)
        await tale.says(tale.dana, channel, "We are on it", thread_ts=ts, at=at)

        assert await answered_at(tale) == at
        assert (await tale.tickets())["ACME-1"]["breached"] is False
        kinds = [type(entry.event) for entry in await tale.history("ACME-1")]
        assert kinds[-4:] == [Breached, StaffWrote, FirstResponse, BreachWithdrawn]
        [corrected] = tale.said_to_managers()
        assert "was answered in time after all" in corrected
        assert "missed" not in corrected


@pytest.mark.thorough
async def test_a_late_answer_with_a_late_delivery_keeps_the_breach(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, _ = await critical(tale)
        await tale.at(DUE + timedelta(hours=1))

        at = DUE + timedelta(seconds=1)
        await tale.says(tale.dana, channel, "We are on it", thread_ts=ts, at=at)

        assert await answered_at(tale) == at
        assert (await tale.tickets())["ACME-1"]["breached"] is True


@pytest.mark.thorough
async def test_an_earlier_answer_delivered_second_is_the_first_response(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, _ = await critical(tale)
        await tale.at(DUE + timedelta(hours=1))
        await tale.says(tale.eli, channel, "It is back", thread_ts=ts)

        at = MONDAY + timedelta(hours=1)
        await tale.says(tale.dana, channel, "We are on it", thread_ts=ts, at=at)

        assert await answered_at(tale) == at
        assert (await tale.tickets())["ACME-1"]["breached"] is False


@pytest.mark.thorough
async def test_a_staff_message_before_the_request_is_no_answer(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        news = await tale.says(tale.dana, channel, "We have upgraded you")
        at = tale.clock.now()
        await tale.forward(hours=1)
        await tale.says(ann, channel, "Since then nothing works", thread_ts=news)

        await tale.says(tale.eli, channel, "Enjoy", thread_ts=news, at=at + timedelta(minutes=1))

        assert list(await tale.tickets()) == ["ACME-1"]
        assert await answered_at(tale) is None
