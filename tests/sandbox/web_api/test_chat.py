"""The chat methods, with the errors that Slack documents."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox


@pytest.fixture
def ada(sandbox: Sandbox) -> str:
    return sandbox.add_user("Ada")


@pytest.fixture
def channel(sandbox: Sandbox, ada: str) -> str:
    return sandbox.add_channel("acme", members=[ada])


async def test_a_call_without_a_token_is_not_authed(sandbox: Sandbox, refused: Any) -> None:
    """not_authed: "No authentication token provided"."""
    client = AsyncWebClient(base_url=sandbox.api_url)
    assert (await refused(client.auth_test()))["error"] == "not_authed"


async def test_an_unknown_token_is_invalid(sandbox: Sandbox, refused: Any) -> None:
    """invalid_auth: "Some aspect of authentication cannot be validated"."""
    client = AsyncWebClient("xoxb-somebody-else", base_url=sandbox.api_url)
    assert (await refused(client.auth_test()))["error"] == "invalid_auth"


async def test_a_method_refuses_the_wrong_kind_of_token(
    sandbox: Sandbox, client: AsyncWebClient, refused: Any
) -> None:
    """not_allowed_token_type: "The token type used in this request is not allowed"."""
    bot_for_app = await refused(client.apps_connections_open(app_token=sandbox.bot_token))
    app_for_bot = await refused(client.auth_test(token=sandbox.app_token))
    assert bot_for_app["error"] == app_for_bot["error"] == "not_allowed_token_type"


async def test_auth_test_names_the_bot(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """auth.test: `user_id`, `bot_id`, `team_id` and `url`."""
    answer = await client.auth_test()
    assert answer["user_id"] == sandbox.bot_user_id
    assert answer["bot_id"] == sandbox.bot_id
    assert answer["team_id"] == sandbox.team_id


async def test_an_unknown_method_is_refused(client: AsyncWebClient, refused: Any) -> None:
    """unknown_method, with the name in `req_method`."""
    answer = await refused(client.api_call("chat.shout"))
    assert (answer["error"], answer["req_method"]) == ("unknown_method", "chat.shout")


async def test_a_malformed_body_is_refused(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """invalid_json and json_not_object, as Slack documents for JSON bodies."""
    headers = {"Authorization": f"Bearer {sandbox.bot_token}", "Content-Type": "application/json"}
    async with aiohttp.ClientSession(headers=headers) as session:
        for body, error in (("{", "invalid_json"), ("[]", "json_not_object")):
            async with session.post(sandbox.api_url + "auth.test", data=body) as answer:
                assert (await answer.json())["error"] == error


async def test_a_form_works_like_json(sandbox: Sandbox, channel: str) -> None:
    """Using the Web API: form-encoded, or JSON with the token in the header `Authorization`."""
    form = {
        "token": sandbox.bot_token,
        "channel": channel,
        "blocks": '[{"type": "divider"}]',
        "metadata": '{"event_type": "a", "event_payload": {"b": 1}}',
    }
    address = sandbox.api_url + "chat.postMessage"
    async with aiohttp.ClientSession() as session, session.post(address, data=form) as answer:
        assert (await answer.json())["ok"] is True
    [message] = sandbox.messages(channel)
    assert message.blocks[0]["type"] == "divider"
    assert message.metadata == {"event_type": "a", "event_payload": {"b": 1}}
    assert "token" not in sandbox.calls("chat.postMessage")[0].args


async def test_an_unknown_channel_is_not_found(client: AsyncWebClient, refused: Any) -> None:
    """channel_not_found: "Value passed for `channel` was invalid"."""
    answer = await refused(client.chat_postMessage(channel="C404", text="Anybody?"))
    assert answer["error"] == "channel_not_found"


async def test_a_public_channel_without_the_bot_refuses_its_messages(
    sandbox: Sandbox, client: AsyncWebClient, ada: str, refused: Any
) -> None:
    """not_in_channel: "Cannot post user messages to a channel they are not in"."""
    elsewhere = sandbox.add_channel("elsewhere", members=[ada], bot=False)
    answer = await refused(client.chat_postMessage(channel=elsewhere, text="Hello"))
    assert answer["error"] == "not_in_channel"
    assert (await refused(client.conversations_history(channel=elsewhere)))["error"] == (
        "not_in_channel"
    )


async def test_a_private_channel_without_the_bot_is_not_found(
    sandbox: Sandbox, client: AsyncWebClient, ada: str, refused: Any
) -> None:
    """channel_not_found, because a bot sees a private channel only as a member."""
    secret = sandbox.add_channel("secret", members=[ada], bot=False, private=True)
    for call in (
        client.chat_postMessage(channel=secret, text="Hello"),
        client.conversations_info(channel=secret),
    ):
        assert (await refused(call))["error"] == "channel_not_found"


async def test_an_archived_channel_refuses_messages(
    sandbox: Sandbox, client: AsyncWebClient, channel: str, refused: Any
) -> None:
    """is_archived: "Channel has been archived"."""
    ts = (await client.chat_postMessage(channel=channel, text="Hello"))["ts"]
    sandbox.archive(channel)
    post = await refused(client.chat_postMessage(channel=channel, text="Hello"))
    update = await refused(client.chat_update(channel=channel, ts=ts, text="Hello"))
    assert (post["error"], update["error"]) == ("is_archived", "is_inactive")


async def test_a_message_needs_a_text(client: AsyncWebClient, channel: str, refused: Any) -> None:
    """no_text: "No message text provided"."""
    answer = await refused(client.api_call("chat.postMessage", json={"channel": channel}))
    assert answer["error"] == "no_text"


async def test_a_text_can_be_too_long(client: AsyncWebClient, channel: str, refused: Any) -> None:
    """msg_too_long: over 40,000 when posted; in an update it "cannot exceed 4,000 characters"."""
    longest = await client.chat_postMessage(channel=channel, text="a" * 40_000)
    longer = await refused(client.chat_postMessage(channel=channel, text="a" * 40_001))
    assert longer["error"] == "msg_too_long"
    ts = longest["ts"]
    await client.chat_update(channel=channel, ts=ts, text="a" * 4_000)
    update = await refused(client.chat_update(channel=channel, ts=ts, text="a" * 4_001))
    assert update["error"] == "msg_too_long"


async def test_a_message_has_at_most_100_attachments(
    client: AsyncWebClient, channel: str, refused: Any
) -> None:
    """too_many_attachments: "A maximum of 100 attachments are allowed on a message"."""
    attachment = {"fallback": "a"}
    await client.chat_postMessage(channel=channel, text="a", attachments=[attachment] * 100)
    call = client.chat_postMessage(channel=channel, text="a", attachments=[attachment] * 101)
    assert (await refused(call))["error"] == "too_many_attachments"


async def test_all_blocks_together_can_be_too_long(
    client: AsyncWebClient, channel: str, refused: Any
) -> None:
    """msg_blocks_too_long: "Blocks submitted with this message are too long"."""
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "a" * 2_900}}
    await client.chat_postMessage(channel=channel, text="fits", blocks=[block] * 4)
    answer = await refused(client.chat_postMessage(channel=channel, text="no", blocks=[block] * 5))
    assert answer["error"] == "msg_blocks_too_long"


@pytest.mark.parametrize(
    "metadata",
    [
        {"event_payload": {}},
        {"event_type": "a"},
        {"event_type": "a", "event_payload": "b"},
        {"event_type": 1, "event_payload": {}},
    ],
)
async def test_metadata_needs_a_type_and_an_object(
    client: AsyncWebClient, channel: str, refused: Any, metadata: dict[str, Any]
) -> None:
    """invalid_metadata_format: "Invalid metadata format provided"."""
    answer = await refused(client.chat_postMessage(channel=channel, text="a", metadata=metadata))
    assert answer["error"] == "invalid_metadata_format"


async def test_blocks_have_to_be_a_list(client: AsyncWebClient, channel: str, refused: Any) -> None:
    """invalid_blocks_format: "The `blocks` is not a valid JSON object"."""
    answer = await refused(client.chat_postMessage(channel=channel, text="a", blocks="{not json"))
    assert answer["error"] == "invalid_blocks_format"


async def test_every_problem_of_invalid_blocks_is_listed(
    client: AsyncWebClient, channel: str, refused: Any
) -> None:
    """invalid_blocks; `response_metadata.messages` and `errors` have a pointer to each problem."""
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "a" * 151}}]
    answer = await refused(client.chat_postMessage(channel=channel, text="a", blocks=blocks))
    fault = "must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    assert (answer["error"], answer["errors"]) == ("invalid_blocks", [fault])
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {fault}"]


async def test_a_thread_has_to_exist(
    sandbox: Sandbox, client: AsyncWebClient, ada: str, channel: str, refused: Any
) -> None:
    """A malformed `thread_ts`, a thread with a missing parent, a reply as the parent."""

    async def error(thread_ts: str) -> Any:
        call = client.chat_postMessage(channel=channel, text="a", thread_ts=thread_ts)
        return (await refused(call))["error"]

    assert await error("soon") == "invalid_thread_ts"
    ts = await sandbox.post(ada, channel, "Help")
    reply = await client.chat_postMessage(channel=channel, text="Yes?", thread_ts=ts)
    assert await error(reply["ts"]) == "cannot_reply_to_message"
    alone = await sandbox.post(ada, channel, "Never mind")
    await sandbox.delete(ada, channel, alone)
    assert await error(alone) == "thread_not_found"
    await sandbox.delete(ada, channel, ts)
    again = await client.chat_postMessage(channel=channel, text="Still", thread_ts=ts)
    assert again["ok"], "a thread with replies outlives its first message"


async def test_the_bot_changes_and_deletes_only_its_own_messages(
    sandbox: Sandbox, client: AsyncWebClient, ada: str, channel: str, refused: Any
) -> None:
    """cant_update_message and cant_delete_message: no permission for others' messages."""
    ts = await sandbox.post(ada, channel, "Mine")
    update = await refused(client.chat_update(channel=channel, ts=ts, text="Ours"))
    delete = await refused(client.chat_delete(channel=channel, ts=ts))
    assert (update["error"], delete["error"]) == ("cant_update_message", "cant_delete_message")


