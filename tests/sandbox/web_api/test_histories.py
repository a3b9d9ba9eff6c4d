"""The history of channels and threads: order, time windows, pages, reply counts."""

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from bot.time_source import ManualTimeSource


@pytest.fixture
def ada(sandbox: Sandbox) -> str:
    return sandbox.add_user("Ada")


@pytest.fixture
def channel(sandbox: Sandbox, ada: str) -> str:
    return sandbox.add_channel("acme", members=[ada])


def texts(answer: Any) -> list[str]:
    return [message["text"] for message in answer["messages"]]


async def test_history_is_newest_first_without_replies(
    sandbox: Sandbox, client: AsyncWebClient, ada: str, channel: str
) -> None:
    """ "The most recent messages in the time range are returned first"; 100 of them."""
    first = await sandbox.post(ada, channel, "first")
    await sandbox.post(ada, channel, "reply", thread_ts=first)
    await sandbox.post(ada, channel, "told to all", thread_ts=first, broadcast=True)
    await sandbox.post(ada, channel, "second")
    await client.chat_postMessage(
        channel=channel, text="bot to all", thread_ts=first, reply_broadcast=True
    )
    answer = await client.conversations_history(channel=channel)
    assert texts(answer) == ["bot to all", "second", "told to all", "first"]
    assert answer["messages"][3]["reply_count"] == 3
    assert answer["messages"][0]["subtype"] == "thread_broadcast"


async def test_a_thread_is_oldest_first_with_its_parent(
    sandbox: Sandbox, client: AsyncWebClient, ada: str, channel: str
) -> None:
    """conversations.replies: the parent first, then the replies, each with `parent_user_id`."""
    first = await sandbox.post(ada, channel, "first")
    reply = await sandbox.post(ada, channel, "reply", thread_ts=first)
    last = await sandbox.post(ada, channel, "last", thread_ts=first)
    answer = await client.conversations_replies(channel=channel, ts=first)
    assert texts(answer) == ["first", "reply", "last"]
    parent = answer["messages"][0]
    assert (parent["reply_count"], parent["latest_reply"]) == (2, last)
    assert answer["messages"][1]["parent_user_id"] == ada
    by_reply = await client.conversations_replies(channel=channel, ts=reply)
    assert texts(by_reply) == ["first", "reply", "last"]
    since = await client.conversations_replies(channel=channel, ts=first, oldest=reply)
    assert texts(since) == ["first", "last"]


async def test_the_replies_of_a_single_message_are_the_message(
    sandbox: Sandbox, client: AsyncWebClient, ada: str, channel: str, refused: Any
) -> None:
    """ "If there are no replies then just the single message referenced by ts will return"."""
    alone = await sandbox.post(ada, channel, "alone")
    answer = await client.conversations_replies(channel=channel, ts=alone)
    assert texts(answer) == ["alone"]
    assert "reply_count" not in answer["messages"][0]
    nothing = await refused(client.conversations_replies(channel=channel, ts="1.000000"))
    assert nothing["error"] == "thread_not_found"


async def test_a_window_excludes_its_ends_unless_inclusive(
    sandbox: Sandbox, client: AsyncWebClient, clock: ManualTimeSource, ada: str, channel: str
) -> None:
    """ "If a message has the same timestamp as oldest or latest it will not be included"."""
    stamps = []
    for name in "abcd":
        stamps.append(await sandbox.post(ada, channel, name))
        clock.advance(timedelta(minutes=1))
    first, *_, last = stamps
    between = await client.conversations_history(channel=channel, oldest=first, latest=last)
    assert texts(between) == ["c", "b"]
    inclusive = await client.conversations_history(
        channel=channel, oldest=first, latest=last, inclusive=True
    )
    assert texts(inclusive) == ["d", "c", "b", "a"]


async def test_a_malformed_window_is_refused(
    client: AsyncWebClient, channel: str, refused: Any
) -> None:
    """invalid_ts_oldest, invalid_ts_latest, invalid_cursor, as documented."""
    oldest = await refused(client.conversations_history(channel=channel, oldest="noon"))
    latest = await refused(client.conversations_history(channel=channel, latest="noon"))
    assert (oldest["error"], latest["error"]) == ("invalid_ts_oldest", "invalid_ts_latest")
    answer = await refused(client.conversations_history(channel=channel, cursor="!"))
    assert answer["error"] == "invalid_cursor"


