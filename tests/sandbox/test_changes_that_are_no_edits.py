"""`message_changed` comes for more than edits: pages message_changed and message_replied, and what
other apps write: page bot_message."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import ImpossibleError, Sandbox

LINK = "https://example.org/"


@pytest.fixture
def ada(sandbox: Sandbox) -> str:
    return sandbox.add_user("Ada")


@pytest.fixture
def channel(sandbox: Sandbox, ada: str) -> str:
    return sandbox.add_channel("acme", members=[ada])


async def the_change(heard_of: Any) -> Any:
    """The one `message_changed` so far."""
    told = await heard_of("message")
    [change] = [each for each in told if each.get("subtype") == "message_changed"]
    return change


async def test_a_preview_changes_a_message_and_edits_nothing(
    sandbox: Sandbox, ada: str, channel: str, heard_of: Any
) -> None:
    """Unfurling puts an attachment under the message; `edited` is "a history of changes" alone."""
    ts = await sandbox.post(ada, channel, f"See {LINK}")
    await sandbox.unfurl(channel, ts, LINK, "Example Domain")
    change = await the_change(heard_of)
    assert change["message"]["attachments"][0]["from_url"] == LINK
    assert "attachments" not in change["previous_message"]
    assert change["message"]["text"] == change["previous_message"]["text"]
    assert "edited" not in change["message"]


async def test_a_language_that_was_detected_changes_a_message(
    sandbox: Sandbox, ada: str, channel: str, heard_of: Any
) -> None:
    """ "This event can also sometimes be triggered by our automatic language detection"."""
    ts = await sandbox.post(ada, channel, "Hilfe")
    await sandbox.detect_language(channel, ts, "de")
    change = await the_change(heard_of)
    assert change["message"]["language"]["locale"] == "de"
    assert "edited" not in change["message"]


async def test_a_new_reply_changes_the_first_message_of_its_thread(
    sandbox: Sandbox, ada: str, channel: str, heard_of: Any
) -> None:
    """The first message of a thread has `reply_count`, `reply_users` and `latest_reply`."""
    ts = await sandbox.post(ada, channel, "Help")
    reply = await sandbox.post(ada, channel, "Anyone?", thread_ts=ts)
    await sandbox.count_replies(channel, ts)
    changed = (await the_change(heard_of))["message"]
    assert (changed["ts"], changed["reply_count"], changed["latest_reply"]) == (ts, 1, reply)
    assert "edited" not in changed


async def test_message_replied_comes_without_its_subtype(
    sandbox: Sandbox, ada: str, channel: str, heard_of: Any
) -> None:
    """message_replied: "This event is missing the `subtype` field when dispatched over the Events
    API": it looks like a message that has neither author nor text."""
    ts = await sandbox.post(ada, channel, "Help")
    reply = await sandbox.post(ada, channel, "Anyone?", thread_ts=ts)
    await sandbox.tell_of_reply(channel, ts)
    [event] = [each for each in await heard_of("message") if each.get("hidden")]
    assert not {"subtype", "user", "text"} & event.keys()
    assert event["message"]["replies"] == [{"user": ada, "ts": reply}]


async def test_only_a_person_who_edits_leaves_the_mark_of_an_edit(
    sandbox: Sandbox, ada: str, channel: str, heard_of: Any
) -> None:
    """message_changed: `edited` has "the user who made the edit and the time"."""
    ts = await sandbox.post(ada, channel, "Hlep")
    await sandbox.edit(ada, channel, ts, "Help")
    assert (await the_change(heard_of))["message"]["edited"]["user"] == ada


async def test_another_app_writes_under_its_own_bot(
    sandbox: Sandbox, client: AsyncWebClient, channel: str, heard_of: Any
) -> None:
    """bot_message: "a message was posted by an integration"; its words may be in blocks alone."""
    jira = sandbox.add_app("Jira")
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "ACME-1 is open"}}
    await sandbox.post_as_app(jira, channel, blocks=[block])
    await sandbox.post_as_app(jira, channel, "Hello", username="Jira Cloud")
    plain, named = await heard_of("message")
    assert (plain["bot_id"], plain["text"], "subtype" in plain) == (jira, "", False)
    assert plain["blocks"][0]["text"]["text"] == "ACME-1 is open"
    assert (named["subtype"], named["username"], "user" in named) == (
        "bot_message",
        "Jira Cloud",
        False,
    )
    assert (await client.bots_info(bot=jira))["bot"]["name"] == "Jira"
    with pytest.raises(ImpossibleError, match="no app B404"):
        await sandbox.post_as_app("B404", channel, "a")


async def test_what_me_writes_has_a_subtype(
    sandbox: Sandbox, ada: str, channel: str, heard_of: Any
) -> None:
    """me_message: "A /me message was sent"."""
    await sandbox.post(ada, channel, "waits", me=True)
    [event] = await heard_of("message")
    assert (event["subtype"], event["text"]) == ("me_message", "waits")


async def test_one_gesture_can_arrive_under_two_timestamps(
    sandbox: Sandbox, ada: str, channel: str, heard_of: Any
) -> None:
    """client_msg_id is the client's own name for what it sends, also when it sends it twice."""
    for _ in range(2):
        await sandbox.post(ada, channel, "Help", client_msg_id="once")
    first, second = await heard_of("message")
    assert first["client_msg_id"] == second["client_msg_id"] == "once"
    assert first["ts"] != second["ts"]


async def test_what_is_not_there_cannot_change(sandbox: Sandbox, channel: str) -> None:
    """Slack enriches standing messages only."""
    with pytest.raises(ImpossibleError, match="no message 1"):
        await sandbox.unfurl(channel, "1.000001", LINK)
