"""Tests `python -m bot run` as an operator starts and stops it."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from bot.sandbox import Fault
from tests.crash.harness.bot_processes import ACME, BotProcesses, Desk, desk, eventually

POST = "chat.postMessage"


async def run(at: Desk) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=at.directory,
        env=os.environ | at.environment,
        stderr=asyncio.subprocess.PIPE,
    )
    await at.sandbox.wait_connected(timeout=20)
    return process


async def stopped(process: asyncio.subprocess.Process, by: signal.Signals) -> tuple[int, str]:
    """Stop the process and return its exit code and output; it has ten seconds, as under a
    supervisor.
    """
    process.send_signal(by)
    async with asyncio.timeout(10):
        _, output = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


@pytest.mark.thorough
@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL])
async def test_a_bot_stopped_during_a_call_loses_and_repeats_nothing(
    bots: BotProcesses, template: Path, tmp_path: Path, by: signal.Signals
) -> None:
    """The card has reached Slack, its response has not reached the bot, and a second report arrived
    while no bot was running.
    """
    async with desk(bots, tmp_path, template) as at:
        at.sandbox.faults.add(POST, Fault.HANG_AFTER, when=lambda call: call["channel"] == ACME)
        first = await run(at)
        await at.sandbox.post(at.ann, ACME, "Our server is down")
        await eventually(at.cards)
        code, output = await stopped(first, by)
        assert code == (0 if by is signal.SIGTERM else -by)
        assert "Traceback" not in output
        at.sandbox.faults.release()
        await at.sandbox.post(at.ann, ACME, "And the mail, too", thread_ts=None)

        second = await run(at)
        await at.settle()
        code, output = await stopped(second, signal.SIGTERM)

        assert (code, "Traceback" in output) == (0, False)
        assert len(at.cards()) == len(at.rows("SELECT 1 FROM tickets")) == 1
        assert len(at.rows("SELECT 1 FROM messages WHERE ticket_id IS NOT NULL")) == 2


async def test_an_idle_bot_stops_at_once(
    bots: BotProcesses, template: Path, tmp_path: Path
) -> None:
    async with desk(bots, tmp_path, template) as at:
        process = await run(at)
        begun = time.monotonic()
        code, output = await stopped(process, signal.SIGINT)
        assert code == 0
        assert "Traceback" not in output
        assert time.monotonic() - begun < 5


@pytest.mark.thorough
async def test_a_second_bot_on_the_same_file_is_refused_with_a_message(
    bots: BotProcesses, template: Path, tmp_path: Path
) -> None:
    async with desk(bots, tmp_path, template) as at:
        first = await run(at)
        second = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            cwd=at.directory,
            env=os.environ | at.environment,
            stderr=asyncio.subprocess.PIPE,
        )
        _, output = await second.communicate()
        assert second.returncode == 2
        assert output.decode().startswith("another Deskbell is running on ")
        assert len(output.decode().splitlines()) == 1
        assert (await stopped(first, signal.SIGTERM))[0] == 0
