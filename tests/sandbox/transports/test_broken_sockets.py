"""Sockets that are refused, silent or about to be closed."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox

Socket = aiohttp.ClientWebSocketResponse


@pytest.fixture
async def opened(
    sandbox: Sandbox, client: AsyncWebClient
) -> AsyncIterator[Callable[[], Awaitable[Socket]]]:
    async with aiohttp.ClientSession() as session:

        async def open_socket() -> Socket:
            answer = await client.apps_connections_open(app_token=sandbox.app_token)
            socket = await session.ws_connect(answer["url"], autoping=False)
            assert (await frame(socket))["type"] == "hello"
            return socket

        yield open_socket


async def frame(socket: Socket) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(await socket.receive_str(timeout=10))
    return body


async def post(sandbox: Sandbox) -> None:
    ada = sandbox.add_user("Ada")
    await sandbox.post(ada, sandbox.add_channel("acme", members=[ada]), "Help")


async def test_a_refused_handshake_uses_up_its_ticket(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    """Slack issues a WebSocket URL for a single use."""
    sandbox.refuse_handshakes()
    url = (await client.apps_connections_open(app_token=sandbox.app_token))["url"]
    statuses = []
    async with aiohttp.ClientSession() as session:
        for _ in range(2):
            with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
                await session.ws_connect(url)
            statuses.append(caught.value.status)
        again = (await client.apps_connections_open(app_token=sandbox.app_token))["url"]
        await session.ws_connect(again)
    assert statuses == [503, 403]


async def test_a_silent_socket_sends_hello_alone(sandbox: Sandbox, opened: Any) -> None:
    """A connection can be dead without a close; its events move to another connection."""
    sandbox.silence_sockets(upcoming=1)
    silent = await opened()
    await post(sandbox)
    await silent.ping(b"still there?")
    with pytest.raises(TimeoutError):
        await silent.receive(timeout=0.1)
    sound = await opened()
    await sound.ping(b"you?")
    kinds = {(await sound.receive(timeout=10)).type for _ in range(2)}
    assert kinds == {aiohttp.WSMsgType.PONG, aiohttp.WSMsgType.TEXT}, (
        "the repeat arrives on another socket"
    )


@pytest.mark.thorough
async def test_a_silent_socket_ignores_acknowledgements(sandbox: Sandbox, opened: Any) -> None:
    """An envelope counts as delivered after its acknowledgement, not before."""
    socket = await opened()
    await post(sandbox)
    envelope = await frame(socket)
    sandbox.silence_sockets()
    await socket.send_json({"envelope_id": envelope["envelope_id"]})
    with pytest.raises(TimeoutError):
        await socket.receive(timeout=0.1)
    assert sandbox.undelivered == 1


@pytest.mark.thorough
@pytest.mark.parametrize("reason", ["warning", "link_disabled", "too_many_websockets"])
async def test_a_disconnect_has_a_reason_and_closes_later(
    sandbox: Sandbox, opened: Any, reason: str
) -> None:
    """warning precedes the close; a connection that opens in between stays open."""
    socket = await opened()
    closing = asyncio.ensure_future(sandbox.disconnect_sockets(reason, after=0.5))
    assert (await frame(socket))["reason"] == reason
    other = await opened()
    await post(sandbox)
    assert (await frame(socket))["retry_attempt"] == 0, "it delivers until it is closed"
    await closing
    assert (await frame(other))["retry_attempt"] > 0, "what it had not acked comes elsewhere"
    while (last := await socket.receive(timeout=10)).type is aiohttp.WSMsgType.TEXT:
        pass
    assert last.type is aiohttp.WSMsgType.CLOSE
    assert not other.closed
