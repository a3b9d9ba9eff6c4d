"""A sandbox, Slack's client and a Bolt app, connected over loopback."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from bot.time_source import ManualTimeSource

MORNING = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualTimeSource:
    return ManualTimeSource(MORNING)


@pytest.fixture
async def sandbox(clock: ManualTimeSource) -> AsyncIterator[Sandbox]:
    """A workspace that repeats an unacknowledged event after a fifth of a second."""
    box = Sandbox(clock, rate_limits=False, ack_seconds=0.2, retry_seconds=(0, 0.1, 0.1))
    async with box:
        yield box


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    """Slack's client as the bot uses it, without repeats."""
    return AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[], timeout=5)


@pytest.fixture
def app(client: AsyncWebClient) -> AsyncApp:
    """A Bolt app that also receives the events of its own messages."""
    return AsyncApp(client=client, ignoring_self_events_enabled=False)


@pytest.fixture
async def connect(sandbox: Sandbox, app: AsyncApp) -> AsyncIterator[Callable[[], Awaitable[Any]]]:
    """Return a function that opens a socket for the app. The fixture closes all of them."""
    handlers: list[Any] = []

    async def open_socket() -> Any:
        handler: Any = AsyncSocketModeHandler(app, sandbox.app_token, ping_interval=0.5)
        handlers.append(handler)
        await handler.connect_async()
        await sandbox.wait_connected(timeout=5)
        return handler

    yield open_socket
    for handler in handlers:
        await handler.close_async()


@pytest.fixture
async def bodies(sandbox: Sandbox, client: AsyncWebClient) -> AsyncIterator[list[Any]]:
    """The outer bodies of the events over a plain socket, which acknowledges each of them."""
    bodies: list[Any] = []

    async def listen(socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            envelope = frame.json()
            if "payload" in envelope:
                bodies.append(envelope["payload"])
                await socket.send_json({"envelope_id": envelope["envelope_id"]})

    async with aiohttp.ClientSession() as session:
        address = (await client.apps_connections_open(app_token=sandbox.app_token))["url"]
        listening = asyncio.create_task(listen(await session.ws_connect(address)))
        await sandbox.wait_connected(timeout=5)
        yield bodies
        listening.cancel()


@pytest.fixture
def received_events(
    sandbox: Sandbox, bodies: list[Any], eventually: Callable[[Callable[[], Any]], Awaitable[Any]]
) -> Callable[..., Awaitable[list[Any]]]:
    """Return a function that waits until every event has arrived and returns the inner events.

    With arguments the function returns the events of these types.
    """

    async def wait(*kinds: str) -> list[Any]:
        await eventually(lambda: sandbox.undelivered == 0)
        events = [body["event"] for body in bodies if "event" in body]
        return [event for event in events if not kinds or event["type"] in kinds]

    return wait


@pytest.fixture
def eventually() -> Callable[[Callable[[], Any]], Awaitable[Any]]:
    """Return a function that waits, at most five seconds, until a check returns a true value."""

    async def wait(check: Callable[[], Any]) -> Any:
        for _ in range(500):
            if result := check():
                return result
            await asyncio.sleep(0.01)
        raise AssertionError("the condition is not true after five seconds")

    return wait


@pytest.fixture
def refused() -> Callable[[Awaitable[Any]], Awaitable[Any]]:
    """Return a function that awaits a call and returns the response with Slack's refusal."""

    async def answer(call: Awaitable[Any]) -> Any:
        with pytest.raises(SlackApiError) as caught:
            await call
        return caught.value.response

    return answer
