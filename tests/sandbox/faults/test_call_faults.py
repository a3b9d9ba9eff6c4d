"""The effect of each ordered fault on the call and on the workspace."""

import asyncio
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Fault, Sandbox
from bot.time_source import ManualTimeSource

POST = "chat.postMessage"


@pytest.fixture
def channel(sandbox: Sandbox) -> str:
    return sandbox.add_channel("acme")


def posted_texts(sandbox: Sandbox, channel: str) -> list[str]:
    return [message.text for message in sandbox.messages(channel)]


async def test_a_call_is_answered_with_an_error(
    sandbox: Sandbox, client: AsyncWebClient, channel: str, refused: Any
) -> None:
    """fatal_error, internal_error, service_unavailable are in each method's table of errors."""
    sandbox.faults.add(POST, Fault.ERROR("fatal_error"))
    answer = await refused(client.chat_postMessage(channel=channel, text="a"))
    assert answer["error"] == "fatal_error"
    assert posted_texts(sandbox, channel) == []
    await client.chat_postMessage(channel=channel, text="a")
    first, second = sandbox.calls(POST)
    assert (first.ok, first.error, first.acted) == (False, "fatal_error", False)
    assert (second.ok, second.error, second.args["text"]) == (True, None, "a")


async def test_an_error_can_follow_the_action(
    sandbox: Sandbox, client: AsyncWebClient, channel: str, refused: Any
) -> None:
    """fatal_error: "it's possible some aspect of the operation succeeded before the error"."""
    sandbox.faults.add(POST, Fault.ERROR("fatal_error", acted=True))
    answer = await refused(client.chat_postMessage(channel=channel, text="a"))
    assert (answer["error"], posted_texts(sandbox, channel)) == ("fatal_error", ["a"])
    [call] = sandbox.calls(POST)
    assert (call.ok, call.error, call.acted) == (False, "fatal_error", True)


async def test_a_fault_can_last_for_a_period(
    sandbox: Sandbox, client: AsyncWebClient, clock: ManualTimeSource
) -> None:
    """From the first instant to before the second, for any number of calls."""
    begin = clock.now() + timedelta(hours=1)
    during = (begin, begin + timedelta(minutes=1))
    sandbox.faults.add("*", Fault.ERROR("service_unavailable"), times=None, during=during)
    outcomes = []
    for at in (-1, 0, 1, 59, 60):
        clock.set(begin + timedelta(seconds=at))
        try:
            outcomes.append((await client.auth_test())["ok"])
        except SlackApiError as failed:
            outcomes.append(failed.response["error"])
    assert outcomes == [True, *["service_unavailable"] * 3, True]


async def test_a_rate_limited_call_has_retry_after(
    sandbox: Sandbox, client: AsyncWebClient, channel: str, refused: Any
) -> None:
    """Rate limits: "HTTP 429 Too Many Requests" and `Retry-After` in seconds; no effect."""
    sandbox.faults.add(POST, Fault.RATE_LIMITED(7))
    answer = await refused(client.chat_postMessage(channel=channel, text="a"))
    assert (answer.status_code, answer["error"]) == (429, "ratelimited")
    assert answer.headers["Retry-After"] == "7"
    assert posted_texts(sandbox, channel) == []


@pytest.mark.parametrize("acted", [False, True])
async def test_a_server_error_is_not_json(
    sandbox: Sandbox, client: AsyncWebClient, channel: str, *, acted: bool
) -> None:
    """A 5xx is the answer of a proxy in front of Slack, which does not return JSON."""
    sandbox.faults.add(POST, Fault.SERVER_ERROR(503, acted=acted))
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=channel, text="a")
    assert caught.value.response.status_code == 503
    assert posted_texts(sandbox, channel) == (["a"] if acted else [])


