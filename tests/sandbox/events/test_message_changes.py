"""The causes of `message_changed` other than edits (message_changed, message_replied), and the
messages of other apps (bot_message).
"""

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


async def the_change(received_events: Any) -> Any:
    """Return the only `message_changed` event."""
    events = await received_events("message")
    [change] = [event for event in events if event.get("subtype") == "message_changed"]
    return change


async def test_a_link_preview_changes_a_message_without_an_edit(
    sandbox: Sandbox, ada: str, channel: str, received_events: Any
) -> None:
    """Unfurling adds an attachment to the message and does not set `edited`."""
    ts = await sandbox.post(ada, channel, f"See {LINK}")
    await sandbox.unfurl(channel, ts, LINK, "Example Domain")
    change = await the_change(received_events)
    assert change["message"]["attachments"][0]["from_url"] == LINK
    assert "attachments" not in change["previous_message"]
    assert change["message"]["text"] == change["previous_message"]["text"]
    assert "edited" not in change["message"]


async def test_a_detected_language_changes_a_message(
    sandbox: Sandbox, ada: str, channel: str, received_events: Any
) -> None:
    """ "This event can also sometimes be triggered by our automatic language detection"."""
    ts = await sandbox.post(ada, channel, "Hilfe")
    await sandbox.detect_language(channel, ts, "de")
    change = await the_change(received_events)
    assert change["message"]["language"]["locale"] == "de"
    assert "edited" not in change["message"]


async def test_a_new_reply_changes_the_parent_message(
    sandbox: Sandbox, ada: str, channel: str, received_events: Any
) -> None:
    """The parent of a thread has `reply_count`, `reply_users` and `latest_reply`."""
    ts = await sandbox.post(ada, channel, "Help")
    reply = await sandbox.post(ada, channel, "Anyone?", thread_ts=ts)
    await sandbox.count_replies(channel, ts)
    changed = (await the_change(received_events))["message"]
    assert (changed["ts"], changed["reply_count"], changed["latest_reply"]) == (ts, 1, reply)
    assert "edited" not in changed


async def test_message_replied_has_no_subtype(
    sandbox: Sandbox, ada: str, channel: str, received_events: Any
) -> None:
    """message_replied: "This event is missing the `subtype` field when dispatched over the Events
    API". The event therefore looks like a message without author and text.
    """
    ts = await sandbox.post(ada, channel, "Help")
    reply = await sandbox.post(ada, channel, "Anyone?", thread_ts=ts)
    await sandbox.tell_of_reply(channel, ts)
    [event] = [event for event in await received_events("message") if event.get("hidden")]
    assert not {"subtype", "user", "text"} & event.keys()
    assert event["message"]["replies"] == [{"user": ada, "ts": reply}]


async def test_only_the_edit_of_a_person_sets_edited(
    sandbox: Sandbox, ada: str, channel: str, received_events: Any
) -> None:
    """message_changed: `edited` has "the user who made the edit and the time"."""
    ts = await sandbox.post(ada, channel, "Hlep")
    await sandbox.edit(ada, channel, ts, "Help")
    assert (await the_change(received_events))["message"]["edited"]["user"] == ada


async def test_a_message_of_another_app_has_its_bot_id(
    sandbox: Sandbox, client: AsyncWebClient, channel: str, received_events: Any
) -> None:
    """bot_message: "a message was posted by an integration"; blocks can replace the text."""
    jira = sandbox.add_app("Jira")
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "ACME-1 is open"}}
    await sandbox.post_as_app(jira, channel, blocks=[block])
    await sandbox.post_as_app(jira, channel, "Hello", username="Jira Cloud")
    plain, named = await received_events("message")
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


async def test_a_me_message_has_a_subtype(
    sandbox: Sandbox, ada: str, channel: str, received_events: Any
) -> None:
    """me_message: "A /me message was sent"."""
    await sandbox.post(ada, channel, "waits", me=True)
    [event] = await received_events("message")
    assert (event["subtype"], event["text"]) == ("me_message", "waits")


async def test_two_messages_can_share_a_client_msg_id(
    sandbox: Sandbox, ada: str, channel: str, received_events: Any
) -> None:
    """client_msg_id is the client's name for a gesture, also if the client sends it twice."""
    for _ in range(2):
        await sandbox.post(ada, channel, "Help", client_msg_id="once")
    first, second = await received_events("message")
    assert first["client_msg_id"] == second["client_msg_id"] == "once"
    assert first["ts"] != second["ts"]


async def test_a_missing_message_cannot_change(sandbox: Sandbox, channel: str) -> None:
    """Slack changes existing messages only."""
    with pytest.raises(ImpossibleError, match="no message 1"):
        await sandbox.unfurl(channel, "1.000001", LINK)
