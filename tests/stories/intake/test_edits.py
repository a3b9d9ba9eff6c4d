"""Edits and deletions of messages, in the order of writing and in any other order."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.actor import ClientPerson
from bot.domain.ids import UserId
from bot.domain.ticket_events import Deleted, Edited
from bot.sandbox import DeliveryFault
from tests.story import Story, story

pytestmark = pytest.mark.both_stores(thorough="postgresql")

DOWN, MAIL = "Our server is down", "Our mail server is down"


def wordings(tale: Story, ts: str) -> list[str]:
    """Return the texts that a message has had, oldest first."""
    texts = tale.rows("SELECT text FROM wordings WHERE ts = ? ORDER BY since_ts", ts)
    return [str(row[0]) for row in texts]


def everything_stored(tale: Story) -> str:
    """Return all rows of the tables that can contain text of clients."""
    tables = ("messages", "wordings", "tickets", "events", "inbox", "outbox")
    return str([tale.rows(f"SELECT * FROM {table}") for table in tables])  # noqa: S608 (no user input)


async def edits(tale: Story, user: str, channel: str, ts: str, text: str) -> None:
    await tale.sandbox.edit(user, channel, ts, text)
    await tale.settle()


async def deletes(tale: Story, user: str, channel: str, ts: str) -> None:
    await tale.sandbox.delete(user, channel, ts)
    await tale.settle()


def hold(tale: Story, subtype: str | None = None, times: int = 1) -> None:
    """Hold back the next message events with this subtype until `release`."""
    tale.sandbox.deliveries.add(
        DeliveryFault.HOLD, of="message", times=times, when=lambda e: e.get("subtype") == subtype
    )


async def release(tale: Story, **how: Any) -> None:
    tale.sandbox.deliveries.release(**how)
    await tale.settle()


async def test_an_edit_is_stored_and_shown_in_triage_and_keeps_the_clock(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, DOWN)
        [before] = (await tale.tickets()).values()

        await tale.forward(minutes=30)
        await edits(tale, ann, channel, ts, MAIL)

        assert list((await tale.tickets()).values()) == [before]
        assert MAIL in tale.triage_card("ACME-1").plain()
        assert DOWN not in tale.triage_card("ACME-1").plain()
        assert wordings(tale, ts) == [DOWN, MAIL]
        [line] = [
            entry for entry in await tale.history("ACME-1") if isinstance(entry.event, Edited)
        ]
        assert isinstance(line.event, Edited)
        assert (line.actor, str(line.event.message)) == (ClientPerson(UserId(ann)), ts)
        assert tale.delivered()[-1] == "edited (ACME-1)"


async def test_an_edited_follow_up_leaves_the_card_unchanged(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, DOWN)
        more = await tale.says(ann, channel, "It says: disk ful", thread_ts=ts)

        await edits(tale, ann, channel, more, "It says: disk full")

        assert DOWN in tale.triage_card("ACME-1").plain()
        assert tale.kept_text(more) == "It says: disk full"
        assert isinstance((await tale.history("ACME-1"))[-1].event, Edited)


async def test_changes_made_by_slack_itself_are_not_edits(tmp_path: Path) -> None:
    """Slack also sends `message_changed` for a preview, a language and a new reply, and
    `message_replied` without a subtype."""
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "See https://example.org/")
        history = await tale.history("ACME-1")
        await tale.sandbox.unfurl(channel, ts, "https://example.org/")
        await tale.sandbox.detect_language(channel, ts, "en-GB")
        await tale.sandbox.count_replies(channel, ts)
        await tale.sandbox.tell_of_reply(channel, ts)
        await tale.settle()

        assert await tale.history("ACME-1") == history
        assert wordings(tale, ts) == []
        outcomes = tale.delivered()[-4:]
        assert outcomes == [*["it reads the same"] * 3, "not written by a person (bot)"]


async def test_removing_a_file_is_an_edit_at_its_own_time(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, DOWN, files=[{"name": "error.png"}])
        message = {"type": "message", "user": ann, "text": DOWN, "ts": ts}
        event = {
            "type": "message",
            "subtype": "message_changed",
            "message": message,
            "previous_message": message | {"files": [{"id": "F1", "mode": "file_access"}]},
            "channel": channel,
            "ts": "1773034000.000100",
            "event_ts": "1773034000.000100",
        }
        tale.sandbox.tell(event, channel)
        await tale.settle()

        assert tale.rows("SELECT edited_ts FROM messages") == [("1773034000.000100",)]


async def test_an_edit_that_arrives_first_opens_the_ticket_of_its_message(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        hold(tale)
        ts = await tale.sandbox.post(ann, channel, DOWN)
        tale.clock.advance(timedelta(minutes=1))
        await edits(tale, ann, channel, ts, MAIL)
        assert (await tale.tickets())["ACME-1"]["opened_at"] == "2026-03-09T05:00:00Z"

        await release(tale)

        assert list(await tale.tickets()) == ["ACME-1"]
        assert MAIL in tale.triage_card("ACME-1").plain()
        assert tale.kept_text(ts) == MAIL
        assert wordings(tale, ts) == [DOWN, MAIL]
        assert tale.delivered()[-1] == "on record already"


async def test_the_newest_edit_wins_in_any_order_of_arrival(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, DOWN)
        hold(tale, "message_changed", times=3)
        for words in ("One", "Two", "Three"):
            tale.clock.advance(timedelta(minutes=1))
            await edits(tale, ann, channel, ts, words)

        await release(tale, reorder=lambda events: [events[2], events[0], events[1]])

        assert tale.kept_text(ts) == "Three"
        assert "Three" in tale.triage_card("ACME-1").plain()
        assert wordings(tale, ts) == [DOWN, "One", "Two", "Three"]


@pytest.mark.parametrize("edit_arrives_first", [False, True])
async def test_thanks_edited_into_a_request_open_a_ticket_at_the_time_of_the_post(
    tmp_path: Path, edit_arrives_first: bool
) -> None:
    """The deadline is the same when the edit arrives before the message."""
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        if edit_arrives_first:
            hold(tale)
        ts = (
            await tale.says(ann, channel, "Hi")
            if not edit_arrives_first
            else await tale.sandbox.post(ann, channel, "Hi")
        )
        assert await tale.tickets() == {}
        tale.clock.advance(timedelta(minutes=10))

        await edits(tale, ann, channel, ts, "Hi, our server is down")
        await release(tale)

        [ticket] = (await tale.tickets()).values()
        assert ticket["opened_at"] == "2026-03-09T05:00:00Z"
        assert "Hi, our server is down" in tale.triage_card("ACME-1").plain()
        assert tale.because(ts) == "a new ticket"


async def test_thanks_edited_into_a_complaint_reopen_the_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, DOWN)
        thanks = await tale.says(ann, channel, "Thanks", thread_ts=ts)
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "resolve")
        await tale.fills_in(tale.dana, words="Restarted it", severity="high")
        await tale.forward(minutes=1)

        await edits(tale, ann, channel, thanks, "Thanks, but it is down again")

        assert (await tale.tickets())["ACME-1"]["state"] == "open"


@pytest.mark.thorough
async def test_a_follow_up_written_before_the_resolution_does_not_reopen_the_ticket(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, DOWN)
        hold(tale)
        await tale.sandbox.post(ann, channel, "It says: disk full", thread_ts=ts)
        await tale.forward(minutes=1)
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "resolve")
        await tale.fills_in(tale.dana, words="Made room", severity="high")

        await release(tale)

        assert (await tale.tickets())["ACME-1"]["state"] == "resolved"
        assert "a follow-up (ACME-1)" in tale.delivered()


@pytest.mark.thorough
async def test_a_request_edited_into_thanks_stays_a_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, DOWN)
        await edits(tale, ann, channel, ts, "Thanks")
        assert list(await tale.tickets()) == ["ACME-1"]


@pytest.mark.thorough
async def test_editing_a_message_from_before_the_agreement_opens_no_ticket(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        team = tale.sandbox.add_team("Acme")
        ann = tale.sandbox.add_user("Ann", team=team)
        channel = tale.sandbox.add_channel("acme", members=[ann], shared_with=team)
        ts = await tale.says(ann, channel, DOWN)
        await tale.forward(days=90)
        await tale.becomes_client("Acme", channel)

        await edits(tale, ann, channel, ts, MAIL)

        assert await tale.tickets() == {}
        assert tale.delivered()[-1] == "not a ticket: written before the client was with us"


@pytest.mark.thorough
async def test_an_edit_of_an_undelivered_message_opens_its_ticket(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        tale.sandbox.deliveries.add(DeliveryFault.LOSE, of="message")
        ts = await tale.says(ann, channel, DOWN)
        assert await tale.tickets() == {}
        await tale.forward(hours=1)

        await edits(tale, ann, channel, ts, MAIL)

        assert (await tale.tickets())["ACME-1"]["opened_at"] == "2026-03-09T05:00:00Z"
        assert tale.delivered()[-1] == "a new ticket (ACME-1); edited (ACME-1)"


@pytest.mark.thorough
@pytest.mark.parametrize("leaves_a_tombstone", [False, True])
async def test_a_deletion_erases_the_words_keeps_the_ticket_and_is_shown_in_triage(
    tmp_path: Path, leaves_a_tombstone: bool
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "The password is hunter2")
        await edits(tale, ann, channel, ts, "The password is hunter3")
        [before] = (await tale.tickets()).values()

        if leaves_a_tombstone:
            previous = {"type": "message", "user": ann, "text": "The password is hunter3", "ts": ts}
            tombstone = {"type": "message", "user": "USLACKBOT", "subtype": "tombstone", "ts": ts}
            tale.sandbox.tell(
                {
                    "type": "message",
                    "subtype": "message_changed",
                    "channel": channel,
                    "message": tombstone | {"text": "This message was deleted.", "hidden": True},
                    "previous_message": previous,
                    "ts": "1773034000.000100",
                    "event_ts": "1773034000.000100",
                },
                channel,
            )
            await tale.settle()
        else:
            await deletes(tale, ann, channel, ts)

        assert list((await tale.tickets()).values()) == [before]
        assert "hunter" not in everything_stored(tale)
        stub = "SELECT user_id, ticket_id IS NULL, deleted_at IS NULL FROM messages WHERE ts = ?"
        [(user, without_ticket, not_deleted)] = tale.rows(stub, ts)
        assert (user, bool(without_ticket), bool(not_deleted)) == (ann, False, False)
        card = tale.triage_card("ACME-1").plain()
        assert "hunter" not in card
        assert "(the client deleted this message)" in card
        [note] = tale.pings_in_triage("ACME-1")
        assert f"<@{ann}> deleted a message of this ticket" in note
        assert isinstance((await tale.history("ACME-1"))[-1].event, Deleted)


@pytest.mark.thorough
async def test_a_message_deleted_before_it_arrives_opens_no_ticket(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        hold(tale)
        ts = await tale.sandbox.post(ann, channel, "The password is hunter2")
        await deletes(tale, ann, channel, ts)
        await release(tale)

        assert await tale.tickets() == {}
        assert tale.because(ts) == "deleted before it reached us"
        assert tale.delivered() == [
            "not a ticket: deleted before it reached us",
            "on record already",
        ]
        assert "hunter" not in everything_stored(tale)


@pytest.mark.thorough
async def test_an_edit_that_arrives_after_the_deletion_restores_no_words(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, DOWN)
        hold(tale, "message_changed")
        await tale.sandbox.edit(ann, channel, ts, "The password is hunter2")
        await deletes(tale, ann, channel, ts)
        await release(tale)

        assert tale.delivered()[-1] == "deleted already"
        assert "hunter" not in everything_stored(tale)


@pytest.mark.thorough
async def test_an_answer_counts_although_its_deletion_arrives_first(tmp_path: Path) -> None:
    """The client has seen it, and it also counts if the events arrive in order."""
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, DOWN)
        hold(tale)
        await tale.forward(minutes=1)
        answer = await tale.sandbox.post(tale.dana, channel, "We are on it", thread_ts=ts)
        await deletes(tale, tale.dana, channel, answer)
        await release(tale)

        [ticket] = (await tale.tickets()).values()
        assert ticket["first_response_at"].startswith("2026-03-09T05:01")
        assert "We are on it" not in everything_stored(tale)
        assert tale.pings_in_triage("ACME-1") == []


@pytest.mark.thorough
async def test_deleting_a_message_of_the_desk_changes_no_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, DOWN)
        history = await tale.history("ACME-1")
        card = tale.client_card(channel, ts)
        tale.sandbox._slack.delete(card)
        await tale.settle()

        assert await tale.history("ACME-1") == history
        assert tale.delivered() == ["a new ticket (ACME-1)"]  # Bolt drops the app's own events


@pytest.mark.thorough
@pytest.mark.parametrize("subtype", [None, "me_message", "thread_broadcast", "file_share"])
async def test_messages_of_people_open_a_ticket_with_any_subtype(
    tmp_path: Path, subtype: str | None
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        event = {"type": "message", "channel": channel, "user": ann, "text": DOWN}
        named = event | ({"subtype": subtype} if subtype else {})
        tale.sandbox.tell(named | {"ts": "1773032400.000100"}, channel)
        await tale.settle()
        assert list(await tale.tickets()) == ["ACME-1"]


@pytest.mark.thorough
@pytest.mark.parametrize(
    "by_others",
    [
        {"subtype": "bot_message", "bot_id": "BOTHER", "username": "A calendar"},
        {"bot_id": "BOTHER", "user": "UOTHERBOT"},
        {"subtype": "channel_join", "user": "UANN"},
        {"subtype": "channel_topic", "user": "UANN"},
    ],
    ids=lambda event: event.get("subtype") or "an app's user",
)
async def test_messages_not_written_by_people_are_recorded_and_open_no_ticket(
    tmp_path: Path, by_others: dict[str, str]
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, _ = await tale.add_client()
        event = {"type": "message", "channel": channel, "text": DOWN, "ts": "1773032400.000100"}
        tale.sandbox.tell(event | by_others, channel)
        await tale.settle()
        assert await tale.tickets() == {}
        [outcome] = tale.delivered()
        assert outcome.startswith("not written by a person (")