async def test_a_missing_message_cannot_be_changed(
    sandbox: Sandbox, client: AsyncWebClient, ada: str, channel: str, refused: Any
) -> None:
    """message_not_found, also for ephemeral messages, which no method finds."""
    shown = await client.chat_postEphemeral(channel=channel, user=ada, text="psst")
    for ts in ("1.000001", shown["message_ts"]):
        answer = await refused(client.chat_update(channel=channel, ts=ts, text="a"))
        assert answer["error"] == "message_not_found"
    [whisper] = sandbox.ephemerals(ada)
    assert whisper.text == "psst"
    assert (await client.conversations_history(channel=channel))["messages"] == []


async def test_an_ephemeral_message_needs_a_member(
    sandbox: Sandbox, client: AsyncWebClient, channel: str, refused: Any
) -> None:
    """user_not_in_channel: "Intended recipient is not in the specified channel"."""
    stranger = sandbox.add_user("Bob")
    answer = await refused(client.chat_postEphemeral(channel=channel, user=stranger, text="a"))
    assert answer["error"] == "user_not_in_channel"


async def test_an_update_without_blocks_removes_them_and_keeps_metadata(
    sandbox: Sandbox, client: AsyncWebClient, channel: str
) -> None:
    """As Slack documents for chat.update; an empty object removes metadata."""
    metadata = {"event_type": "card", "event_payload": {"key": "ACME-1"}}
    posted = await client.chat_postMessage(
        channel=channel, text="a", blocks=[{"type": "divider"}], metadata=metadata
    )
    await client.chat_update(channel=channel, ts=posted["ts"], text="b")
    [message] = sandbox.messages(channel)
    assert (message.text, message.blocks, message.metadata) == ("b", [], metadata)
    await client.chat_update(channel=channel, ts=posted["ts"], text="b", metadata={})
    assert sandbox.messages(channel)[0].metadata is None


