"""What Slack did not deliver is found in its history, once; what it delivered too is one."""

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
    """Whatever happens within the block is never delivered."""
    tale.sandbox.deliveries.add(DeliveryFault.LOSE, times=10_000)
    yield
    tale.sandbox.deliveries.clear()


async def catch_up(tale: Story) -> None:
    """The next look, five minutes later or after a new connection."""
    assert tale.bot is not None
    tale.bot.catch_up()
    await tale.settle()


async def test_a_post_that_was_never_delivered_is_a_ticket_at_its_own_ts(tmp_path: Path) -> None:
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


async def test_what_slack_holds_back_beyond_its_limit_of_events_is_found(tmp_path: Path) -> None:
    """30,000 an hour, here three; then `app_rate_limited`, which is answered as any event is."""
    async with story(tmp_path, limits={"events_an_hour": 3}) as tale, tale.running():
        channel, _ = await tale.add_client()
        people = [tale.sandbox.add_user(f"Person {number}") for number in range(5)]
        for person in people:
            tale.sandbox.join(person, channel)  # these are notes of Slack's, and events too
            await tale.sandbox.post(person, channel, DOWN)
        await tale.settle()
        assert len(await tale.tickets()) < len(people)
        tale.clock.advance(timedelta(minutes=10))

        await catch_up(tale)

        assert len(await tale.tickets()) == len(people)
        assert tale.sandbox.undelivered == 0


async def test_what_is_on_record_costs_nothing(tmp_path: Path) -> None:
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


async def test_replies_edits_and_deletions_that_were_never_delivered_are_found(
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


async def test_the_beginning_of_a_ticket_that_was_deleted_unheard_leaves_a_stub(
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


async def test_what_retention_takes_is_no_deletion(tmp_path: Path) -> None:
    """It takes the oldest first; whoever deletes leaves older messages standing."""
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
async def test_a_reply_is_found_in_a_thread_that_is_no_tickets(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        note = await tale.says(tale.dana, channel, "We shall be away at noon")
        await tale.forward(days=3)
        async with losing(tale):
            ts = await tale.sandbox.post(ann, channel, DOWN, thread_ts=note)

        await catch_up(tale)

        assert tale.because(ts) == "a new ticket"


@pytest.mark.thorough
async def test_a_reply_to_a_ticket_that_is_resolved_is_found_and_reopens_it(
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
async def test_what_was_written_before_the_client_was_with_us_is_left_alone(
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
@pytest.mark.parametrize("found_first", [True, False])
async def test_what_is_found_and_delivered_too_is_one(tmp_path: Path, *, found_first: bool) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        tale.hold_back(3)
        ts = await tale.sandbox.post(ann, channel, DOWN)
        await tale.sandbox.edit(ann, channel, ts, "Our mail server is down")
        await tale.sandbox.post(ann, channel, "It says: disk full", thread_ts=ts)
        if found_first:
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
async def test_more_than_a_page_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
async def test_a_reading_that_fails_keeps_nothing_of_it_and_the_next_one_finds_all(
    tmp_path: Path, method: str, fault: Any
) -> None:
    """Half a thread could not be told from one whose other half was deleted."""
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        beta, bob = await tale.add_client("Beta")
        ts = await tale.says(ann, channel, DOWN)
        await tale.forward(minutes=10)
        async with losing(tale):
            await tale.sandbox.post(ann, channel, "It says: disk full", thread_ts=ts)
            await tale.sandbox.post(bob, beta, "Our printer is down")
        in_acme = tale.sandbox.faults.add
        in_acme(method, fault, times=None, when=lambda call: call["channel"] == channel)

        await catch_up(tale)
        assert list(await tale.tickets()) == ["ACME-1", "BETA-1"]  # it holds up nobody else
        assert len(tale.rows("SELECT ts FROM messages")) == 2
        tale.sandbox.faults.clear()
        await catch_up(tale)
        assert len(tale.rows("SELECT ts FROM messages")) == 3


@pytest.mark.thorough
async def test_slack_is_asked_again_when_it_says_that_it_may_be(tmp_path: Path) -> None:
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
async def test_each_new_connection_has_the_history_looked_at(
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
async def test_what_is_found_late_says_so_once_to_each_reader_at_its_true_instant(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale:
        async with tale.running():
            channel, ann = await tale.add_client(plan="priority", engineer=tale.dana)
        async with losing(tale):
            ts = await tale.sandbox.post(ann, channel, DOWN)
        found = MONDAY + timedelta(days=7)
        tale.clock.set(found)
        async with tale.running():
            await tale.settle()

            late = f"*Found late*: it reached us <!date^{int(found.timestamp())}^"
            assert late in tale.triage_card("ACME-1").plain()
            [in_triage], [directly] = tale.pings_in_triage("ACME-1"), tale.pings_to(tale.dana)
            [breach] = [said for said in tale.said_to_managers() if "missed" in said]
            for said in (in_triage, directly, breach):
                assert late in said
            [(breached_at,)] = tale.rows("SELECT breached_at FROM clocks")
            assert breached_at < (found - timedelta(days=4)).timestamp() * 1_000_000
            assert "ound late" not in tale.client_card(channel, ts).plain()
            await tale.at(found + timedelta(days=1))
            assert "found late" in tale.said_to_managers()[-1]


@pytest.mark.thorough
async def test_an_answer_in_time_that_is_found_after_the_due_instant_leaves_no_breach(
    tmp_path: Path,
) -> None:
    """Nor is anybody told that it was late: the history is read before the due rows are."""
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
            assert [said for said in tale.said_to_managers() if "missed" in said] == []


@pytest.mark.thorough
async def test_what_reaches_us_within_minutes_is_not_called_late(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        async with losing(tale):
            await tale.sandbox.post(ann, channel, DOWN)
        await tale.forward(minutes=5)
        await catch_up(tale)
        assert "Found late" not in tale.triage_card("ACME-1").plain()


@pytest.mark.thorough
async def test_thanks_that_an_edit_turned_into_a_request_an_hour_later_were_not_found_late(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Thanks!")
        await tale.forward(hours=1)
        await tale.sandbox.edit(ann, channel, ts, DOWN)
        await tale.settle()
        assert "Found late" not in tale.triage_card("ACME-1").plain()
