"""Events, commands and interactions posted to the request URL of a real Bolt app."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.listening import Listener
from bot.sandbox import Sandbox
from bot.time_source import ManualTimeSource

SECRET = "a signing secret of the tests"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Open = Callable[..., Awaitable[Sandbox]]


@pytest.fixture
async def open_sandbox(clock: ManualTimeSource) -> AsyncIterator[Open]:
    """Serve an application on loopback and open a sandbox that posts to it."""
    open_things: list[Any] = []

    async def open_for(application: web.Application, **options: Any) -> Sandbox:
        listener = Listener(application, access_log=None)
        address = f"http://127.0.0.1:{await listener.start('127.0.0.1')}/slack/events"
        given: dict[str, Any] = {
            "ack_seconds": 0.3,
            "retry_seconds": (0, 0.02, 0.02),
            "signing_secret": SECRET,
        }
        sandbox = Sandbox(clock, rate_limits=False, request_url=address, **(given | options))
        await sandbox.start()
        open_things.extend((listener, sandbox))
        return sandbox

    yield open_for
    for listener, sandbox in zip(open_things[::2], open_things[1::2], strict=True):
        await sandbox.stop()
        await listener.stop()


def bolt(secret: str = SECRET) -> AsyncApp:
    async def authorize() -> Any:
        return AuthorizeResult(enterprise_id=None, team_id="T", bot_token="xoxb", bot_id="B")

    return AsyncApp(signing_secret=secret, authorize=authorize)


def answering(handler: Handler) -> web.Application:
    application = web.Application()
    application.router.add_post("/slack/events", handler)
    return application


def posting(sandbox: Sandbox) -> Awaitable[str]:
    ada = sandbox.add_user("Ada")
    return sandbox.post(ada, sandbox.add_channel("acme", members=[ada]), "Help")


async def test_bolt_accepts_signed_requests(open_sandbox: Open, eventually: Any) -> None:
    """Events are JSON, commands and interactions are forms, all with `X-Slack-Signature`."""
    app, received = bolt(), []

    @app.event("message")
    async def listen(event: Any) -> None:
        received.append(event["text"])

    @app.command("/desk")
    async def command(ack: Any) -> None:
        await ack("Here you are")

    @app.shortcut("open_ticket")
    async def shortcut(ack: Any, body: Any) -> None:
        received.append(body["message"]["text"])
        await ack()

    sandbox = await open_sandbox(app.web_app("/slack/events"), ack_seconds=2)
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    ts = await sandbox.post(ada, channel, "Help")
    await eventually(lambda: received == ["Help"] and sandbox.undelivered == 0)
    asked = await sandbox.command(ada, channel, "/desk", "list")
    assert asked.acked
    assert asked.ack_payload["text"] == "Here you are"
    assert [message.text for message in sandbox.ephemerals(ada)] == ["Here you are"]
    assert (await sandbox.shortcut(ada, channel, ts, "open_ticket")).acked
    assert received == ["Help", "Help"]


async def test_bolt_answers_the_challenge_of_a_new_request_url(open_sandbox: Open) -> None:
    """url_verification: the app returns the `challenge`."""
    sandbox = await open_sandbox(bolt().web_app("/slack/events"), ack_seconds=2)
    assert await sandbox.verify_url()

    async def silence(_: web.Request) -> web.Response:
        return web.Response()

    assert not await (await open_sandbox(answering(silence))).verify_url()


async def test_bolt_refuses_another_secret_and_the_event_is_given_up(
    open_sandbox: Open, eventually: Any
) -> None:
    """Bolt answers 401 to a wrong signature, and Slack repeats three times."""
    app = bolt("another secret")
    sandbox = await open_sandbox(app.web_app("/slack/events"), ack_seconds=2)
    await posting(sandbox)
    await eventually(lambda: sandbox.undelivered == 0)
    [lost] = sandbox.given_up
    assert lost["event"]["text"] == "Help"


async def test_an_event_is_repeated_three_times_with_a_reason(
    open_sandbox: Open, eventually: Any
) -> None:
    """x-slack-retry-num counts from 1; x-slack-retry-reason is http_error, http_timeout, …"""
    seen: list[tuple[str | None, str | None, str]] = []

    async def fail(request: web.Request) -> web.Response:
        headers = request.headers
        number, reason = headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason")
        seen.append((number, reason, (await request.json())["event_id"]))
        match len(seen):
            case 1:
                return web.Response(status=500)
            case 2:
                await asyncio.sleep(1)
            case 3:
                raise web.HTTPTemporaryRedirect("/slack/events/")
        return web.Response()

    application = answering(fail)

    async def again(_: web.Request) -> web.Response:
        raise web.HTTPTemporaryRedirect("/slack/events/")

    application.router.add_post("/slack/events/", again)
    sandbox = await open_sandbox(application)
    await posting(sandbox)
    await eventually(lambda: sandbox.undelivered == 0)
    assert [request[:2] for request in seen] == [
        (None, None),
        ("1", "http_error"),
        ("2", "http_timeout"),
        ("3", "too_many_redirects"),
    ]
    assert len({request[2] for request in seen}) == 1, "the event_id stays the same"
    assert sandbox.given_up == []


async def test_delayed_events_continue_until_no_retry(open_sandbox: Open, eventually: Any) -> None:
    """Delayed Events: hourly after the third try; "x-slack-no-retry: 1" turns retries off."""
    numbers: list[str | None] = []

    async def fail(request: web.Request) -> web.Response:
        numbers.append(request.headers.get("x-slack-retry-num"))
        headers = {"x-slack-no-retry": "1"} if len(numbers) == 6 else {}
        return web.Response(status=503, headers=headers)

    sandbox = await open_sandbox(answering(fail), delayed_seconds=(0.02,) * 24)
    await posting(sandbox)
    await eventually(lambda: sandbox.given_up)
    assert numbers == [None, "1", "2", "3", "4", "5"]


async def test_an_unanswered_interaction_is_sent_once_and_shows_an_error(
    open_sandbox: Open,
) -> None:
    """operation_timeout after three seconds, dispatch_failed for any status but 200."""
    count = [0]

    async def fail(_: web.Request) -> web.Response:
        count[0] += 1
        if count[0] == 2:
            await asyncio.sleep(1)
        return web.Response(status=500)

    sandbox = await open_sandbox(answering(fail))
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    assert (await sandbox.command(ada, channel, "/desk")).error == "dispatch_failed"
    assert (await sandbox.command(ada, channel, "/desk")).error == "operation_timeout"
    assert count == [2]


async def test_an_undelivered_event_survives_a_restart(open_sandbox: Open, eventually: Any) -> None:
    """An event waits with Slack between two repeats."""
    answers = [503]
    texts: list[str] = []

    async def take(request: web.Request) -> web.Response:
        texts.append((await request.json())["event"]["text"])
        return web.Response(status=answers[0])

    sandbox = await open_sandbox(answering(take), retry_seconds=(60,))
    await posting(sandbox)
    await eventually(lambda: texts)
    await sandbox.stop()
    assert sandbox.undelivered == 1
    answers[0] = 200
    await sandbox.start()
    await eventually(lambda: sandbox.undelivered == 0)
    assert texts == ["Help", "Help"]
