"""Backfill finds undelivered events in Slack's history, and each event is handled once."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.delivery.slack import histories, socket
from bot.sandbox import DeliveryFault, Fault
from tests.story import MONDAY, Story, story

pytestmark = pytest.mark.both_stores(thorough="postgresql")

DOWN = "Our server is down"


@asynccontextmanager
async def losing(tale: Story) -> AsyncIterator[None]:
    """Lose every event that happens within the block."""
    tale.sandbox.deliveries.add(DeliveryFault.LOSE, times=10_000)
    yield
    tale.sandbox.deliveries.clear()


async def catch_up(tale: Story) -> None:
    """Run the next backfill, as five minutes later or after a new connection."""
    assert tale.bot is not None
    tale.bot.catch_up()
    await tale.settle()


async def test_an_undelivered_post_becomes_a_ticket_opened_at_its_own_time(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        async with losing(tale):
            ts = await tale.says(ann, channel, DOWN)
        await tale.forward(minutes=10)
        assert await tale.tickets() == {}

        await catch_up(tale)

        [ticket] = (await tale.tickets()).values()
        assert ticket["opened_at"] == f"{MONDAY:%Y-%m-%dT%H:%M}:00Z"
        assert "ACME-1" in tale.client_card(channel, ts).plain()


async def test_backfill_finds_events_beyond_slacks_limit(tmp_path: Path) -> None:
    """The limit is 30,000 events an hour, here three; then Slack sends `app_rate_limited`."""
    async with story(tmp_path, limits={"events_an_hour": 3}) as tale, tale.running():
        channel, _ = await tale.add_client()
        people = [tale.sandbox.add_user(f"Person {number}") for number in range(5)]
        for person in people:
            tale.sandbox.join(person, channel)  # Slack's notice of it is an event too
            await tale.sandbox.post(person, channel, DOWN)
        await tale.settle()
        assert len(await tale.tickets()) < len(people)
        tale.clock.advance(timedelta(minutes=10))

        await catch_up(tale)

        assert len(await tale.tickets()) == len(people)
        assert tale.sandbox.undelivered == 0


async def test_backfill_delivers_no_stored_message_again(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, DOWN)
        await tale.says(tale.dana, channel, "We are on it", thread_ts=ts)
        await tale.says(ann, channel, "Thanks!")
        await tale.sandbox.edit(ann, channel, ts, "Our mail server is down")
        gone = await tale.says(ann, channel, "And the printer", thread_ts=ts)
        await tale.sandbox.delete(ann, channel, gone)
        await tale.forward(minutes=10)
        delivered = tale.delivered()

        await catch_up(tale)

        assert tale.delivered() == delivered


async def test_backfill_finds_replies_edits_and_deletions(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, DOWN)
        more = await tale.says(ann, channel, "It says: disk ful", thread_ts=ts)
        secret = await tale.says(ann, channel, "The password is hunter2", thread_ts=ts)
        aside = await tale.says(ann, channel, "Thanks!")
        await tale.forward(minutes=10)
        async with losing(tale):
            answer = await tale.sandbox.post(tale.dana, channel, "We are on it", thread_ts=ts)
            await tale.sandbox.edit(ann, channel, ts, "Our mail server is down")
            await tale.sandbox.edit(ann, channel, more, "It says: disk full")
            await tale.sandbox.delete(ann, channel, secret)
            await tale.sandbox.delete(ann, channel, aside)

        await catch_up(tale)

        [ticket] = (await tale.tickets()).values()
        assert ticket["first_response_at"].startswith("2026-03-09T05:10:00")
        assert tale.because(answer) == "the first response"
        assert "Our mail server is down" in tale.triage_card("ACME-1").plain()
        assert tale.kept_text(more) == "It says: disk full"
        assert (tale.kept_text(secret), tale.kept_text(aside)) == ("", "")


async def test_an_undelivered_deletion_of_the_opening_message_leaves_a_stub(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, DOWN)
        await tale.forward(minutes=10)
        async with losing(tale):
            await tale.sandbox.delete(ann, channel, ts)

        await catch_up(tale)

        assert tale.kept_text(ts) == ""
        assert "(the client deleted this message)" in tale.triage_card("ACME-1").plain()


async def test_messages_removed_by_retention_are_not_deletions(tmp_path: Path) -> None:
    """Retention removes the oldest messages first; a person's deletion leaves older messages."""
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        first = await tale.says(ann, channel, "Thanks!")
        second = await tale.says(ann, channel, "Thank you")
        await tale.says(ann, channel, "Great")
        await tale.forward(minutes=10)
        async with losing(tale):
            await tale.sandbox.delete(ann, channel, first)
            await tale.sandbox.delete(ann, channel, second)

        await catch_up(tale)

        assert (tale.kept_text(first), tale.kept_text(second)) == ("Thanks!", "Thank you")


