"""Round trips between a real Bolt app and the sandbox."""

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.sandbox import Sandbox

MODAL = {
    "type": "modal",
    "callback_id": "report",
    "title": {"type": "plain_text", "text": "Report"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "summary",
            "label": {"type": "plain_text", "text": "Summary"},
            "element": {"type": "plain_text_input", "action_id": "words", "max_length": 20},
        }
    ],
}
BUTTON = {
    "type": "actions",
    "elements": [
        {
            "type": "button",
            "action_id": "take",
            "value": "ACME-1",
            "text": {"type": "plain_text", "text": "Take"},
        }
    ],
}


async def test_a_message_is_answered_in_its_thread(
    sandbox: Sandbox, app: AsyncApp, connect: Any, eventually: Any
) -> None:
    """message.channels: an event, and the answer in the thread with chat.postMessage."""
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    received: list[dict[str, Any]] = []

    @app.event("message")
    async def answer(body: dict[str, Any], client: Any) -> None:
        event = body["event"]
        received.append(body)
        if "bot_id" not in event:
            thread, text = event["ts"], "On it."
            await client.chat_postMessage(channel=event["channel"], text=text, thread_ts=thread)

    await connect()
    ts = await sandbox.post(ada, channel, "The door is stuck")
    [reply] = await eventually(lambda: sandbox.messages(channel, thread_ts=ts))
    assert (reply.text, reply.bot_id, reply.is_reply) == ("On it.", sandbox.bot_id, True)
    await eventually(lambda: len(received) == 2)
    first, own = received
    assert first["event"]["text"] == "The door is stuck"
    assert first["event"]["channel_type"] == "channel"
    assert first["authorizations"][0]["user_id"] == sandbox.bot_user_id
    assert own["event"]["bot_id"] == sandbox.bot_id, "its own words come back, as in Slack"
    await eventually(lambda: sandbox.undelivered == 0)


async def test_a_press_opens_a_modal_that_is_submitted(
    sandbox: Sandbox, app: AsyncApp, connect: Any, eventually: Any
) -> None:
    """block_actions → views.open with its trigger → view_submission with `state.values`."""
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    got: list[Any] = []

    @app.action("take")
    async def take(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("report")
    async def report(ack: Any, view: dict[str, Any]) -> None:
        words = view["state"]["values"]["summary"]["words"]["value"]
        got.append(words)
        if words == "no":
            await ack(response_action="errors", errors={"summary": "Say more."})
        else:
            await ack()

    await connect()
    posted = await app.client.chat_postMessage(channel=channel, text="New", blocks=[BUTTON])
    press = await sandbox.press(ada, channel, posted["ts"], "take")
    assert press.acked
    assert press.error is None
    [view] = await eventually(lambda: sandbox.views_open(ada))
    short = await sandbox.submit(ada, view, {"summary": "no"})
    assert short.errors == {"summary": "Say more."}
    assert sandbox.views_open(ada) == [view], "a modal with errors stays open"
    whole = await sandbox.submit(ada, view, {("summary", "words"): "It is stuck"})
    assert (whole.acked, whole.errors) == (True, {})
    assert got == ["no", "It is stuck"]
    assert sandbox.views_open(ada) == []


async def test_the_answer_to_a_command_is_ephemeral(
    sandbox: Sandbox, app: AsyncApp, connect: Any
) -> None:
    """Slash commands: the text is shown "ephemeral" unless it has `in_channel`."""
    ada, bob = sandbox.add_user("Ada"), sandbox.add_user("Bob")
    channel = sandbox.add_channel("desk", members=[ada, bob])

    @app.command("/desk")
    async def desk(ack: Any, command: dict[str, str]) -> None:
        await ack(f"You said {command['text']}")

    await connect()
    assert (await sandbox.command(ada, channel, "/desk", "help")).acked
    assert [message.text for message in sandbox.messages(channel, viewer=ada)] == ["You said help"]
    assert sandbox.messages(channel, viewer=bob) == []


async def test_an_answer_to_the_response_url_replaces_the_message(
    sandbox: Sandbox, app: AsyncApp, connect: Any, eventually: Any
) -> None:
    """Handling user interaction: `replace_original` at the response_url."""
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])

    @app.action("take")
    async def take(ack: Any, respond: Any) -> None:
        await ack()
        await respond("Taken", replace_original=True)

    await connect()
    posted = await app.client.chat_postMessage(channel=channel, text="New", blocks=[BUTTON])
    await sandbox.press(ada, channel, posted["ts"], "take", value="ACME-1")
    message = await eventually(lambda: _edited(sandbox, channel))
    assert (message.text, message.blocks, message.edits) == ("Taken", [], 1)


