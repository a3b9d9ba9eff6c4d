"""A real Bolt app and the sandbox, from an event to what the people see."""

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


async def test_a_message_reaches_the_listener_and_its_answer_is_seen(
    sandbox: Sandbox, app: AsyncApp, connect: Any, eventually: Any
) -> None:
    """message.channels: an event, and the answer in its thread by chat.postMessage."""
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    heard: list[dict[str, Any]] = []

    @app.event("message")
    async def answer(body: dict[str, Any], client: Any) -> None:
        event = body["event"]
        heard.append(body)
        if "bot_id" not in event:
            thread, text = event["ts"], "On it."
            await client.chat_postMessage(channel=event["channel"], text=text, thread_ts=thread)

    await connect()
    ts = await sandbox.post(ada, channel, "The door is stuck")
    [reply] = await eventually(lambda: sandbox.messages(channel, thread_ts=ts))
    assert (reply.text, reply.bot_id, reply.is_reply) == ("On it.", sandbox.bot_id, True)
    await eventually(lambda: len(heard) == 2)
    first, own = heard
    assert first["event"]["text"] == "The door is stuck"
    assert first["event"]["channel_type"] == "channel"
    assert first["authorizations"][0]["user_id"] == sandbox.bot_user_id
    assert own["event"]["bot_id"] == sandbox.bot_id, "its own words come back, as in Slack"
    await eventually(lambda: sandbox.undelivered == 0)


async def test_a_press_opens_a_modal_and_its_words_arrive(
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


async def test_a_command_is_acked_with_words_that_only_its_author_sees(
    sandbox: Sandbox, app: AsyncApp, connect: Any
) -> None:
    """Slash commands: the ack's text is shown "ephemeral" unless it says `in_channel`."""
    ada, bob = sandbox.add_user("Ada"), sandbox.add_user("Bob")
    channel = sandbox.add_channel("desk", members=[ada, bob])

    @app.command("/desk")
    async def desk(ack: Any, command: dict[str, str]) -> None:
        await ack(f"You said {command['text']}")

    await connect()
    assert (await sandbox.command(ada, channel, "/desk", "help")).acked
    assert [each.text for each in sandbox.messages(channel, viewer=ada)] == ["You said help"]
    assert sandbox.messages(channel, viewer=bob) == []


async def test_an_answer_at_the_response_address_replaces_the_message(
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
    return next((each for each in sandbox.messages(channel) if each.edits), None)


async def test_what_is_said_while_nobody_listens_waits_for_the_next_connection(
    sandbox: Sandbox, app: AsyncApp, connect: Any, eventually: Any
) -> None:
    """As with Delayed Events, only sooner: kept for the next connection unless told otherwise."""
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    heard: list[str] = []

    @app.event("message")
    async def listen(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    await sandbox.post(ada, channel, "one")
    await sandbox.post(ada, channel, "two")
    assert sandbox.undelivered == 2
    await connect()
    await eventually(lambda: len(heard) == 2)
    assert sorted(heard) == ["one", "two"]


async def test_an_event_that_is_not_acked_is_delivered_again_with_the_same_id(
    sandbox: Sandbox, app: AsyncApp, connect: Any, eventually: Any
) -> None:
    """Slack repeats what is not acked: with Bolt, a middleware that raises acks nothing."""
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


async def test_a_question_that_is_not_acked_is_asked_once(
    sandbox: Sandbox, app: AsyncApp, connect: Any
) -> None:
    """Slack repeats events only; of a press the person sees that it did not work."""
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


async def test_an_acked_event_can_come_again(
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


async def test_the_app_comes_back_after_its_sockets_were_dropped(
    sandbox: Sandbox, app: AsyncApp, connect: Any, eventually: Any
) -> None:
    """Socket Mode: "Connections refresh regularly"; a new URL by apps.connections.open."""
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    heard: list[str] = []

    @app.event("message")
    async def listen(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    await connect()
    await sandbox.drop_sockets()
    await sandbox.post(ada, channel, "still there?")
    await eventually(lambda: heard == ["still there?"])
    assert len(sandbox.calls("apps.connections.open")) == 2


async def test_an_outage_keeps_the_workspace_and_what_was_said_in_it(
    sandbox: Sandbox, app: AsyncApp, connect: Any, eventually: Any
) -> None:
    """An outage of Slack's loses no message, no event, and no channel."""
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    heard: list[str] = []

    @app.event("message")
    async def listen(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    await connect()
    before = sandbox.api_url
    await sandbox.stop()
    await sandbox.post(ada, channel, "hello?")
    await sandbox.start()
    assert sandbox.api_url == before
    await eventually(lambda: heard == ["hello?"])
