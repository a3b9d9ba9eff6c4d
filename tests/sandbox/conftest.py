"""A sandbox, Slack's own client and a Bolt app, all real, over loopback."""

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
    """A workspace that repeats what is not acked after a fifth of a second, at once."""
    box = Sandbox(clock, rate_limits=False, ack_seconds=0.2, retry_seconds=(0, 0.1, 0.1))
    async with box:
        yield box


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    """Slack's client as the bot has it, which tries nothing twice."""
    return AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[], timeout=5)


@pytest.fixture
def app(client: AsyncWebClient) -> AsyncApp:
    """A Bolt app that also hears of its own messages, which Bolt would drop by itself."""
    return AsyncApp(client=client, ignoring_self_events_enabled=False)


@pytest.fixture
async def connect(sandbox: Sandbox, app: AsyncApp) -> AsyncIterator[Callable[[], Awaitable[Any]]]:
    """Opens a socket for the app; all are closed afterwards."""
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
async def told(sandbox: Sandbox, client: AsyncWebClient) -> AsyncIterator[list[Any]]:
    """The outer body of everything that comes over a plain socket, each acknowledged at once."""
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
def heard_of(
    sandbox: Sandbox, told: list[Any], eventually: Callable[[Callable[[], Any]], Awaitable[Any]]
) -> Callable[..., Awaitable[list[Any]]]:
    """All inner events so far, or those of these types, once every one has arrived."""

    async def wait(*kinds: str) -> list[Any]:
        await eventually(lambda: sandbox.undelivered == 0)
        events = [body["event"] for body in told if "event" in body]
        return [each for each in events if not kinds or each["type"] in kinds]

    return wait


@pytest.fixture
def eventually() -> Callable[[Callable[[], Any]], Awaitable[Any]]:
    """Waits, at most five seconds, until something is true, and gives it back."""

    async def wait(check: Callable[[], Any]) -> Any:
        for _ in range(500):
            if found := check():
                return found
            await asyncio.sleep(0.01)
        raise AssertionError("it has not come true in five seconds")

    return wait


@pytest.fixture
def refused() -> Callable[[Awaitable[Any]], Awaitable[Any]]:
    """The answer with which Slack refuses a call; fails when it does not."""

    async def answer(call: Awaitable[Any]) -> Any:
        with pytest.raises(SlackApiError) as caught:
            await call
        return caught.value.response

    return answer