@pytest.mark.thorough
async def test_backfill_finds_a_reply_in_a_thread_without_a_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        note = await tale.says(tale.dana, channel, "We shall be away at noon")
        await tale.forward(days=3)
        async with losing(tale):
            ts = await tale.sandbox.post(ann, channel, DOWN, thread_ts=note)

        await catch_up(tale)

        assert tale.because(ts) == "a new ticket"


@pytest.mark.thorough
async def test_a_backfilled_reply_reopens_a_resolved_ticket(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, DOWN)
        await tale.forward(days=9)
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "resolve")
        await tale.fills_in(tale.dana, words="Restarted it", severity="high")
        await tale.forward(hours=1)
        async with losing(tale):
            await tale.sandbox.post(ann, channel, "It is down again", thread_ts=ts)

        await catch_up(tale)

        assert (await tale.tickets())["ACME-1"]["state"] == "open"


@pytest.mark.thorough
async def test_backfill_ignores_messages_from_before_the_agreement(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        team = tale.sandbox.add_team("Acme")
        ann = tale.sandbox.add_user("Ann", team=team)
        channel = tale.sandbox.add_channel("acme", members=[ann, tale.dana], shared_with=team)
        old = await tale.says(ann, channel, DOWN)
        await tale.sandbox.post(ann, channel, "Hello?", thread_ts=old)
        await tale.forward(minutes=10)
        await tale.becomes_client("Acme", channel)
        async with losing(tale):
            ts = await tale.sandbox.post(ann, channel, "Still down", thread_ts=old)

        await catch_up(tale)

        assert tale.rows("SELECT ts FROM messages") == [(ts,)]


@pytest.mark.thorough
@pytest.mark.parametrize("backfilled_first", [True, False])
async def test_a_message_both_backfilled_and_delivered_is_stored_once(
    tmp_path: Path, *, backfilled_first: bool
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        tale.hold_back(3)
        ts = await tale.sandbox.post(ann, channel, DOWN)
        await tale.sandbox.edit(ann, channel, ts, "Our mail server is down")
        await tale.sandbox.post(ann, channel, "It says: disk full", thread_ts=ts)
        if backfilled_first:
            await catch_up(tale)
            await tale.delivered_newest_first()
        else:
            assert tale.bot is not None
            tale.bot.catch_up()
            await tale.delivered_newest_first()

        assert list(await tale.tickets()) == ["ACME-1"]
        assert len(tale.rows("SELECT ts FROM messages")) == 2
        assert "Our mail server is down" in tale.triage_card("ACME-1").plain()
        assert len(tale.thread(channel, ts)) == 2  # the follow-up, and one card


@pytest.mark.thorough
async def test_backfill_reads_every_page_of_a_history(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(histories, "PAGE", 3)
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        async with losing(tale):
            posted = await tale.many_say(channel, 7)
            for number in range(5):
                more = f"Also {number}"
                posted.append(await tale.sandbox.post(ann, channel, more, thread_ts=posted[0]))

        await catch_up(tale)

        assert [ts for (ts,) in tale.rows("SELECT ts FROM messages ORDER BY ts")] == sorted(posted)
        assert len(await tale.tickets()) == 7


@pytest.mark.thorough
@pytest.mark.parametrize("method", ["conversations.history", "conversations.replies"])
@pytest.mark.parametrize(
    "fault",
    [
        Fault.SERVER_ERROR(503),
        Fault.ERROR("internal_error"),
        Fault.ERROR("token_revoked"),
        Fault.RESET_AFTER,
        Fault.BAD_JSON,
    ],
    ids=str,
)
async def test_a_failed_backfill_stores_nothing_and_the_next_finds_everything(
    tmp_path: Path, method: str, fault: Any
) -> None:
    """Half a thread looks like a thread of which somebody has deleted the other half."""
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        beta, bob = await tale.add_client("Beta")
        ts = await tale.says(ann, channel, DOWN)
        await tale.forward(minutes=10)
        async with losing(tale):
            await tale.sandbox.post(ann, channel, "It says: disk full", thread_ts=ts)
            await tale.sandbox.post(bob, beta, "Our printer is down")
        add_fault = tale.sandbox.faults.add
        add_fault(method, fault, times=None, when=lambda call: call["channel"] == channel)

        await catch_up(tale)
        assert list(await tale.tickets()) == ["ACME-1", "BETA-1"]  # no other client is delayed
        assert len(tale.rows("SELECT ts FROM messages")) == 2
        tale.sandbox.faults.clear()
        await catch_up(tale)
        assert len(tale.rows("SELECT ts FROM messages")) == 3


@pytest.mark.thorough
async def test_backfill_retries_after_the_delay_that_slack_names(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        async with losing(tale):
            await tale.sandbox.post(ann, channel, DOWN)
        tale.sandbox.faults.add("conversations.history", Fault.RATE_LIMITED(1), times=2)

        began = time.monotonic()
        await catch_up(tale)

        assert time.monotonic() - began > 2
        assert list(await tale.tickets()) == ["ACME-1"]


@pytest.mark.thorough
async def test_each_new_connection_starts_a_backfill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "WATCH_SECONDS", 0.05)
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        async with losing(tale):
            await tale.sandbox.post(ann, channel, DOWN)

        await tale.sandbox.drop_sockets(abruptly=True)

        await tale.waits_for("SELECT id FROM tickets")


@pytest.mark.thorough
async def test_a_late_backfill_tells_each_reader_once_and_keeps_the_true_breach_instant(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale:
        async with tale.running():
            channel, ann = await tale.add_client(plan="priority", engineer=tale.dana)
        async with losing(tale):
            ts = await tale.sandbox.post(ann, channel, DOWN)
        found_at = MONDAY + timedelta(days=7)
        tale.clock.set(found_at)
        async with tale.running():
            await tale.settle()

            late = f"*Found late*: it reached us <!date^{int(found_at.timestamp())}^"
            assert late in tale.triage_card("ACME-1").plain()
            [in_triage], [direct_message] = tale.pings_in_triage("ACME-1"), tale.pings_to(tale.dana)
            [breach] = [text for text in tale.said_to_managers() if "missed" in text]
            for text in (in_triage, direct_message, breach):
                assert late in text
            [(breached_at,)] = tale.rows("SELECT breached_at FROM clocks")
            assert breached_at < (found_at - timedelta(days=4)).timestamp() * 1_000_000
            assert "ound late" not in tale.client_card(channel, ts).plain()
            await tale.at(found_at + timedelta(days=1))
            assert "found late" in tale.said_to_managers()[-1]


@pytest.mark.thorough
async def test_a_timely_answer_backfilled_after_the_due_instant_prevents_the_breach(
    tmp_path: Path,
) -> None:
    """Nobody is told that it was late: the desk reads the history before it fires due timers."""
    async with story(tmp_path) as tale:
        async with tale.running():
            channel, ann = await tale.add_client(plan="priority", engineer=tale.dana)
            ts = await tale.says(ann, channel, DOWN)
        async with losing(tale):
            tale.clock.advance(timedelta(minutes=10))
            await tale.sandbox.post(tale.dana, channel, "We are on it", thread_ts=ts)
        tale.clock.advance(timedelta(days=7))
        async with tale.running():
            await tale.settle()

            assert (await tale.tickets())["ACME-1"]["breached"] is False
            assert tale.pings_in_triage("ACME-1") == tale.pings_to(tale.dana) == []
            assert [text for text in tale.said_to_managers() if "missed" in text] == []


@pytest.mark.thorough
async def test_a_post_backfilled_within_five_minutes_is_not_called_late(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        async with losing(tale):
            await tale.sandbox.post(ann, channel, DOWN)
        await tale.forward(minutes=5)
        await catch_up(tale)
        assert "Found late" not in tale.triage_card("ACME-1").plain()


@pytest.mark.thorough
async def test_thanks_edited_into_a_request_later_are_not_called_late(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Thanks!")
        await tale.forward(hours=1)
        await tale.sandbox.edit(ann, channel, ts, DOWN)
        await tale.settle()
        assert "Found late" not in tale.triage_card("ACME-1").plain()
