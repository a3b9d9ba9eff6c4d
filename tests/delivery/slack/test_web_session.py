"""Tests the HTTP session of the Slack client."""

import asyncio

import pytest

from bot.delivery.slack import client as slack_client
from bot.sandbox import Fault, Sandbox
from bot.time_source import SystemTimeSource


async def test_an_unanswered_call_ends_after_the_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """slack_sdk does not apply its time-out to a session that it was given."""
    monkeypatch.setattr(slack_client, "CALL_TIMEOUT_SECONDS", 0.2)
    async with Sandbox(SystemTimeSource()) as sandbox, slack_client.web_session() as session:
        sandbox.faults.add("auth.test", Fault.HANG_BEFORE)
        client = slack_client.web_client(sandbox.bot_token, sandbox.api_url, session)
        async with asyncio.timeout(5):
            with pytest.raises(TimeoutError):
                await client.auth_test()
