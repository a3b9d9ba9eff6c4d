"""The bot in the process of a test, at work for the desk that is judged."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.app import Deskbell, deskbell
from bot.sandbox import Sandbox
from bot.settings import RunSettings
from bot.time_source import TimeSource
from tests.judge.office import DIGEST_AT, MANAGERS, PLANS, TRIAGE
from tests.serving import serving

PATIENCE_SECONDS = 60.0


@asynccontextmanager
async def at_work(sandbox: Sandbox, clock: TimeSource, url: str) -> AsyncIterator[Deskbell]:
    """Connected."""
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
    """Wait until Slack has brought what it does not hold back."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while sandbox.undelivered > sandbox.deliveries.held:  # noqa: ASYNC110 (nobody tells)
            await asyncio.sleep(0.005)


async def at_rest(sandbox: Sandbox, bot: Deskbell) -> None:
    """Wait until all that is delivered is worked, what is due has fired, what is owed is said."""
    await delivered(sandbox)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await bot.settle()
