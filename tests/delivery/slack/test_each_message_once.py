"""Whatever goes wrong on the way to Slack, each message stands there once."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import Fault, Message, View
from tests.story import Story, story

POST, UPDATE, OPEN = "chat.postMessage", "chat.update", "conversations.open"
LOOK = "conversations.replies"

FAULTS = {
    "fatal_error": Fault.ERROR("fatal_error"),
    "internal_error": Fault.ERROR("internal_error"),
    "a revoked token": Fault.ERROR("token_revoked"),
    "429": Fault.RATE_LIMITED(2),
    "503 before": Fault.SERVER_ERROR(503),
    "503 after": Fault.SERVER_ERROR(503, acted=True),
    "reset before": Fault.RESET_BEFORE,
    "reset after": Fault.RESET_AFTER,
    "slow": Fault.SLOW(0.1),
    "bad JSON": Fault.BAD_JSON,
}
QUICK = ("429", "503 after", "reset after")
each_fault = pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, id=name, marks=() if name in QUICK else pytest.mark.thorough)
        for name, fault in FAULTS.items()
    ],
)
ONCE = {
    "client-card:1": 1,
    "triage-card:1": 1,
    "ping:due:triage": 1,
    "ping:due:engineer": 1,
    "ping:due:managers": 1,
}


async def patiently(tale: Story) -> None:
    """Settle; where something waits for a later time, let minutes pass."""
    settling = asyncio.create_task(tale.settle())
    while not (await asyncio.wait([settling], timeout=0.25))[0]:
        tale.clock.advance(timedelta(minutes=1))
    await settling


async def until(check: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not check():  # noqa: ASYNC110 (neither Slack nor the store has an event for it)
            await asyncio.sleep(0.01)


def waits(tale: Story, error: str) -> bool:
    """Whether it is on record that a message waits because of this error."""
    return bool(tale.rows("SELECT 1 FROM outbox WHERE error = ?", error))


def said(tale: Story) -> Counter[str]:
    """What the bot's messages say, by the keys by which they are owed; alarms are not of the
    ticket."""
    found: Counter[str] = Counter()
    for message in tale.sandbox.all_messages():
        if message.bot_id and message.metadata and not (message.ephemeral_to or message.deleted):
            key = tale.key_of(message)
            kind, _, rest = key.partition(":")
            if kind == "alarm":
                continue
            if kind == "ping":
                _, step, _, audience, _ = rest.split(":")
                key = f"ping:{step}:{audience}"
            found[key] += 1
    return found


async def a_ticket_falls_due(tale: Story) -> str:
    """Cards, an update of each, and pings to triage, to the engineer and to the managers."""
    channel, ann = await tale.add_client(plan="enterprise", engineer=tale.dana)
    ts: str = await tale.sandbox.post(ann, channel, "Our server is down")
    await patiently(tale)
    card = tale.client_card(channel, ts)
    await tale.sandbox.press(ann, channel, card.ts, "client_severity:critical")
    await patiently(tale)
    tale.clock.advance(timedelta(hours=2))
    await patiently(tale)
    return tale.client_card(channel, ts).plain()


@pytest.fixture(scope="module")
def the_card_at_the_end(tmp_path_factory: pytest.TempPathFactory) -> str:
    """As it reads where nothing goes wrong."""

    async def undisturbed() -> str:
        async with story(tmp_path_factory.mktemp("undisturbed")) as tale, tale.running():
            card = await a_ticket_falls_due(tale)
            assert said(tale) == ONCE
            return card

    return asyncio.run(undisturbed())


@each_fault
async def test_two_faults_in_a_row_at_each_method_and_still_each_once(
    tmp_path: Path, the_card_at_the_end: str, fault: Any
) -> None:
    async with story(tmp_path) as tale, tale.running():
        for method in (POST, UPDATE, OPEN):
            tale.sandbox.faults.add(method, fault, times=2)
        card = await a_ticket_falls_due(tale)
        assert said(tale) == ONCE
        assert card == the_card_at_the_end


@each_fault
async def test_a_look_up_that_fails_is_made_again_before_anything_is_repeated(
    tmp_path: Path, fault: Any
) -> None:
    async with story(tmp_path) as tale, tale.running():
        tale.sandbox.faults.add(POST, Fault.RESET_AFTER)
        tale.sandbox.faults.add(LOOK, fault, times=2)
        await a_ticket_falls_due(tale)
        assert said(tale) == ONCE


async def test_a_message_is_found_again_where_no_metadata_is_kept(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        keys: Counter[str] = Counter()

        def forget_metadata(what: Message | View, kind: str) -> None:
            if isinstance(what, Message) and kind == "posted" and what.bot_id and what.metadata:
                keys[what.metadata["event_payload"]["key"]] += 1
                what.metadata = None

        tale.sandbox.watch(forget_metadata)
        tale.sandbox.faults.add(POST, Fault.RESET_AFTER, times=4)
        await a_ticket_falls_due(tale)
        assert len(keys) == len(ONCE)
        assert set(keys.values()) == {1}


@pytest.mark.parametrize("fault", [Fault.HANG_BEFORE, Fault.HANG_AFTER], ids=["before", "after"])
async def test_a_call_that_hangs_holds_up_no_other_channel(tmp_path: Path, fault: Any) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        tale.sandbox.faults.add(POST, fault, when=lambda call: call["channel"] == channel)
        await tale.sandbox.post(ann, channel, "Our server is down")
        await until(tale.triage_cards)
        await until(lambda: any(call.error == "hang" for call in tale.sandbox.calls(POST)))
        tale.sandbox.faults.release()
        await patiently(tale)
        assert said(tale) == {"client-card:1": 1, "triage-card:1": 1}


async def test_retry_after_is_honoured_to_the_second(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        tale.sandbox.faults.add(
            POST, Fault.RATE_LIMITED(30), when=lambda call: call["channel"] == channel
        )
        await tale.sandbox.post(ann, channel, "Our server is down")
        await until(lambda: tale.triage_cards() and waits(tale, "ratelimited"))
        tale.clock.advance(timedelta(seconds=29.9))
        await asyncio.sleep(1.2)  # longer than the messenger's sweep
        assert "client-card:1" not in said(tale)
        tale.clock.advance(timedelta(seconds=0.1))
        await tale.settle()
        assert said(tale) == {"client-card:1": 1, "triage-card:1": 1}
