"""The events about channels, people and the app, and the state after each."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import ImpossibleError, Sandbox


@pytest.fixture
def ada(sandbox: Sandbox) -> str:
    return sandbox.add_user("Ada")


@pytest.fixture
def channel(sandbox: Sandbox, ada: str) -> str:
    return sandbox.add_channel("acme", members=[ada])


async def test_an_unarchived_channel_accepts_messages_again(
    sandbox: Sandbox,
    client: AsyncWebClient,
    ada: str,
    channel: str,
    received_events: Any,
    refused: Any,
) -> None:
    """channel_archive and channel_unarchive have `channel` and `user`."""
    sandbox.archive(channel, by=ada)
    answer = await refused(client.chat_postMessage(channel=channel, text="a"))
    assert answer["error"] == "is_archived"
    assert (await client.conversations_info(channel=channel))["channel"]["is_archived"]
    sandbox.unarchive(channel, by=ada)
    assert (await client.chat_postMessage(channel=channel, text="a"))["ok"]
    events = await received_events("channel_archive", "channel_unarchive")
    assert [event["type"] for event in events] == ["channel_archive", "channel_unarchive"]
    assert {(event["channel"], event["user"]) for event in events} == {(channel, ada)}


async def test_the_events_of_a_private_channel_start_with_group(
    sandbox: Sandbox, ada: str, received_events: Any
) -> None:
    """group_archive, group_rename, group_left, group_deleted."""
    secret = sandbox.add_channel("secret", members=[ada], private=True)
    sandbox.rename(secret, "more-secret")
    sandbox.archive(secret)
    sandbox.leave(sandbox.bot_user_id, secret, by=ada)
    other = sandbox.add_channel("other", private=True)
    sandbox.delete_channel(other)
    kinds = [
        event["type"] for event in await received_events() if event["type"].startswith("group_")
    ]
    assert kinds == ["group_rename", "group_archive", "group_left", "group_deleted"]


async def test_a_renamed_channel_keeps_its_id(
    sandbox: Sandbox, client: AsyncWebClient, ada: str, channel: str, received_events: Any
) -> None:
    """channel_rename: `channel` is an object; Slack posts a message of the subtype channel_name."""
    sandbox.rename(channel, "acme-support", by=ada)
    event, note = await received_events("channel_rename", "message")
    assert (event["channel"]["id"], event["channel"]["name"]) == (channel, "acme-support")
    assert (note["subtype"], note["user"]) == ("channel_name", ada)
    shown = (await client.conversations_info(channel=channel))["channel"]
    assert shown["name"] == "acme-support"


async def test_a_deleted_channel_is_not_found(
    sandbox: Sandbox, client: AsyncWebClient, channel: str, received_events: Any, refused: Any
) -> None:
    """channel_deleted; then channel_not_found: "Value passed for `channel` was invalid"."""
    sandbox.delete_channel(channel)
    [event] = await received_events("channel_deleted")
    assert event["channel"] == channel
    for call in (
        client.chat_postMessage(channel=channel, text="a"),
        client.conversations_history(channel=channel),
        client.conversations_info(channel=channel),
    ):
        assert (await refused(call))["error"] == "channel_not_found"


async def test_the_content_of_a_channel_moves_to_its_new_id(
    sandbox: Sandbox,
    client: AsyncWebClient,
    ada: str,
    channel: str,
    received_events: Any,
    refused: Any,
) -> None:
    """channel_id_changed: "you will need the channel's new ID"."""
    first = await sandbox.post(ada, channel, "first", files=[{"name": "a.png"}])
    card = await client.chat_postMessage(channel=channel, text="card", thread_ts=first)
    new = sandbox.change_id(channel)
    [event] = await received_events("channel_id_changed")
    assert (event["old_channel_id"], event["new_channel_id"]) == (channel, new)
    for call in (
        client.chat_postMessage(channel=channel, text="a"),
        client.chat_update(channel=channel, ts=card["ts"], text="b"),
        client.conversations_replies(channel=channel, ts=first),
    ):
        assert (await refused(call))["error"] == "channel_not_found"
    thread = await client.conversations_replies(channel=new, ts=first)
    assert [message["text"] for message in thread["messages"]] == ["first", "card"]
    await client.chat_update(channel=new, ts=card["ts"], text="card again")
    later = await sandbox.post(ada, new, "later")
    assert later > card["ts"], "the timestamps continue under the new id"
    assert [message.text for message in sandbox.messages(new)] == ["first", "later"]


async def test_a_response_url_stays_valid_when_the_channel_id_changes(
    sandbox: Sandbox, ada: str, channel: str, bodies: list[Any], eventually: Any
) -> None:
    """A response_url is valid for 30 minutes, also if the ID of its channel changes."""
    await sandbox.command(ada, channel, "/desk")
    address = next(body["response_url"] for body in bodies if "response_url" in body)
    new = sandbox.change_id(channel)
    client = AsyncWebClient()
    await client.api_call(address, json={"text": "a", "response_type": "in_channel"})
    assert [message.text for message in sandbox.messages(new)] == ["a"]


async def test_a_private_channel_that_is_shared_gets_a_new_id(
    sandbox: Sandbox, client: AsyncWebClient, ada: str, received_events: Any
) -> None:
    """channel_id_changed comes first, then channel_shared with `connected_team_id`."""
    team = sandbox.add_team("Acme Inc")
    wile = sandbox.add_user("Wile", team=team)
    secret = sandbox.add_channel("secret", members=[ada], private=True, channel_id="G012345")
    shared = sandbox.share(secret, team)
    assert shared != secret
    sandbox.join(wile, shared)
    change, share = await received_events("channel_id_changed", "channel_shared")
    assert (change["type"], change["new_channel_id"]) == ("channel_id_changed", shared)
    assert (share["channel"], share["connected_team_id"]) == (shared, team)
    shown = (await client.conversations_info(channel=shared))["channel"]
    assert (shown["is_ext_shared"], shown["is_private"]) == (True, True)
    assert shown["connected_team_ids"] == [team]


async def test_a_public_channel_keeps_its_id_when_it_is_shared_and_unshared(
    sandbox: Sandbox,
    client: AsyncWebClient,
    ada: str,
    channel: str,
    received_events: Any,
    refused: Any,
) -> None:
    """channel_unshared: `previously_connected_team_id`, `is_ext_shared`; their people leave."""
    team = sandbox.add_team("Acme Inc")
    wile = sandbox.add_user("Wile", team=team)
    assert sandbox.share(channel, team) == channel
    sandbox.join(wile, channel)
    sandbox.unshare(channel)
    [event] = await received_events("channel_unshared")
    assert (event["previously_connected_team_id"], event["is_ext_shared"]) == (team, False)
    members = (await client.conversations_members(channel=channel))["members"]
    assert set(members) == {ada, sandbox.bot_user_id}
    assert (await refused(client.users_info(user=wile)))["error"] == "user_not_visible"
    with pytest.raises(ImpossibleError, match="not in #acme"):
        await sandbox.post(wile, channel, "Still there?")


async def test_a_removed_bot_receives_a_last_event(
    sandbox: Sandbox,
    client: AsyncWebClient,
    ada: str,
    channel: str,
    received_events: Any,
    refused: Any,
) -> None:
    """channel_left: `channel` and `actor_id`; afterwards not_in_channel."""
    sandbox.leave(sandbox.bot_user_id, channel, by=ada)
    await sandbox.post(ada, channel, "Alone at last")
    [event] = await received_events()
    assert (event["type"], event["channel"], event["actor_id"]) == ("channel_left", channel, ada)
    answer = await refused(client.chat_postMessage(channel=channel, text="a"))
    assert answer["error"] == "not_in_channel"


async def test_joining_and_leaving_send_events_and_post_notices(
    sandbox: Sandbox, ada: str, channel: str, client: AsyncWebClient, received_events: Any
) -> None:
    """member_joined_channel has `inviter`. The messages channel_join and channel_leave are in the
    history and have no author.
    """
    bob = sandbox.add_user("Bob")
    sandbox.join(bob, channel, by=ada)
    sandbox.leave(bob, channel)
    joined, join, left, leave = await received_events()
    assert (joined["type"], joined["user"], joined["inviter"]) == (
        "member_joined_channel",
        bob,
        ada,
    )
    assert (left["type"], left["user"]) == ("member_left_channel", bob)
    assert (join["subtype"], leave["subtype"]) == ("channel_join", "channel_leave")
    history = await client.conversations_history(channel=channel)
    assert [message["subtype"] for message in history["messages"]] == [
        "channel_leave",
        "channel_join",
    ]
    assert sandbox.messages(channel) == []
    assert len(sandbox.messages(channel, notes=True)) == 2


async def test_a_renamed_or_deactivated_person_sends_user_change(
    sandbox: Sandbox, client: AsyncWebClient, ada: str, channel: str, received_events: Any
) -> None:
    """user_change has the whole user; a deactivated account is `deleted`."""
    sandbox.rename_user(ada, "Ada Lovelace")
    assert (await client.users_info(user=ada))["user"]["real_name"] == "Ada Lovelace"
    sandbox.deactivate(ada)
    assert (await client.users_info(user=ada))["user"]["deleted"]
    renamed, closed = await received_events("user_change")
    assert (renamed["user"]["id"], renamed["user"]["real_name"]) == (ada, "Ada Lovelace")
    assert (renamed["user"]["deleted"], closed["user"]["deleted"]) == (False, True)
    with pytest.raises(ImpossibleError, match="is not in #acme"):
        await sandbox.post(ada, channel, "a")


async def test_an_uninstalled_app_is_notified_and_disconnected(
    sandbox: Sandbox, client: AsyncWebClient, bodies: list[Any], eventually: Any, refused: Any
) -> None:
    """app_uninstalled and tokens_revoked, then account_inactive; the sockets are closed."""
    await sandbox.uninstall()
    await eventually(lambda: not sandbox.connected.is_set())
    kinds = [body["event"]["type"] for body in bodies]
    assert kinds == ["app_uninstalled", "tokens_revoked"]
    assert (await refused(client.auth_test()))["error"] == "account_inactive"
