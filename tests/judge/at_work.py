"""Run the bot in the test's process, on the desk that is judged."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.app import Deskbell, deskbell
from bot.sandbox import Sandbox
from bot.settings import RunSettings
from bot.time_source import TimeSource
from tests.judge.sample_desk import DIGEST_AT, MANAGERS, PLANS, TRIAGE
from tests.serving import serving

PATIENCE_SECONDS = 60.0


@asynccontextmanager
async def at_work(sandbox: Sandbox, clock: TimeSource, url: str) -> AsyncIterator[Deskbell]:
    """Connect the bot for the duration of the block."""
    settings = RunSettings(
        _env_file=None,
        slack_bot_token=sandbox.bot_token,
        slack_app_token=sandbox.app_token,
        slack_api_url=sandbox.api_url,
        port=0,
        database_url=url,
        deskbell_catalog=(str(PLANS),),
        deskbell_triage_channel=TRIAGE,
        deskbell_managers_channel=MANAGERS,
        deskbell_digest_time=DIGEST_AT,
        deskbell_time_zone="Asia/Karachi",
    )
    async with (
        deskbell(settings, clock, pace_seconds=0, look_again_after=timedelta(0)) as bot,
        serving(bot),
    ):
        await sandbox.wait_connected(timeout=30)
        yield bot


async def delivered(sandbox: Sandbox) -> None:
    """Wait until Slack has delivered every event that it does not hold back."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while sandbox.undelivered > sandbox.deliveries.held:  # noqa: ASYNC110 (no event)
            await asyncio.sleep(0.005)


async def at_rest(sandbox: Sandbox, bot: Deskbell) -> None:
    """Wait until all deliveries are handled, due timers have fired and the outbox is empty."""
    await delivered(sandbox)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await bot.settle()