async def test_pages_are_stable_while_messages_are_posted(
    sandbox: Sandbox, client: AsyncWebClient, ada: str, channel: str
) -> None:
    """Pagination: `next_cursor` names where the next page begins; `limit` up to 999."""
    stamps = [await sandbox.post(ada, channel, str(n)) for n in range(5)]
    page = await client.conversations_history(channel=channel, limit=2)
    seen = texts(page)
    assert page["has_more"]
    await sandbox.post(ada, channel, "new")
    await sandbox.delete(ada, channel, stamps[4])
    while page["has_more"]:
        cursor = page["response_metadata"]["next_cursor"]
        page = await client.conversations_history(channel=channel, limit=2, cursor=cursor)
        seen += texts(page)
    assert seen == ["4", "3", "2", "1", "0"]
    assert "response_metadata" not in page.data


async def test_a_thread_has_pages(
    sandbox: Sandbox, client: AsyncWebClient, ada: str, channel: str
) -> None:
    """conversations.replies accepts `cursor` and `limit`; the default limit is 1,000."""
    first = await sandbox.post(ada, channel, "0")
    for n in range(1, 4):
        await sandbox.post(ada, channel, str(n), thread_ts=first)
    page = await client.conversations_replies(channel=channel, ts=first, limit=3)
    cursor = page["response_metadata"]["next_cursor"]
    rest = await client.conversations_replies(channel=channel, ts=first, limit=3, cursor=cursor)
    assert (texts(page), texts(rest)) == (["0", "1", "2"], ["3"])


async def test_metadata_is_included_on_request(client: AsyncWebClient, channel: str) -> None:
    """Only with `include_all_metadata`."""
    metadata = {"event_type": "card", "event_payload": {"key": "42"}}
    posted = await client.chat_postMessage(channel=channel, text="a", metadata=metadata)
    for asked in (client.conversations_history, client.conversations_replies):
        where = {"channel": channel, "ts": posted["ts"]}
        without = await asked(**where)
        with_it = await asked(**where, include_all_metadata=True)
        assert "metadata" not in without["messages"][0]
        assert with_it["messages"][0]["metadata"] == metadata


async def test_a_deleted_message_with_replies_leaves_a_tombstone(
    sandbox: Sandbox, client: AsyncWebClient, ada: str, channel: str
) -> None:
    """A `tombstone` takes the place of a deleted message with replies."""
    first = await sandbox.post(ada, channel, "first")
    alone = await sandbox.post(ada, channel, "alone")
    await sandbox.post(ada, channel, "reply", thread_ts=first)
    await sandbox.delete(ada, channel, first)
    await sandbox.delete(ada, channel, alone)
    answer = await client.conversations_history(channel=channel)
    assert [message["subtype"] for message in answer["messages"]] == ["tombstone"]
    thread = await client.conversations_replies(channel=channel, ts=first)
    assert texts(thread) == ["This message was deleted.", "reply"]
    assert [message.deleted for message in sandbox.all_messages()] == [True, True, False]


async def test_timestamps_are_unique_within_a_channel(
    sandbox: Sandbox, clock: ManualTimeSource, ada: str, channel: str
) -> None:
    """Unique in a channel, exact for the first in a second, and possibly equal in two channels."""
    other = sandbox.add_channel("other", members=[ada])
    second = int(clock.now().timestamp())
    stamps = [await sandbox.post(ada, channel, "a") for _ in range(3)]
    assert stamps == [f"{second}.000000", f"{second}.000001", f"{second}.000002"]
    assert await sandbox.post(ada, other, "a") == stamps[0]
    earlier = clock.now() - timedelta(hours=1)
    assert await sandbox.post(ada, channel, "late", at=earlier) == f"{second - 3600}.000000"
    assert sandbox.messages(channel)[0].text == "late"


async def test_an_ephemeral_message_is_in_no_history(
    sandbox: Sandbox, client: AsyncWebClient, ada: str, channel: str, refused: Any
) -> None:
    """chat.postEphemeral: "Ephemeral messages do not persist across … sessions", and no method
    finds them: neither history nor replies, nor an update by their `message_ts`."""
    bob = sandbox.add_user("Bob")
    sandbox.join(bob, channel)
    thread = await sandbox.post(ada, channel, "first")
    for place in (None, thread):
        await client.chat_postEphemeral(channel=channel, user=ada, text="psst", thread_ts=place)
    whisper = await client.chat_postEphemeral(channel=channel, user=ada, text="psst")
    assert "psst" not in texts(await client.conversations_history(channel=channel))
    assert texts(await client.conversations_replies(channel=channel, ts=thread)) == ["first"]
    update = client.chat_update(channel=channel, ts=whisper["message_ts"], text="louder")
    assert (await refused(update))["error"] == "message_not_found"
    assert [message.text for message in sandbox.ephemerals(ada)] == ["psst"] * 3
    assert sandbox.ephemerals(bob) == []