async def test_a_post_to_a_person_opens_their_direct_messages(
    sandbox: Sandbox, client: AsyncWebClient, ada: str
) -> None:
    """chat.postMessage: the ID of a person as `channel` posts to their direct messages."""
    posted = await client.chat_postMessage(channel=ada, text="Good morning")
    opened = await client.conversations_open(users=ada)
    assert posted["channel"] == opened["channel"]["id"] == sandbox.direct_channel(ada)
    assert [message.text for message in sandbox.direct_messages(ada)] == ["Good morning"]


async def test_a_message_with_a_username_is_a_bot_message(
    sandbox: Sandbox, client: AsyncWebClient, channel: str
) -> None:
    """With `username` Slack shows a `bot_message` without a user."""
    answer = await client.chat_postMessage(channel=channel, text="Hi", username="Grace at Acme")
    shown = answer["message"]
    assert (shown["subtype"], shown["username"]) == ("bot_message", "Grace at Acme")
    assert "user" not in shown
    assert "Grace at Acme" in sandbox.messages(channel)[0].plain()


async def test_the_text_is_stored_unchanged(
    sandbox: Sandbox, client: AsyncWebClient, channel: str
) -> None:
    """Formatting text: the sender escapes `&`, `<` and `>`; Slack changes nothing."""
    text = "&lt;!channel&gt; <https://example.com|a link> & more"
    await client.chat_postMessage(channel=channel, text=text)
    assert sandbox.messages(channel)[0].text == text


