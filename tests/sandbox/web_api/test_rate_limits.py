"""The rate limits of the page "Rate limits" and the tier on each method's page."""

from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Limits, Sandbox
from bot.sandbox.message_pace import MessagePace
from bot.sandbox.rate_limits import A_MINUTE, POST
from bot.sandbox.web_api.methods import METHODS
from bot.time_source import ManualTimeSource

SPECIAL = {"auth.test", "chat.getPermalink"}


def test_after_a_burst_a_message_a_second_passes() -> None:
    """Posting messages: "1 per second. Short bursts >1 allowed", for each channel."""
    now = [0.0]
    pace = MessagePace(lambda: now[0], burst=3)
    assert [pace.wait_before("C1") for _ in range(4)] == [0, 0, 0, 1]
    assert pace.wait_before("C2") == 0, "each channel has its own pace"
    now[0] = 0.5
    assert pace.wait_before("C1") == 1
    now[0] = 1.0
    assert pace.wait_before("C1") == 0
    assert pace.wait_before("C1") == 1
    now[0] = 100.0
    assert [pace.wait_before("C1") for _ in range(4)] == [0, 0, 0, 1]


async def test_posting_too_fast_is_rate_limited(clock: ManualTimeSource, refused: Any) -> None:
    """ratelimited, with 429 and `Retry-After`; no message is posted."""
    async with Sandbox(clock) as sandbox:
        client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
        channel = sandbox.add_channel("acme")
        for _ in range(5):
            await client.chat_postMessage(channel=channel, text="a")
        answer = await refused(client.chat_postMessage(channel=channel, text="a"))
        assert (answer.status_code, answer["error"]) == (429, "ratelimited")
        assert answer.headers["Retry-After"] == "1"
        assert len(sandbox.messages(channel)) == 5
        other = sandbox.add_channel("other")
        assert (await client.chat_postMessage(channel=other, text="a"))["ok"]


def test_a_method_of_tier_3_allows_fifty_calls_a_minute() -> None:
    """Web API Tier 3: "50+ per minute"; `Retry-After` is the time until the next call."""
    now = [0.0]
    limits = Limits(lambda: now[0])
    assert not any(limits.wait_before("conversations.history", "C1") for _ in range(49))
    now[0] = 12.5
    assert limits.wait_before("conversations.history", "C2") == 0
    assert limits.wait_before("conversations.history", "C3") == 48, "all channels count together"
    assert limits.wait_before("conversations.replies", "C1") == 0, "each method for itself"
    now[0] = 60.0
    assert not any(limits.wait_before("conversations.history", "C1") for _ in range(49))
    assert limits.wait_before("conversations.history", "C1") == 13


def test_a_workspace_allows_several_hundred_messages_a_minute() -> None:
    """chat.postMessage: besides the limit per channel "also maintaining a workspace-wide limit"."""
    limits = Limits(lambda: 0.0)
    posted = [limits.wait_before(POST, f"C{channel}") for channel in range(A_MINUTE[POST] + 1)]
    assert posted == [0] * A_MINUTE[POST] + [60]


def test_a_refused_call_does_not_count() -> None:
    """After `Retry-After` seconds the call passes, however often the app has tried before."""
    now = [0.0]
    limits = Limits(lambda: now[0], a_minute={"users.list": 1})
    assert [limits.wait_before("users.list", "") for _ in range(3)] == [0, 60, 60]
    now[0] = 60.0
    assert [limits.wait_before("users.list", "") for _ in range(2)] == [0, 60]


async def test_limits_and_their_clock_can_be_replaced(
    clock: ManualTimeSource, refused: Any
) -> None:
    """Commercial apps may call conversations.history once a minute since May 2025."""
    limits = Limits(lambda: clock.now().timestamp(), a_minute={"conversations.history": 1})
    async with Sandbox(clock, rate_limits=limits) as sandbox:
        client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
        channel = sandbox.add_channel("acme")
        await client.conversations_history(channel=channel)
        answer = await refused(client.conversations_history(channel=channel))
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
        clock.advance(timedelta(seconds=60))
        await client.conversations_history(channel=channel)


async def test_an_app_beyond_the_event_limit_receives_app_rate_limited(
    clock: ManualTimeSource, eventually: Any
) -> None:
    """app_rate_limited: "more than 30,000 events in an hour from a single workspace"; it "has no
    inner event" and is sent once a minute. The other messages are only in the history.
    """
    limits = Limits(lambda: clock.now().timestamp(), events_an_hour=2)
    async with Sandbox(clock, rate_limits=limits) as sandbox, aiohttp.ClientSession() as session:
        client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
        address = (await client.apps_connections_open(app_token=sandbox.app_token))["url"]
        socket = await session.ws_connect(address)
        ada = sandbox.add_user("Ada")
        channel = sandbox.add_channel("acme", members=[ada])

        async def next_event(text: str, *, minutes: int = 0) -> Any:
            clock.advance(timedelta(minutes=minutes))
            await sandbox.post(ada, channel, text)
            return (await socket.receive_json(timeout=10)).get("payload", {"type": "hello"})

        assert (await socket.receive_json(timeout=10))["type"] == "hello"
        assert [(await next_event(text))["event"]["text"] for text in "ab"] == ["a", "b"]
        body = await next_event("c")
        assert (body["type"], "event" in body) == ("app_rate_limited", False)
        assert body["minute_rate_limited"] == clock.now().timestamp() // 60 * 60
        await sandbox.post(ada, channel, "d")  # in the same minute: no event
        assert (await next_event("e", minutes=1))["type"] == "app_rate_limited"
        assert (await next_event("f", minutes=60))["event"]["text"] == "f"
        history = await client.conversations_history(channel=channel)
        assert [message["text"] for message in history["messages"]] == list("fedcba")


def test_every_method_has_a_limit_or_a_special_limit() -> None:
    """Each method's page names a tier; "Special rate limits apply" names no number."""
    assert METHODS.keys() - A_MINUTE.keys() == SPECIAL
