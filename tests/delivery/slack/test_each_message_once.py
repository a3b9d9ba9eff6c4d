"""Tests that each message appears in Slack once, despite faults of its calls."""

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
LOOKUP = "conversations.replies"

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
QUICK_FAULTS = ("429", "503 after", "reset after")
each_fault = pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, id=name, marks=() if name in QUICK_FAULTS else pytest.mark.thorough)
        for name, fault in FAULTS.items()
    ],
)
EXPECTED = {
    "client-card:1": 1,
    "triage-card:1": 1,
    "ping:due:triage": 1,
    "ping:due:engineer": 1,
    "ping:due:managers": 1,
}


async def settle_patiently(tale: Story) -> None:
    """Settle; while a message waits for a later time, let minutes pass."""
    settling = asyncio.create_task(tale.settle())
    while not (await asyncio.wait([settling], timeout=0.25))[0]:
        tale.clock.advance(timedelta(minutes=1))
    await settling


async def until(check: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not check():  # noqa: ASYNC110 (neither Slack nor the store has an event for it)
            await asyncio.sleep(0.01)


def is_waiting(tale: Story, error: str) -> bool:
    """Return whether a message waits because of this error."""
    return bool(tale.rows("SELECT 1 FROM outbox WHERE error = ?", error))


def messages_by_key(tale: Story) -> Counter[str]:
    """Count the bot's messages by their keys, without alarms; pings are counted by audience."""
    counts: Counter[str] = Counter()
    for message in tale.sandbox.all_messages():
        if message.bot_id and message.metadata and not (message.ephemeral_to or message.deleted):
            key = tale.key_of(message)
            kind, _, rest = key.partition(":")
            if kind == "alarm":
                continue
            if kind == "ping":
                _, step, _, audience, _ = rest.split(":")
                key = f"ping:{step}:{audience}"
            counts[key] += 1
    return counts


async def let_a_ticket_become_due(tale: Story) -> str:
    """Open a ticket, set its severity, and let it become due; return the client's card.

    The bot posts both cards, updates them, and pings triage, the engineer and the managers.
    """
    channel, ann = await tale.add_client(plan="enterprise", engineer=tale.dana)
    ts: str = await tale.sandbox.post(ann, channel, "Our server is down")
    await settle_patiently(tale)
    card = tale.client_card(channel, ts)
    await tale.sandbox.press(ann, channel, card.ts, "client_severity:critical")
    await settle_patiently(tale)
    tale.clock.advance(timedelta(hours=2))
    await settle_patiently(tale)
    return tale.client_card(channel, ts).plain()


@pytest.fixture(scope="module")
def expected_card(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the client's card after a run without faults."""

    async def play_without_faults() -> str:
        async with story(tmp_path_factory.mktemp("undisturbed")) as tale, tale.running():
            card = await let_a_ticket_become_due(tale)
            assert messages_by_key(tale) == EXPECTED
            return card

    return asyncio.run(play_without_faults())


@each_fault
async def test_each_message_is_sent_once_despite_two_faults_of_each_method(
    tmp_path: Path, expected_card: str, fault: Any
) -> None:
    async with story(tmp_path) as tale, tale.running():
        for method in (POST, UPDATE, OPEN):
            tale.sandbox.faults.add(method, fault, times=2)
        card = await let_a_ticket_become_due(tale)
        assert messages_by_key(tale) == EXPECTED
        assert card == expected_card


@each_fault
async def test_a_failed_lookup_is_repeated_before_the_message_is_sent_again(
    tmp_path: Path, fault: Any
) -> None:
    async with story(tmp_path) as tale, tale.running():
        tale.sandbox.faults.add(POST, Fault.RESET_AFTER)
        tale.sandbox.faults.add(LOOKUP, fault, times=2)
        await let_a_ticket_become_due(tale)
        assert messages_by_key(tale) == EXPECTED


async def test_a_message_is_found_again_without_its_metadata(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        keys: Counter[str] = Counter()

        def remove_metadata(item: Message | View, kind: str) -> None:
            if isinstance(item, Message) and kind == "posted" and item.bot_id and item.metadata:
                keys[item.metadata["event_payload"]["key"]] += 1
                item.metadata = None

        tale.sandbox.watch(remove_metadata)
        tale.sandbox.faults.add(POST, Fault.RESET_AFTER, times=4)
        await let_a_ticket_become_due(tale)
        assert len(keys) == len(EXPECTED)
        assert set(keys.values()) == {1}


@pytest.mark.parametrize("fault", [Fault.HANG_BEFORE, Fault.HANG_AFTER], ids=["before", "after"])
async def test_a_hanging_call_holds_up_no_other_channel(tmp_path: Path, fault: Any) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        tale.sandbox.faults.add(POST, fault, when=lambda call: call["channel"] == channel)
        await tale.sandbox.post(ann, channel, "Our server is down")
        await until(tale.triage_cards)
        await until(lambda: any(call.error == "hang" for call in tale.sandbox.calls(POST)))
        tale.sandbox.faults.release()
        await settle_patiently(tale)
        assert messages_by_key(tale) == {"client-card:1": 1, "triage-card:1": 1}


async def test_a_message_is_not_sent_before_its_retry_after_has_passed(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        tale.sandbox.faults.add(
            POST, Fault.RATE_LIMITED(30), when=lambda call: call["channel"] == channel
        )
        await tale.sandbox.post(ann, channel, "Our server is down")
        await until(lambda: tale.triage_cards() and is_waiting(tale, "ratelimited"))
        tale.clock.advance(timedelta(seconds=29.9))
        await asyncio.sleep(1.2)  # longer than the messenger's sweep
        assert "client-card:1" not in messages_by_key(tale)
        tale.clock.advance(timedelta(seconds=0.1))
        await tale.settle()
        assert messages_by_key(tale) == {"client-card:1": 1, "triage-card:1": 1}