async def test_a_permalink_needs_an_existing_message(
    client: AsyncWebClient, channel: str, refused: Any
) -> None:
    """chat.getPermalink: message_not_found; replies have `thread_ts` and `cid` in their link."""
    first = await client.chat_postMessage(channel=channel, text="a")
    reply = await client.chat_postMessage(channel=channel, text="b", thread_ts=first["ts"])
    link = await client.chat_getPermalink(channel=channel, message_ts=reply["ts"])
    assert f"thread_ts={first['ts']}" in link["permalink"]
    answer = await refused(client.chat_getPermalink(channel=channel, message_ts="1.000000"))
    assert answer["error"] == "message_not_found"


async def test_an_update_with_blocks_is_not_marked_as_edited(
    sandbox: Sandbox, client: AsyncWebClient, channel: str
) -> None:
    """ "If `blocks` are used …, the `edited` flag will not be displayed on the message"."""
    posted = await client.chat_postMessage(channel=channel, text="a")
    card = {"channel": channel, "ts": posted["ts"], "text": "b"}
    with_blocks = await client.chat_update(**card, blocks=[{"type": "divider"}])
    with_text = await client.chat_update(**card)
    assert "edited" not in with_blocks["message"]
    assert with_text["message"]["edited"]["user"] == sandbox.bot_user_id
    assert sandbox.messages(channel)[0].edits == 2


async def test_an_ephemeral_message_in_a_thread_is_shown_there_alone(
    sandbox: Sandbox, client: AsyncWebClient, ada: str, channel: str
) -> None:
    """chat.postEphemeral: `thread_ts` shows it in that thread, to `user` alone."""
    ts = await sandbox.post(ada, channel, "Help")
    await client.chat_postEphemeral(channel=channel, user=ada, text="psst", thread_ts=ts)
    assert [message.text for message in sandbox.messages(channel, viewer=ada)] == ["Help"]
    assert [message.text for message in sandbox.messages(channel, thread_ts=ts, viewer=ada)] == [
        "psst"
    ]
    assert sandbox.messages(channel, thread_ts=ts) == []


async def test_plain_returns_the_visible_text(
    sandbox: Sandbox, client: AsyncWebClient, channel: str
) -> None:
    """Identifiers and values are not visible; dialogs, options and mentions are."""
    mention = {"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U1"}]}
    words = {"type": "plain_text", "text": "Take"}
    sure = {name: words | {"text": name} for name in ("title", "text", "confirm", "deny")}
    button = {"type": "button", "action_id": "x", "value": "y", "text": words, "confirm": sure}
    blocks = [
        {"type": "rich_text", "elements": [mention]},
        {"type": "actions", "block_id": "z", "elements": [button]},
    ]
    await client.chat_postMessage(channel=channel, text="Fallback", blocks=blocks)
    read = sandbox.messages(channel)[0].plain().split("\n")
    assert read == ["Fallback", "<@U1>", "Take", "title", "text", "confirm", "deny"]
