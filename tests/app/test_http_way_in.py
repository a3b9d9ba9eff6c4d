"""Tests that Slack's requests arrive by HTTP if there is a signing secret and no app token."""

import asyncio
import json
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from slack_sdk.signature import SignatureVerifier

from bot.app import deskbell
from bot.sandbox import Sandbox
from bot.settings import RunSettings
from bot.time_source import ManualTimeSource
from bot.usecases.operations.setup import NewClient, add_client
from tests.pages import free_port

SECRET = "an invented secret"


def signed(body: str, secret: str) -> dict[str, str]:
    at = str(int(time.time()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=at, body=body)
    return {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": signature or "",
    }


async def test_a_signed_event_opens_a_ticket_and_a_forged_event_does_not(tmp_path: Path) -> None:
    clock = ManualTimeSource(datetime(2026, 3, 9, 5, tzinfo=UTC))
    async with Sandbox(clock, rate_limits=False) as sandbox:
        triage, managers = sandbox.add_channel("triage"), sandbox.add_channel("managers")
        ann = sandbox.add_user("Ann")
        channel = sandbox.add_channel("acme", members=[ann])
        ts = await sandbox.post(ann, channel, "Our server is down")
        settings = RunSettings(
            _env_file=None,
            slack_bot_token=sandbox.bot_token,
            slack_signing_secret=SECRET,
            slack_api_url=sandbox.api_url,
            port=free_port(),
            database_url=f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}",
            deskbell_triage_channel=triage,
            deskbell_managers_channel=managers,
        )
        body = json.dumps(
            {
                "type": "event_callback",
                "team_id": sandbox.team_id,
                "event_id": "Ev1",
                "event": {
                    "type": "message",
                    "channel": channel,
                    "user": ann,
                    "text": "Our server is down",
                    "ts": ts,
                },
            }
        )
        address = f"http://127.0.0.1:{settings.port}/slack/events"
        async with deskbell(settings, clock, pace_seconds=0) as bot:
            async with bot.runtime.write() as desk:
                await add_client(desk, NewClient("Acme", "ACME", "standard", channel, None, None))
            serving = asyncio.create_task(bot.serve())
            async with aiohttp.ClientSession() as session:
                forged = await posted(session, address, body, signed(body, "another secret"))
                taken = await posted(session, address, body, signed(body, SECRET))
                again = await posted(session, address, body, signed(body, SECRET))
            async with asyncio.timeout(20):
                await bot.settle()
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving

        assert (forged, taken, again) == (401, 200, 200)
        assert len(sandbox.messages(triage)) == 1
        assert len(sandbox.messages(channel, thread_ts=ts)) == 1


async def posted(
    session: aiohttp.ClientSession, address: str, body: str, headers: dict[str, str]
) -> int:
    """Return the status of the response; wait until the bot listens."""
    deadline = asyncio.get_running_loop().time() + timedelta(seconds=10).total_seconds()
    while True:
        try:
            async with session.post(address, data=body, headers=headers) as response:
                return response.status
        except aiohttp.ClientConnectorError:
            if asyncio.get_running_loop().time() > deadline:
                raise
            await asyncio.sleep(0.05)
