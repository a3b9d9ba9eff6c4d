"""Slack's pace for messages, about one a second and channel."""

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import StoryClock
from bot.sandbox import Sandbox
from bot.sandbox.pacing import Pace


def test_a_burst_passes_and_then_one_a_second() -> None:
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


async def test_who_posts_too_fast_is_told_to_wait(clock: StoryClock, refused: Any) -> None:
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
