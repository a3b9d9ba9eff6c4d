"""How often Slack lets an app call: the page "Rate limits" and the tier on each method's page."""

from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Limits, Sandbox
from bot.sandbox.limits import A_MINUTE, POST
from bot.sandbox.methods import METHODS
from bot.sandbox.pacing import Pace
from bot.time_source import ManualTimeSource

SPECIAL = {"auth.test", "chat.getPermalink"}


def test_a_burst_passes_and_then_one_a_second() -> None:
    """Posting messages: "1 per second. Short bursts >1 allowed", for each channel."""
    now = [0.0]
    pace = Pace(lambda: now[0], burst=3)
    assert [pace.wait_before("C1") for _ in range(4)] == [0, 0, 0, 1]
    assert pace.wait_before("C2") == 0, "each channel has its own pace"
    now[0] = 0.5
    assert pace.wait_before("C1") == 1
    now[0] = 1.0
    assert pace.wait_before("C1") == 0
    assert pace.wait_before("C1") == 1
    now[0] = 100.0
    assert [pace.wait_before("C1") for _ in range(4)] == [0, 0, 0, 1]


async def test_who_posts_too_fast_is_told_to_wait(clock: ManualTimeSource, refused: Any) -> None:
    """ratelimited, with 429 and `Retry-After`; nothing has been posted."""
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


def test_a_method_of_tier_3_takes_fifty_calls_a_minute() -> None:
    """Web API Tier 3: "50+ per minute"; `Retry-After` says when the next may pass."""
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


def test_a_workspace_takes_some_hundred_messages_a_minute() -> None:
    """chat.postMessage: besides the channel's pace "also maintaining a workspace-wide limit"."""
    limits = Limits(lambda: 0.0)
    posted = [limits.wait_before(POST, f"C{channel}") for channel in range(A_MINUTE[POST] + 1)]
    assert posted == [0] * A_MINUTE[POST] + [60]


def test_what_is_refused_does_not_count() -> None:
    """After `Retry-After` seconds the call passes, however often it was tried before."""
    now = [0.0]
    limits = Limits(lambda: now[0], a_minute={"users.list": 1})
    assert [limits.wait_before("users.list", "") for _ in range(3)] == [0, 60, 60]
    now[0] = 60.0
    assert [limits.wait_before("users.list", "") for _ in range(2)] == [0, 60]


async def test_limits_can_be_others_and_run_on_the_storys_clock(
    clock: ManualTimeSource, refused: Any
) -> None:
    """Apps that are sold to others have one conversations.history a minute since May 2025."""
    limits = Limits(lambda: clock.now().timestamp(), a_minute={"conversations.history": 1})
    async with Sandbox(clock, rate_limits=limits) as sandbox:
        client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
        channel = sandbox.add_channel("acme")
        await client.conversations_history(channel=channel)
        answer = await refused(client.conversations_history(channel=channel))
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
        clock.advance(timedelta(seconds=60))
        await client.conversations_history(channel=channel)


async def test_beyond_its_share_of_events_an_app_hears_that_it_is_limited(
    clock: ManualTimeSource, eventually: Any
) -> None:
    """app_rate_limited: "more than 30,000 events in an hour from a single workspace"; it "has no
    inner event", and is told once a minute. What was held back stands in history alone."""
    limits = Limits(lambda: clock.now().timestamp(), events_an_hour=2)
    async with Sandbox(clock, rate_limits=limits) as sandbox, aiohttp.ClientSession() as session:
        client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
        address = (await client.apps_connections_open(app_token=sandbox.app_token))["url"]
        socket = await session.ws_connect(address)
        ada = sandbox.add_user("Ada")
        channel = sandbox.add_channel("acme", members=[ada])

        async def heard(said: str, *, minutes: int = 0) -> Any:
            clock.advance(timedelta(minutes=minutes))
            await sandbox.post(ada, channel, said)
            return (await socket.receive_json(timeout=10)).get("payload", {"type": "hello"})

        assert (await socket.receive_json(timeout=10))["type"] == "hello"
        assert [(await heard(said))["event"]["text"] for said in "ab"] == ["a", "b"]
        told = await heard("c")
        assert (told["type"], "event" in told) == ("app_rate_limited", False)
        assert told["minute_rate_limited"] == clock.now().timestamp() // 60 * 60
        await sandbox.post(ada, channel, "d")  # in the same minute: not a word
        assert (await heard("e", minutes=1))["type"] == "app_rate_limited"
        assert (await heard("f", minutes=60))["event"]["text"] == "f"
        history = await client.conversations_history(channel=channel)
        assert [each["text"] for each in history["messages"]] == list("fedcba")


def test_every_method_has_a_limit_or_is_known_to_have_a_special_one() -> None:
    """Each method's page names a tier; "Special rate limits apply" says no number."""
    assert METHODS.keys() - A_MINUTE.keys() == SPECIAL
