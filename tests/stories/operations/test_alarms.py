"""Alarms for the operators are sent to the managers' channel, each once."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.operations.alarms import AccountClosed
from bot.usecases.alarm import raise_alarm
from tests.story import Story, story

pytestmark = pytest.mark.both_stores(thorough="postgresql")

ALARM = AccountClosed("UFAY", "<!channel> Fay & Co")


async def raise_and_send(tale: Story, key: str) -> None:
    assert tale.bot is not None
    async with tale.bot.runtime.write() as desk:
        await raise_alarm(desk, key, ALARM)
    await tale.settle()


async def test_a_repeated_alarm_is_sent_once(tmp_path: Path) -> None:
    async with story(tmp_path) as tale:
        async with tale.running():
            await raise_and_send(tale, "account:2026-03-09")
            await raise_and_send(tale, "account:2026-03-09")
        tale.clock.advance(timedelta(hours=1))
        async with tale.running():
            await raise_and_send(tale, "account:2026-03-09")
            [alarm] = tale.said_to_managers()
            assert "Fay &amp; Co (UFAY) in Slack is closed." in alarm
            await raise_and_send(tale, "account:2026-03-10")
            assert len(tale.said_to_managers()) == 2


@pytest.mark.thorough
async def test_a_name_in_an_alarm_mentions_nobody(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await raise_and_send(tale, "account")
        [message] = tale.sandbox.messages(tale.managers)
        assert "&lt;!channel&gt;" in message.text
        assert "Fay &amp; Co (UFAY) in Slack is closed." in message.text
