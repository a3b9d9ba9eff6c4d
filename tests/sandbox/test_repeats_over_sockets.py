"""What is not acknowledged over Socket Mode comes again: the page "The Events API", "Retries" and
"Delayed Events", and "Using Socket Mode", "Acknowledge events"."""

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
    """Delayed Events are on, and all waits are a twentieth of a second."""
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


def test_delayed_events_go_on_hourly_for_a_day() -> None:
    """Delayed Events: "once an hour for 24 hours"."""
    assert DELAYED_EVENTS == (60 * 60,) * 24


async def test_an_event_is_given_up_after_its_last_repeat(
    sandbox: Sandbox, opened: Any, say: Any, eventually: Any
) -> None:
    """Three repeats, then the delayed ones, all with one `event_id`; `retry_attempt` counts."""
    deaf = await opened()
    await say("Help")
    frames = [await deaf.receive_json(timeout=10) for _ in range(7)]
    assert [each["retry_attempt"] for each in frames] == list(range(7))
    assert {each["retry_reason"] for each in frames[1:]} == {"timeout"}
    assert len({each["payload"]["event_id"] for each in frames}) == 1
    [lost] = await eventually(lambda: sandbox.given_up)
    assert (lost["event"]["text"], sandbox.undelivered) == ("Help", 0)


async def test_who_comes_back_in_time_still_gets_what_was_said(
    sandbox: Sandbox, opened: Any, say: Any
) -> None:
    """Without a connection each try fails, until one is there again."""
    await say("Help")
    assert sandbox.undelivered == 1
    back = await opened()
    envelope = await back.receive_json(timeout=10)
    assert envelope["payload"]["event"]["text"] == "Help"
    assert (envelope["retry_attempt"] > 0, envelope["retry_reason"]) == (True, "connection_failed")


async def test_who_comes_back_too_late_finds_it_in_history_alone(
    sandbox: Sandbox, client: AsyncWebClient, opened: Any, say: Any, eventually: Any
) -> None:
    """After the last try Slack forgets an event: it is for the app to read what it has missed."""
    await say("Help")
    [lost] = await eventually(lambda: sandbox.given_up)
    back = await opened()
    with pytest.raises(TimeoutError):
        await back.receive_json(timeout=0.1)
    channel = lost["event"]["channel"]
    [found] = (await client.conversations_history(channel=channel))["messages"]
    assert found["text"] == "Help"


async def test_a_repeat_comes_over_another_connection(opened: Any, say: Any) -> None:
    """Each envelope goes to one of the connections, the repeat to another, whatever came since."""
    first, second = await opened(), await opened()
    await say("a")  # to the first, which does not answer
    await say("b")  # to the second
    lost, other = await first.receive_json(timeout=10), await second.receive_json(timeout=10)
    await second.send_json({"envelope_id": other["envelope_id"]})
    again = await second.receive_json(timeout=10)
    assert again["payload"] == lost["payload"]
    assert again["retry_attempt"] == 1
