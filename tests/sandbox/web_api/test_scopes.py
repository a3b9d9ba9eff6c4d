"""The app has the rights of its manifest and no other rights."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import ImpossibleError, Sandbox
from bot.sandbox.web_api.methods import METHODS
from bot.sandbox.workspace.rights import CHANNEL_SCOPES, METHOD_SCOPES, Rights
from bot.time_source import ManualTimeSource

Json = dict[str, Any]

WITHOUT_SCOPE = {"api.test", "auth.test", "chat.getPermalink"}


def manifest(*scopes: str, events: tuple[str, ...] = (), **features: Any) -> Json:
    return {
        "features": features,
        "oauth_config": {"scopes": {"bot": list(scopes)}},
        "settings": {"event_subscriptions": {"bot_events": list(events)}},
    }


@pytest.fixture
async def sandbox(clock: ManualTimeSource) -> AsyncIterator[Sandbox]:
    may = manifest(
        "chat:write",
        "channels:history",
        "channels:read",
        events=("message.channels",),
        slash_commands=[{"command": "/desk"}],
        shortcuts=[{"callback_id": "open_ticket", "type": "message"}],
    )
    async with Sandbox(clock, rate_limits=False, manifest=may) as box:
        yield box


async def test_a_missing_scope_is_refused_with_needed_and_provided(
    sandbox: Sandbox, client: AsyncWebClient, refused: Any
) -> None:
    """missing_scope: "The token used is not granted the specific scope permissions required"."""
    answer = await refused(client.users_info(user=sandbox.bot_user_id))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "users:read")
    assert answer["provided"] == "channels:history,channels:read,chat:write"


async def test_every_answer_names_the_scopes(
    sandbox: Sandbox, client: AsyncWebClient, refused: Any
) -> None:
    """Web API, "HTTP headers": `x-oauth-scopes` and `x-accepted-oauth-scopes`."""
    channel = sandbox.add_channel("acme")
    good = await client.chat_postMessage(channel=channel, text="a")
    bad = await refused(client.users_list())
    for answer, accepted in ((good, "chat:write"), (bad, "users:read")):
        assert answer.headers["x-oauth-scopes"] == "channels:history,channels:read,chat:write"
        assert answer.headers["x-accepted-oauth-scopes"] == accepted


async def test_the_scope_depends_on_the_kind_of_channel(
    sandbox: Sandbox, client: AsyncWebClient, refused: Any
) -> None:
    """conversations.history: channels:history, groups:history, im:history."""
    ada = sandbox.add_user("Ada")
    private = sandbox.add_channel("secret", private=True)
    direct = sandbox.direct_channel(ada)
    for channel, needed in ((private, "groups:history"), (direct, "im:history")):
        answer = await refused(client.conversations_history(channel=channel))
        assert (answer["error"], answer["needed"]) == ("missing_scope", needed)
    assert (await client.conversations_history(channel=sandbox.add_channel("acme")))["ok"]


async def test_a_username_needs_chat_write_customize(
    sandbox: Sandbox, client: AsyncWebClient, refused: Any
) -> None:
    """chat.postMessage, "Authorship": `chat:write.customize`; the call is refused without it."""
    channel = sandbox.add_channel("acme")
    for name in ("username", "icon_emoji", "icon_url"):
        call = client.api_call("chat.postMessage", json={"channel": channel, name: "Grace"})
        assert (await refused(call))["needed"] == "chat:write.customize"
    assert sandbox.messages(channel) == []


async def test_chat_write_public_posts_without_membership(
    clock: ManualTimeSource,
) -> None:
    """chat:write.public: "post messages to channels without joining"."""
    may = manifest("chat:write", "chat:write.public")
    async with Sandbox(clock, manifest=may) as box:
        client = AsyncWebClient(box.bot_token, base_url=box.api_url)
        elsewhere = box.add_channel("elsewhere", bot=False)
        assert (await client.chat_postMessage(channel=elsewhere, text="a"))["ok"]


async def test_only_subscribed_events_are_sent(sandbox: Sandbox) -> None:
    """Events API, "Subscribing to event types": here only `message.channels`."""
    ada = sandbox.add_user("Ada")
    public = sandbox.add_channel("acme", members=[ada])
    private = sandbox.add_channel("secret", members=[ada], private=True)
    ts = await sandbox.post(ada, private, "not told")
    await sandbox.react(ada, private, ts, "eyes")
    assert sandbox.undelivered == 0
    await sandbox.post(ada, public, "told")
    assert sandbox.undelivered == 1


def test_a_subscription_without_its_scope_is_refused() -> None:
    """Each event's page names its required scopes; Slack refuses a manifest without them."""
    with pytest.raises(ImpossibleError, match=r"message\.groups needs the scope groups:history"):
        Rights.of(manifest("channels:history", events=("message.groups",)))
    with pytest.raises(ImpossibleError, match="needs channels:read or groups:read"):
        Rights.of(manifest("chat:write", events=("member_joined_channel",)))


async def test_commands_and_shortcuts_have_to_be_in_the_manifest(sandbox: Sandbox) -> None:
    """Manifest reference: `slash_commands`, `shortcuts` with their type, `interactivity`."""
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    ts = await sandbox.post(ada, channel, "Help")
    with pytest.raises(ImpossibleError, match="no /other"):
        await sandbox.command(ada, channel, "/other")
    with pytest.raises(ImpossibleError, match="no global shortcut open_ticket"):
        await sandbox.global_shortcut(ada, "open_ticket")
    chosen = await sandbox.shortcut(ada, channel, ts, "open_ticket")
    assert (chosen.acked, chosen.error) == (False, "interactivity_not_enabled")


def test_every_method_has_a_scope_or_needs_no_scope() -> None:
    """ "Required scopes" of each method's page; users.conversations depends on its `types`."""
    scoped = {"users.conversations"} | set(METHOD_SCOPES) | set(CHANNEL_SCOPES)
    views = {name for name in METHODS if name.startswith("views.")}
    assert set(METHODS) - scoped == WITHOUT_SCOPE | views


async def test_a_disabled_tab_is_refused(clock: ManualTimeSource, refused: Any) -> None:
    """views.publish: not_enabled; chat.postMessage to a person: messages_tab_disabled. Manifest
    reference: `home_tab_enabled`, `messages_tab_enabled`; without a documented default they
    count as disabled.
    """
    without = manifest("chat:write")
    async with Sandbox(clock, rate_limits=False, manifest=without) as sandbox:
        client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
        ada = sandbox.add_user("Ada")
        home = {"type": "home", "blocks": []}
        published = await refused(client.views_publish(user_id=ada, view=home))
        posted = await refused(client.chat_postMessage(channel=ada, text="Ping"))
        assert (published["error"], posted["error"]) == ("not_enabled", "messages_tab_disabled")


async def test_the_requested_types_need_their_scopes(
    sandbox: Sandbox, client: AsyncWebClient, refused: Any
) -> None:
    """users.conversations: channels:read, groups:read, im:read."""
    assert (await client.users_conversations())["channels"] == []
    answer = await refused(client.users_conversations(types="public_channel,im"))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "im:read")
