"""Tests that a bot killed during a call to Slack is replaced by a bot that checks before it repeats
the call.
"""

from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import Fault
from tests.crash.harness.bot_processes import ACME, BotProcesses, Desk, desk, eventually

POST, LOOK, UPDATE = "chat.postMessage", "conversations.replies", "chat.update"


def to_the_client(arguments: Any) -> bool:
    return bool(arguments["channel"] == ACME)


async def kill_during(at: Desk, method: str) -> None:
    """Kill the bot as soon as this call hangs, and start the next bot."""
    await eventually(lambda: any(call.error == "hang" for call in at.sandbox.calls(method)))
    at.kill()
    await at.wait_until_dead()
    at.sandbox.faults.release()
    at.start()


@pytest.mark.parametrize(
    ("fault", "posts"),
    [(Fault.HANG_AFTER, 1), (Fault.HANG_BEFORE, 2)],
    ids=["after Slack has taken it", "before Slack has taken it"],
)
async def test_a_card_is_posted_once_whether_or_not_slack_had_received_it(
    bots: BotProcesses, template: Path, tmp_path: Path, fault: Any, posts: int
) -> None:
    async with desk(bots, tmp_path, template) as at:
        at.sandbox.faults.add(POST, fault, when=to_the_client)
        at.start()
        await at.sandbox.post(at.ann, ACME, "Our server is down")
        await kill_during(at, POST)
        await at.settle()

        assert len(at.cards()) == 1
        assert len([call for call in at.sandbox.calls(POST) if to_the_client(call.args)]) == posts


async def test_a_second_crash_during_the_check_costs_another_check(
    bots: BotProcesses, template: Path, tmp_path: Path
) -> None:
    async with desk(bots, tmp_path, template) as at:
        at.sandbox.faults.add(POST, Fault.HANG_AFTER, when=to_the_client)
        at.sandbox.faults.add(LOOK, Fault.HANG_BEFORE)
        at.start()
        await at.sandbox.post(at.ann, ACME, "Our server is down")
        await kill_during(at, POST)
        await kill_during(at, LOOK)
        await at.settle()

        assert len(at.cards()) == 1
        assert len([call for call in at.sandbox.calls(POST) if to_the_client(call.args)]) == 1


async def test_a_change_requested_before_the_crash_is_shown_after_it(
    bots: BotProcesses, template: Path, tmp_path: Path
) -> None:
    """The response to the card's post is lost, and its severity was chosen in the meantime."""
    async with desk(bots, tmp_path, template) as at:
        at.sandbox.faults.add(POST, Fault.HANG_AFTER, when=to_the_client)
        at.start()
        await at.sandbox.post(at.ann, ACME, "Our server is down")
        await eventually(at.cards)
        await at.press(at.ann, at.cards()[0], "client_severity:critical")
        before = at.cards()[0].plain()
        await kill_during(at, POST)
        await at.settle()

        [card] = at.cards()
        assert card.edits == 1
        assert card.plain() != before


async def test_an_interrupted_update_is_repeated(
    bots: BotProcesses, template: Path, tmp_path: Path
) -> None:
    async with desk(bots, tmp_path, template) as at:
        at.start()
        await at.sandbox.post(at.ann, ACME, "Our server is down")
        await at.settle()
        at.sandbox.faults.add(UPDATE, Fault.HANG_BEFORE, when=to_the_client)
        await at.press(at.ann, at.cards()[0], "client_severity:critical")
        await kill_during(at, UPDATE)
        await at.settle()

        [card] = at.cards()
        assert card.edits == 1
