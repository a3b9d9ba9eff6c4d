"""Conversations, people, teams and reactions in the Web API."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import ImpossibleError, Sandbox


async def test_a_shared_channel_names_the_other_workspace(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    """Conversation object: `is_ext_shared`, `connected_team_ids`, `is_private`."""
    team = sandbox.add_team("Acme Inc")
    shared = sandbox.add_channel("acme", shared_with=team, channel_id="C0ACME")
    own = sandbox.add_channel("triage", private=True)
    outside = (await client.conversations_info(channel=shared, include_num_members=True))["channel"]
    inside = (await client.conversations_info(channel=own))["channel"]
    assert shared == "C0ACME"
    assert (outside["is_ext_shared"], outside["is_private"]) == (True, False)
    assert outside["connected_team_ids"] == [team]
    assert outside["num_members"] == 1
    assert (inside["is_ext_shared"], inside["is_private"]) == (False, True)
    assert inside["is_member"]


async def test_people_outside_are_visible_while_a_channel_is_shared(
    sandbox: Sandbox, client: AsyncWebClient, refused: Any
) -> None:
    """user_not_visible: "The requested user is not visible to the calling user"."""
    team = sandbox.add_team("Acme Inc")
    wile, far = sandbox.add_user("Wile", team=team), sandbox.add_user("Far", team=team)
    sandbox.add_channel("acme", members=[wile], shared_with=team)
    seen = (await client.users_info(user=wile))["user"]
    assert (seen["team_id"], seen["real_name"]) == (team, "Wile")
    assert "tz" not in seen, "people outside show little more than their name"
    assert (await refused(client.users_info(user=far)))["error"] == "user_not_visible"
    assert (await refused(client.users_info(user="U404")))["error"] == "user_not_found"
    posted = await refused(client.chat_postMessage(channel=far, text="a"))
    assert posted["error"] == "channel_not_found"
    assert (await refused(client.conversations_open(users=far)))["error"] == "user_not_visible"


async def test_our_people_are_listed_page_by_page(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """users.list: the users of our workspace, by `limit` and `cursor`."""
    sandbox.add_user("Wile", team=sandbox.add_team("Acme Inc"))
    for name in ("Ada", "Bob", "Cid"):
        sandbox.add_user(name)
    names, cursor = [], ""
    while True:
        page = await client.users_list(limit=2, cursor=cursor)
        names += [member["real_name"] for member in page["members"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert names == ["deskbell", "Ada", "Bob", "Cid"]


async def test_members_are_listed_and_a_bot_joins_public_channels(
    sandbox: Sandbox, client: AsyncWebClient, refused: Any
) -> None:
    """conversations.join: public channels only, method_not_supported_for_channel_type."""
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada], bot=False)
    assert (await client.conversations_members(channel=channel))["members"] == [ada]
    await client.conversations_join(channel=channel)
    members = (await client.conversations_members(channel=channel))["members"]
    assert set(members) == {ada, sandbox.bot_user_id}
    own = sandbox.add_channel("own", private=True)
    answer = await refused(client.conversations_join(channel=own))
    assert answer["error"] == "method_not_supported_for_channel_type"
    sandbox.leave(sandbox.bot_user_id, channel)
    answer = await refused(client.chat_postMessage(channel=channel, text="a"))
    assert answer["error"] == "not_in_channel"


async def test_a_conversation_needs_an_active_person(
    sandbox: Sandbox, client: AsyncWebClient, refused: Any
) -> None:
    """conversations.open: users_list_not_supplied, user_disabled."""
    nobody = await refused(client.conversations_open(users=""))
    assert nobody["error"] == "users_list_not_supplied"
    ada = sandbox.add_user("Ada")
    sandbox.deactivate(ada)
    assert (await refused(client.conversations_open(users=ada)))["error"] == "user_disabled"


async def test_bots_info_team_info_and_api_test(
    sandbox: Sandbox, client: AsyncWebClient, refused: Any
) -> None:
    """bots.info, team.info, api.test: bot_not_found, team_not_found, the requested error."""
    bot = (await client.bots_info(bot=sandbox.bot_id))["bot"]
    assert (bot["id"], bot["user_id"]) == (sandbox.bot_id, sandbox.bot_user_id)
    assert (await refused(client.bots_info(bot="B404")))["error"] == "bot_not_found"
    assert (await client.team_info())["team"]["id"] == sandbox.team_id
    assert (await refused(client.team_info(team="T404")))["error"] == "team_not_found"
    assert (await client.api_test(foo="bar"))["args"]["foo"] == "bar"
    assert (await refused(client.api_test(error="my_error")))["error"] == "my_error"


async def test_a_reaction_is_added_and_removed_a_single_time(
    sandbox: Sandbox, client: AsyncWebClient, refused: Any
) -> None:
    """already_reacted, no_reaction, invalid_name, no_item_specified, bad_timestamp,
    message_not_found."""
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    ts = await sandbox.post(ada, channel, "a")
    on: dict[str, Any] = {"channel": channel, "timestamp": ts}
    await client.reactions_add(name="ticket", **on)
    assert (await refused(client.reactions_add(name="ticket", **on)))["error"] == "already_reacted"
    history = await client.conversations_history(channel=channel)
    assert history["messages"][0]["reactions"] == [
        {"name": "ticket", "users": [sandbox.bot_user_id], "count": 1}
    ]
    await client.reactions_remove(name="ticket", **on)
    assert (await refused(client.reactions_remove(name="ticket", **on)))["error"] == "no_reaction"
    assert (await refused(client.reactions_add(name=":x:", **on)))["error"] == "invalid_name"
    gone = await refused(client.reactions_add(name="x", channel=channel, timestamp="1.0"))
    assert gone["error"] == "message_not_found"
    nowhere = await refused(client.reactions_add(name="x", channel=channel, timestamp=""))
    assert nowhere["error"] == "no_item_specified"
    noon = await refused(client.reactions_add(name="x", channel=channel, timestamp="noon"))
    assert noon["error"] == "bad_timestamp"


async def test_a_test_call_needs_no_token(sandbox: Sandbox) -> None:
    """api.test needs no token, and no scope."""
    client = AsyncWebClient(base_url=sandbox.api_url)
    assert (await client.api_test())["ok"]


async def test_the_conversations_of_the_bot_are_listed(
    sandbox: Sandbox, client: AsyncWebClient, refused: Any
) -> None:
    """users.conversations: "conversations the calling user is a member of", by `types`."""
    ada = sandbox.add_user("Ada")
    here = sandbox.add_channel("acme", members=[ada])
    old = sandbox.add_channel("old")
    sandbox.archive(old)
    sandbox.add_channel("elsewhere", members=[ada], bot=False)
    private = sandbox.add_channel("triage", private=True)
    sandbox.add_channel("hr", members=[ada], private=True, bot=False)
    direct = sandbox.direct_channel(ada)

    async def channel_ids(**given: Any) -> list[str]:
        channels = (await client.users_conversations(**given))["channels"]
        return [item["id"] for item in channels]

    assert await channel_ids() == [here, old]
    assert await channel_ids(exclude_archived=True) == [here]
    assert await channel_ids(types="private_channel,im") == [private, direct]
    page = await client.users_conversations(limit=1)
    rest = await channel_ids(cursor=page["response_metadata"]["next_cursor"])
    assert [page["channels"][0]["id"], *rest] == [here, old]
    everywhere = await client.users_conversations(user=ada, types="public_channel,private_channel")
    assert [item["name"] for item in everywhere["channels"]] == ["acme", "elsewhere"]
    assert (await refused(client.users_conversations(types="dm")))["error"] == "invalid_types"


async def test_a_removed_reaction_sends_an_event(sandbox: Sandbox, received_events: Any) -> None:
    """reaction_removed has `user`, `reaction` and `item`, as reaction_added does."""
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    ts = await sandbox.post(ada, channel, "Help")
    await sandbox.react(ada, channel, ts, "ticket")
    await sandbox.unreact(ada, channel, ts, "ticket")
    [removed] = await received_events("reaction_removed")
    assert (removed["user"], removed["reaction"]) == (ada, "ticket")
    assert removed["item"] == {"type": "message", "channel": channel, "ts": ts}
    with pytest.raises(ImpossibleError, match="has put no :ticket:"):
        await sandbox.unreact(ada, channel, ts, "ticket")
