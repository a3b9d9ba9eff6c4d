"""Socket Mode frame by frame, without Bolt."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


async def opened(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession
) -> aiohttp.ClientWebSocketResponse:
    answer = await client.apps_connections_open(app_token=sandbox.app_token)
    return await session.ws_connect(answer["url"])


async def frame(socket: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(await socket.receive_str(timeout=10))
    return body


async def test_a_connection_begins_with_hello(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    """Using Socket Mode, hello: `num_connections`, `connection_info.app_id`, `debug_info`."""
    sockets = [await opened(sandbox, client, session) for _ in range(2)]
    first, second = [await frame(socket) for socket in sockets]
    assert (first["type"], first["num_connections"]) == ("hello", 1)
    assert second["num_connections"] == 2
    assert "app_id" in first["connection_info"]
    assert sandbox.connected.is_set()


async def test_a_ticket_is_valid_for_a_single_handshake(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    """apps.connections.open returns a "temporary Socket Mode WebSocket URL"."""
    answer = await client.apps_connections_open(app_token=sandbox.app_token)
    await session.ws_connect(answer["url"])
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await session.ws_connect(answer["url"])


async def test_the_eleventh_connection_is_refused(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    """too_many_websockets: "up to 10 open connections at the same time"."""
    sockets = [await opened(sandbox, client, session) for _ in range(11)]
    *hellos, turned_away = [await frame(socket) for socket in sockets]
    assert [hello["num_connections"] for hello in hellos] == list(range(1, 11))
    assert (turned_away["type"], turned_away["reason"]) == ("disconnect", "too_many_websockets")


async def test_an_envelope_goes_to_a_single_connection(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    """ "each payload may be sent to any of the connections", and to a single connection."""
    sockets = [await opened(sandbox, client, session) for _ in range(2)]
    for socket in sockets:
        await frame(socket)
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    for text in ("a", "b"):
        await sandbox.post(ada, channel, text)
    texts = []
    for socket in sockets:
        envelope = await frame(socket)
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("events_api", False)
        assert (envelope["retry_attempt"], envelope["retry_reason"]) == (0, "")
        texts.append(envelope["payload"]["event"]["text"])
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
    assert texts == ["a", "b"]


async def test_the_events_of_a_lost_connection_move_to_another(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    """An unacknowledged event is repeated with a new `envelope_id` and `retry_attempt`."""
    first = await opened(sandbox, client, session)
    await frame(first)
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    await sandbox.post(ada, channel, "a")
    before = await frame(first)
    second = await opened(sandbox, client, session)
    await frame(second)
    await first.close()
    after = await frame(second)
    assert after["payload"] == before["payload"]
    assert after["envelope_id"] != before["envelope_id"]
    assert after["retry_attempt"] == 1


async def test_repeats_stop_and_the_event_waits_for_the_next_connection(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    """Immediately, after one minute and after five (shortened here), then as Delayed Events."""
    deaf = await opened(sandbox, client, session)
    await frame(deaf)
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    await sandbox.post(ada, channel, "a")
    attempts = [(await frame(deaf))["retry_attempt"] for _ in range(4)]
    assert attempts == [0, 1, 2, 3]
    with pytest.raises(TimeoutError):
        await deaf.receive_str(timeout=0.4)
    assert sandbox.undelivered == 1
    other = await opened(sandbox, client, session)
    await frame(other)
    again, _ = await asyncio.wait(
        [asyncio.ensure_future(frame(socket)) for socket in (deaf, other)],
        return_when=asyncio.FIRST_COMPLETED,
    )
    assert again.pop().result()["payload"]["event"]["text"] == "a"


async def test_a_refresh_is_announced_before_the_close(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    """disconnect, refresh_requested: the container of the connection is about to be refreshed."""
    socket = await opened(sandbox, client, session)
    await frame(socket)
    closing = asyncio.ensure_future(sandbox.disconnect_sockets("refresh_requested"))
    assert (await frame(socket))["reason"] == "refresh_requested"
    assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
    await closing


async def test_a_broken_connection_sends_no_disconnect(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession, eventually: Any
) -> None:
    """Not every connection that ends sends `disconnect` first."""
    socket = await opened(sandbox, client, session)
    await frame(socket)
    await sandbox.drop_sockets(abruptly=True)
    assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSED
    await eventually(lambda: not sandbox.connected.is_set())


async def test_pings_are_answered(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    """RFC 6455, 5.5.2: the answer to a ping is a pong with the same data."""
    answer = await client.apps_connections_open(app_token=sandbox.app_token)
    socket = await session.ws_connect(answer["url"], autoping=False)
    await frame(socket)
    await socket.ping(b"still there?")
    pong = await socket.receive(timeout=10)
    assert (pong.type, bytes(pong.data)) == (aiohttp.WSMsgType.PONG, b"still there?")


async def test_waiting_for_a_connection_times_out(sandbox: Sandbox) -> None:
    """No rule of Slack's: a test that waits in vain fails."""
    with pytest.raises(TimeoutError):
        await sandbox.wait_connected(timeout=0.01)


async def test_a_press_on_a_lost_connection_is_not_repeated(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    """Only events move to another connection; the person presses again."""
    first, second = [await opened(sandbox, client, session) for _ in range(2)]
    await frame(first)
    await frame(second)
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    press = asyncio.ensure_future(sandbox.command(ada, channel, "/desk"))
    assert (await frame(first))["type"] == "slash_commands"
    await first.close()
    assert (await press).error == "operation_timeout"
    with pytest.raises(TimeoutError):
        await second.receive_str(timeout=0.3)


async def test_an_event_between_two_repeats_survives_an_outage(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession, eventually: Any
) -> None:
    """An event waits with Slack between two repeats."""
    deaf = await opened(sandbox, client, session)
    await frame(deaf)
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    await sandbox.post(ada, channel, "a")
    for attempt in range(2):
        assert (await frame(deaf))["retry_attempt"] == attempt
    await asyncio.sleep(0.25)  # after the second attempt and before the third
    await sandbox.stop()
    assert sandbox.undelivered == 1
    await sandbox.start()
    again = await opened(sandbox, client, session)
    await frame(again)
    assert (await frame(again))["payload"]["event"]["text"] == "a"


async def test_only_its_own_acknowledgement_stops_the_repeats(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    """Acknowledge events: the `envelope_id` within three seconds; other values have no effect."""
    crashes: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: crashes.append(context))
    socket = await opened(sandbox, client, session)
    await frame(socket)
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    await sandbox.post(ada, channel, "a")
    envelope = await frame(socket)
    await socket.send_json({"envelope_id": envelope["envelope_id"]})
    await socket.send_json({"envelope_id": "nobody knows this one"})
    with pytest.raises(TimeoutError):
        await socket.receive_str(timeout=0.4)
    assert (crashes, sandbox.undelivered) == ([], 0)