@pytest.mark.parametrize("acted", [False, True])
async def test_a_connection_breaks_before_or_after_the_action(
    sandbox: Sandbox, client: AsyncWebClient, channel: str, *, acted: bool
) -> None:
    """Without an answer the caller cannot know whether the method acted."""
    sandbox.faults.add(POST, Fault.RESET_AFTER if acted else Fault.RESET_BEFORE)
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.chat_postMessage(channel=channel, text="a")
    assert posted_texts(sandbox, channel) == (["a"] if acted else [])
    [call] = sandbox.calls(POST)
    assert (call.ok, call.error, call.acted) == (False, "reset", acted)


@pytest.mark.parametrize("acted", [False, True])
async def test_a_call_hangs_until_it_is_released(
    sandbox: Sandbox, client: AsyncWebClient, channel: str, eventually: Any, *, acted: bool
) -> None:
    """The same without an end: the caller needs a timeout."""
    sandbox.faults.add(POST, Fault.HANG_AFTER if acted else Fault.HANG_BEFORE)
    call = asyncio.ensure_future(client.chat_postMessage(channel=channel, text="a"))
    await eventually(lambda: sandbox.calls(POST))
    await asyncio.sleep(0.05)
    assert not call.done()
    assert posted_texts(sandbox, channel) == (["a"] if acted else [])
    sandbox.faults.release()
    with pytest.raises(aiohttp.ClientConnectionError):
        await call


async def test_a_hanging_call_does_not_delay_the_stop(
    sandbox: Sandbox, client: AsyncWebClient, channel: str, eventually: Any
) -> None:
    """No rule of Slack's: a test that failed must not hang."""
    sandbox.faults.add(POST, Fault.HANG_BEFORE)
    call = asyncio.ensure_future(client.chat_postMessage(channel=channel, text="a"))
    await eventually(lambda: sandbox.calls(POST))
    async with asyncio.timeout(0.9):
        await sandbox.stop()
    with pytest.raises(aiohttp.ClientConnectionError):
        await call


async def test_an_answer_can_be_late(
    sandbox: Sandbox, client: AsyncWebClient, channel: str
) -> None:
    """The method acts while the caller still waits, or has given up."""
    sandbox.faults.add(POST, Fault.SLOW(0.1))
    before = asyncio.get_running_loop().time()
    assert (await client.chat_postMessage(channel=channel, text="a"))["ok"]
    assert asyncio.get_running_loop().time() - before >= 0.1
    assert sandbox.calls(POST)[0].ok


async def test_an_answer_can_be_truncated(
    sandbox: Sandbox, client: AsyncWebClient, channel: str
) -> None:
    """From an answer that is not JSON the caller cannot know whether the method acted."""
    sandbox.faults.add(POST, Fault.BAD_JSON)
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=channel, text="a")
    assert posted_texts(sandbox, channel) == ["a"]


async def test_orders_count_and_select_calls(
    sandbox: Sandbox, client: AsyncWebClient, channel: str
) -> None:
    """`after` lets calls pass, `times` limits the number, `when` selects by arguments."""
    sandbox.faults.add(
        POST,
        Fault.ERROR("internal_error"),
        times=2,
        after=2,
        when=lambda arguments: arguments["text"].startswith("x"),
    )
    outcomes = []
    for text in ("a", "x1", "x2", "x3", "b", "x4", "x5"):
        try:
            await client.chat_postMessage(channel=channel, text=text)
            outcomes.append(text)
        except SlackApiError:
            outcomes.append("-")
    assert outcomes == ["a", "x1", "x2", "-", "b", "-", "x5"]


async def test_a_fault_can_affect_every_method_until_cleared(
    sandbox: Sandbox, client: AsyncWebClient, refused: Any
) -> None:
    """An outage of Slack affects all methods."""
    sandbox.faults.add("*", Fault.ERROR("service_unavailable"), times=9)
    assert (await refused(client.auth_test()))["error"] == "service_unavailable"
    sandbox.faults.clear()
    assert (await client.auth_test())["ok"]