def _edited(sandbox: Sandbox, channel: str) -> Any:
    return next((message for message in sandbox.messages(channel) if message.edits), None)


async def test_an_event_waits_for_the_next_connection(
    sandbox: Sandbox, app: AsyncApp, connect: Any, eventually: Any
) -> None:
    """As with Delayed Events, only sooner: the default is to wait for the next connection."""
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    received: list[str] = []

    @app.event("message")
    async def listen(event: dict[str, Any]) -> None:
        received.append(event["text"])

    await sandbox.post(ada, channel, "one")
    await sandbox.post(ada, channel, "two")
    assert sandbox.undelivered == 2
    await connect()
    await eventually(lambda: len(received) == 2)
    assert sorted(received) == ["one", "two"]


async def test_an_unacknowledged_event_is_repeated_with_the_same_id(
    sandbox: Sandbox, app: AsyncApp, connect: Any, eventually: Any
) -> None:
    """Slack repeats an event without an acknowledgement, as when a middleware of Bolt raises."""
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    tries: list[tuple[str, str]] = []

    @app.middleware
    async def stumble(body: dict[str, Any], req: Any, next_: Any) -> None:
        retry = req.headers["x-slack-retry-num"][0]
        tries.append((body["event_id"], retry))
        if len(tries) < 3:
            raise OSError("the disk is full")
        await next_()

    @app.event("message")
    async def listen() -> None: ...

    await connect()
    await sandbox.post(ada, channel, "hello")
    await eventually(lambda: len(tries) == 3 and sandbox.undelivered == 0)
    assert len({event_id for event_id, _ in tries}) == 1
    assert [retry for _, retry in tries] == ["0", "1", "2"]


async def test_an_unacknowledged_interaction_is_not_repeated(
    sandbox: Sandbox, app: AsyncApp, connect: Any
) -> None:
    """Slack repeats events only; the person sees an error after a press."""
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    asked: list[int] = []

    @app.action("take")
    async def take() -> None:
        asked.append(1)

    posted = await app.client.chat_postMessage(channel=channel, text="New", blocks=[BUTTON])
    nobody = await sandbox.press(ada, channel, posted["ts"], "take")
    assert (nobody.acked, nobody.error) == (False, "dispatch_failed")
    await connect()
    late = await sandbox.press(ada, channel, posted["ts"], "take")
    assert (late.acked, late.error) == (False, "operation_timeout")
    await asyncio.sleep(0.3)
    assert asked == [1]


async def test_an_acknowledged_event_can_be_delivered_again(
    sandbox: Sandbox, app: AsyncApp, connect: Any, eventually: Any
) -> None:
    """Slack delivers at least once."""
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    ids: list[str] = []

    @app.event("message")
    async def listen(body: dict[str, Any]) -> None:
        ids.append(body["event_id"])

    await connect()
    await sandbox.post(ada, channel, "hello")
    await eventually(lambda: len(ids) == 1)
    sandbox.redeliver_last()
    await eventually(lambda: len(ids) == 2)
    assert ids[0] == ids[1]


async def test_the_app_reconnects_after_its_sockets_are_dropped(
    sandbox: Sandbox, app: AsyncApp, connect: Any, eventually: Any
) -> None:
    """Socket Mode: "Connections refresh regularly"; a new URL by apps.connections.open."""
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    received: list[str] = []

    @app.event("message")
    async def listen(event: dict[str, Any]) -> None:
        received.append(event["text"])

    await connect()
    await sandbox.drop_sockets()
    await sandbox.post(ada, channel, "still there?")
    await eventually(lambda: received == ["still there?"])
    assert len(sandbox.calls("apps.connections.open")) == 2


async def test_an_outage_keeps_the_workspace_and_its_events(
    sandbox: Sandbox, app: AsyncApp, connect: Any, eventually: Any
) -> None:
    """An outage of Slack loses no message, no event and no channel."""
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    received: list[str] = []

    @app.event("message")
    async def listen(event: dict[str, Any]) -> None:
        received.append(event["text"])

    await connect()
    before = sandbox.api_url
    await sandbox.stop()
    await sandbox.post(ada, channel, "hello?")
    await sandbox.start()
    assert sandbox.api_url == before
    await eventually(lambda: received == ["hello?"])
