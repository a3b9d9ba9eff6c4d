"""The effect of each ordered fault on the delivery of events."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from bot.sandbox import DeliveryFault, Sandbox
from bot.time_source import ManualTimeSource

Json = dict[str, Any]


@pytest.fixture
async def sandbox(clock: ManualTimeSource) -> AsyncIterator[Sandbox]:
    """A sandbox that waits for an acknowledgement, so that only an order repeats an event."""
    async with Sandbox(clock, rate_limits=False, ack_seconds=30.0) as box:
        yield box


@pytest.fixture
async def received(app: AsyncApp, connect: Any) -> list[Json]:
    bodies: list[Json] = []

    @app.event("message")
    async def listen(body: Json) -> None:
        bodies.append(body)

    await connect()
    return bodies


@pytest.fixture
def say(sandbox: Sandbox) -> Callable[[str], Awaitable[str]]:
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    return lambda text: sandbox.post(ada, channel, text)


@pytest.fixture
def texts(sandbox: Sandbox, received: list[Json], eventually: Any) -> Callable[[int], Any]:
    async def wait(count: int) -> list[str]:
        await eventually(lambda: len(received) >= count)
        return [body["event"]["text"] for body in received]

    return wait


async def test_a_duplicate_event_has_the_same_event_id(
    sandbox: Sandbox, received: list[Json], say: Any, texts: Any
) -> None:
    """Events API: `event_id` is "globally unique across all workspaces"; repeats have the same."""
    sandbox.deliveries.add(DeliveryFault.DUPLICATE)
    await say("a")
    assert await texts(2) == ["a", "a"]
    assert received[0]["event_id"] == received[1]["event_id"]
    await say("b")
    assert await texts(3) == ["a", "a", "b"]


async def test_an_event_can_be_overtaken(sandbox: Sandbox, say: Any, texts: Any) -> None:
    """The Events API promises no order."""
    sandbox.deliveries.add(DeliveryFault.BEHIND(2))
    for text in ("a", "b"):
        await say(text)
    assert sandbox.undelivered >= 1
    await say("c")
    arrived = await texts(3)
    assert arrived.index("a") == 2


async def test_an_event_can_be_late(sandbox: Sandbox, say: Any, texts: Any) -> None:
    """The Events API promises no time of arrival; `event_ts` is the time of the event."""
    sandbox.deliveries.add(DeliveryFault.DELAY(0.1), when=lambda event: event["text"] == "b")
    loop = asyncio.get_running_loop()
    began = loop.time()
    for text in ("a", "b", "c"):
        await say(text)
    assert (await texts(3))[2] == "b"
    assert loop.time() - began >= 0.1


async def test_held_events_are_released_in_another_order(
    sandbox: Sandbox, say: Any, texts: Any, eventually: Any
) -> None:
    """Neither order nor time is promised, as when the Delayed Events of a day arrive together."""
    sandbox.deliveries.add(DeliveryFault.HOLD, of="message", times=2, after=1)
    for text in ("a", "b", "c"):
        await say(text)
    assert await texts(1) == ["a"]
    await eventually(lambda: sandbox.undelivered == 2)
    sandbox.deliveries.release(lambda waiting: waiting[::-1])
    assert await texts(3) == ["a", "c", "b"]


async def test_a_lost_event_is_only_in_the_history(
    sandbox: Sandbox, client: Any, say: Any, texts: Any
) -> None:
    """After the last repeat an event never arrives; conversations.history has the message."""
    sandbox.deliveries.add(DeliveryFault.LOSE)
    sandbox.deliveries.add(DeliveryFault.LOSE, of="reaction_added")
    await say("a")
    await say("b")
    assert await texts(1) == ["b"]
    [channel] = [message.channel for message in sandbox.all_messages() if message.text == "a"]
    history = await client.conversations_history(channel=channel)
    assert [message["text"] for message in history["messages"]] == ["b", "a"]


async def test_clear_removes_orders_and_keeps_held_events(
    sandbox: Sandbox, say: Any, texts: Any
) -> None:
    """Slack still delivers an event that is on its way."""
    sandbox.deliveries.add(DeliveryFault.HOLD, times=9)
    await say("a")
    sandbox.deliveries.clear()
    await say("b")
    assert await texts(1) == ["b"]
    sandbox.deliveries.release()
    assert await texts(2) == ["b", "a"]
