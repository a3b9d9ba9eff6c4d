"""Repeats over Socket Mode: the pages "The Events API", "Retries" and "Delayed Events", and "Using
Socket Mode", "Acknowledge events".
"""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import DELAYED_EVENTS, Sandbox
from bot.time_source import ManualTimeSource

Socket = aiohttp.ClientWebSocketResponse


@pytest.fixture
async def sandbox(clock: ManualTimeSource) -> AsyncIterator[Sandbox]:
    """A sandbox with Delayed Events, in which all waits are a twentieth of a second."""
    short = (0.05,) * 3
    async with Sandbox(
        clock, rate_limits=False, ack_seconds=0.05, retry_seconds=short, delayed_seconds=short
    ) as box:
        yield box


@pytest.fixture
async def opened(sandbox: Sandbox, client: AsyncWebClient) -> AsyncIterator[Any]:
    async with aiohttp.ClientSession() as session:

        async def open_socket() -> Socket:
            answer = await client.apps_connections_open(app_token=sandbox.app_token)
            socket = await session.ws_connect(answer["url"])
            assert (await socket.receive_json(timeout=10))["type"] == "hello"
            return socket

        yield open_socket


@pytest.fixture
def say(sandbox: Sandbox) -> Any:
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    return lambda text: sandbox.post(ada, channel, text)


def test_delayed_events_repeat_hourly_for_a_day() -> None:
    """Delayed Events: "once an hour for 24 hours"."""
    assert DELAYED_EVENTS == (60 * 60,) * 24


async def test_an_event_is_given_up_after_its_last_repeat(
    sandbox: Sandbox, opened: Any, say: Any, eventually: Any
) -> None:
    """Three repeats, then the delayed repeats, with the same `event_id`; `retry_attempt` counts."""
    deaf = await opened()
    await say("Help")
    frames = [await deaf.receive_json(timeout=10) for _ in range(7)]
    assert [frame["retry_attempt"] for frame in frames] == list(range(7))
    assert {frame["retry_reason"] for frame in frames[1:]} == {"timeout"}
    assert len({frame["payload"]["event_id"] for frame in frames}) == 1
    [lost] = await eventually(lambda: sandbox.given_up)
    assert (lost["event"]["text"], sandbox.undelivered) == ("Help", 0)


async def test_an_event_arrives_if_the_app_reconnects_in_time(
    sandbox: Sandbox, opened: Any, say: Any
) -> None:
    """A repeat fails while there is no connection."""
    await say("Help")
    assert sandbox.undelivered == 1
    back = await opened()
    envelope = await back.receive_json(timeout=10)
    assert envelope["payload"]["event"]["text"] == "Help"
    assert (envelope["retry_attempt"] > 0, envelope["retry_reason"]) == (True, "connection_failed")


async def test_an_event_is_lost_if_the_app_reconnects_too_late(
    sandbox: Sandbox, client: AsyncWebClient, opened: Any, say: Any, eventually: Any
) -> None:
    """After the last repeat the app has to read the message from the history."""
    await say("Help")
    [lost] = await eventually(lambda: sandbox.given_up)
    back = await opened()
    with pytest.raises(TimeoutError):
        await back.receive_json(timeout=0.1)
    channel = lost["event"]["channel"]
    [message] = (await client.conversations_history(channel=channel))["messages"]
    assert message["text"] == "Help"


async def test_a_repeat_uses_another_connection(opened: Any, say: Any) -> None:
    """An envelope goes to a single connection, its repeat to another connection."""
    first, second = await opened(), await opened()
    await say("a")  # over the first connection, which does not answer
    await say("b")  # over the second connection
    lost, other = await first.receive_json(timeout=10), await second.receive_json(timeout=10)
    await second.send_json({"envelope_id": other["envelope_id"]})
    again = await second.receive_json(timeout=10)
    assert again["payload"] == lost["payload"]
    assert again["retry_attempt"] == 1
