"""Events that come twice, late, in another order or never, on order."""

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
    """One that waits for an ack: what comes twice here does so on order, not for a slow machine."""
    async with Sandbox(clock, rate_limits=False, ack_seconds=30.0) as box:
        yield box


@pytest.fixture
async def heard(app: AsyncApp, connect: Any) -> list[Json]:
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
def texts(sandbox: Sandbox, heard: list[Json], eventually: Any) -> Callable[[int], Any]:
    async def wait(count: int) -> list[str]:
        await eventually(lambda: len(heard) >= count)
        return [each["event"]["text"] for each in heard]

    return wait


async def test_an_event_comes_twice_with_one_event_id(
    sandbox: Sandbox, heard: list[Json], say: Any, texts: Any
) -> None:
    """Events API: `event_id` is "globally unique across all workspaces"; repeats bear the same."""
    sandbox.deliveries.add(DeliveryFault.DUPLICATE)
    await say("a")
    assert await texts(2) == ["a", "a"]
    assert heard[0]["event_id"] == heard[1]["event_id"]
    await say("b")
    assert await texts(3) == ["a", "a", "b"]


async def test_an_event_comes_after_the_next_ones(sandbox: Sandbox, say: Any, texts: Any) -> None:
    """The Events API promises no order."""
    sandbox.deliveries.add(DeliveryFault.BEHIND(2))
    for text in ("a", "b"):
        await say(text)
    assert sandbox.undelivered >= 1
    await say("c")
    found = await texts(3)
    assert found.index("a") == 2


async def test_an_event_comes_late(sandbox: Sandbox, say: Any, texts: Any) -> None:
    """The Events API promises no time of arrival; `event_ts` says when it happened."""
    sandbox.deliveries.add(DeliveryFault.DELAY(0.1), when=lambda event: event["text"] == "b")
    loop = asyncio.get_running_loop()
    began = loop.time()
    for text in ("a", "b", "c"):
        await say(text)
    assert (await texts(3))[2] == "b"
    assert loop.time() - began >= 0.1


async def test_events_are_held_and_let_go_in_another_order(
    sandbox: Sandbox, say: Any, texts: Any, eventually: Any
) -> None:
    """Neither order nor time is promised, as when a day's Delayed Events come at once."""
    sandbox.deliveries.add(DeliveryFault.HOLD, of="message", times=2, after=1)
    for text in ("a", "b", "c"):
        await say(text)
    assert await texts(1) == ["a"]
    await eventually(lambda: sandbox.undelivered == 2)
    sandbox.deliveries.release(lambda waiting: waiting[::-1])
    assert await texts(3) == ["a", "c", "b"]


async def test_a_lost_event_stands_in_history_alone(
    sandbox: Sandbox, client: Any, say: Any, texts: Any
) -> None:
    """After the last try an event does not come any more; conversations.history has the message."""
    sandbox.deliveries.add(DeliveryFault.LOSE)
    sandbox.deliveries.add(DeliveryFault.LOSE, of="reaction_added")
    await say("a")
    await say("b")
    assert await texts(1) == ["b"]
    [channel] = [each.channel for each in sandbox.all_messages() if each.text == "a"]
    history = await client.conversations_history(channel=channel)
    assert [each["text"] for each in history["messages"]] == ["b", "a"]


async def test_orders_are_forgotten_and_what_is_held_is_not(
    sandbox: Sandbox, say: Any, texts: Any
) -> None:
    """What Slack has on its way it still delivers."""
    sandbox.deliveries.add(DeliveryFault.HOLD, times=9)
    await say("a")
    sandbox.deliveries.clear()
    await say("b")
    assert await texts(1) == ["b"]
    sandbox.deliveries.release()
    assert await texts(2) == ["b", "a"]
