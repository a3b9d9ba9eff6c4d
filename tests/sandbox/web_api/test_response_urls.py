"""The response URL of a press: five answers within half an hour."""

from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox import Fault, Sandbox
from bot.time_source import ManualTimeSource

BUTTON = {
    "type": "actions",
    "elements": [
        {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    ],
}


@pytest.fixture
def channel(sandbox: Sandbox) -> str:
    return sandbox.add_channel("acme", members=[sandbox.add_user("Ada", user_id="UADA")])


@pytest.fixture
async def hook(
    sandbox: Sandbox, app: AsyncApp, connect: Any, channel: str, eventually: Any
) -> AsyncWebhookClient:
    """Return a function that presses a button and returns the response URL."""
    urls: list[str] = []

    @app.action("go")
    async def go(ack: Any, body: dict[str, Any]) -> None:
        urls.append(body["response_url"])
        await ack()

    await connect()
    posted = await app.client.chat_postMessage(channel=channel, text="Go?", blocks=[BUTTON])
    await sandbox.press("UADA", channel, posted["ts"], "go")
    return AsyncWebhookClient(urls[0], retry_handlers=[])


async def test_an_answer_is_ephemeral_by_default(
    sandbox: Sandbox, channel: str, hook: AsyncWebhookClient
) -> None:
    """Ephemeral unless `response_type` is `in_channel`."""
    await hook.send(text="psst")
    await hook.send(text="all", response_type="in_channel")
    assert [message.text for message in sandbox.ephemerals("UADA")] == ["psst"]
    assert [message.text for message in sandbox.messages(channel)] == ["Go?", "all"]


async def test_the_message_can_be_replaced_and_deleted(
    sandbox: Sandbox, channel: str, hook: AsyncWebhookClient
) -> None:
    """Handling user interaction: `delete_original`, `replace_original`."""
    await hook.send(delete_original=True)
    assert sandbox.messages(channel) == []
    gone = await hook.send(text="a", replace_original=True)
    assert (gone.status_code, "message_not_found" in gone.body) == (404, True)


async def test_a_response_url_accepts_five_answers(
    sandbox: Sandbox, channel: str, hook: AsyncWebhookClient
) -> None:
    """Slack: "up to 5 times within 30 minutes"."""
    codes = [(await hook.send(text=str(n))).status_code for n in range(6)]
    assert codes == [200] * 5 + [404]
    assert "used_url" in (await hook.send(text="a")).body
    assert len(sandbox.ephemerals("UADA")) == 5


async def test_a_response_url_expires_after_half_an_hour(
    clock: ManualTimeSource, hook: AsyncWebhookClient
) -> None:
    """Slack: "up to 5 times within 30 minutes"; then expired_url."""
    clock.advance(timedelta(minutes=30))
    assert (await hook.send(text="just in time")).status_code == 200
    clock.advance(timedelta(seconds=1))
    assert "expired_url" in (await hook.send(text="late")).body


async def test_an_invented_response_url_is_refused(sandbox: Sandbox) -> None:
    """The URL is secret: no_service for any other URL."""
    made_up = f"{sandbox.origin}/actions/{sandbox.team_id}/abc"
    async with aiohttp.ClientSession() as session, session.post(made_up, json={}) as answer:
        assert answer.status == 404


async def test_invalid_blocks_are_refused(hook: AsyncWebhookClient) -> None:
    """A response is a message payload with the rules of chat.postMessage."""
    answer = await hook.send(text="a", blocks=[{"type": "carousel"}])
    assert (answer.status_code, "invalid_blocks" in answer.body) == (404, True)


async def test_an_ephemeral_message_changes_without_an_event(
    sandbox: Sandbox, app: AsyncApp, channel: str, hook: AsyncWebhookClient, eventually: Any
) -> None:
    """Only the response URL can change an ephemeral message."""
    received: list[str] = []
    urls: list[str] = []

    @app.event("message")
    async def listen(event: dict[str, Any]) -> None:
        received.append(event.get("subtype") or event["text"])

    @app.action("whispered")
    async def whispered(ack: Any, body: dict[str, Any]) -> None:
        urls.append(body["response_url"])
        await ack()

    words = {"type": "plain_text", "text": "Go"}
    element = {"type": "button", "action_id": "whispered", "text": words}
    blocks = [{"type": "actions", "elements": [element]}]
    shown = await app.client.chat_postEphemeral(
        channel=channel, user="UADA", text="?", blocks=blocks
    )
    await sandbox.press("UADA", channel, shown["message_ts"], "whispered")
    whisper = AsyncWebhookClient(urls[0], retry_handlers=[])
    assert (await whisper.send(text="!", replace_original=True)).status_code == 200
    assert [message.text for message in sandbox.ephemerals("UADA")] == ["!"]
    assert (await whisper.send(delete_original=True)).status_code == 200
    assert sandbox.ephemerals("UADA") == []
    await sandbox.post("UADA", channel, "last")
    await eventually(lambda: "last" in received)
    assert received[-1] == "last"
    assert not {"message_changed", "message_deleted"} & set(received)


async def test_an_answer_can_be_lost_on_order(
    sandbox: Sandbox, channel: str, hook: AsyncWebhookClient
) -> None:
    """A reset after the action: the person sees the answer, and the answer counts."""
    sandbox.faults.add("response_url", Fault.RESET_AFTER)
    with pytest.raises(aiohttp.ClientError):
        await hook.send(text="psst")
    [seen] = sandbox.ephemerals("UADA")
    assert seen.text == "psst"
