"""Tests of the judge: each fault is inserted into a faultless day, and the judge reports it."""

import asyncio
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox import Message
from tests import ids
from tests.crash.harness.bot_processes import bot_processes
from tests.crash.harness.world import world
from tests.judge.judge import Case, differences
from tests.judge.ledger import Deed, Post
from tests.judge.sample_desk import ACME, BETA, DANA, MANAGERS, furnish

pytestmark = pytest.mark.thorough


@dataclass
class Day:
    """A day with an overdue ticket of Acme and three tickets of Beta, the last beyond the
    quota.
    """

    case: Case

    def differences_found(self) -> list[str]:
        return differences(self.case)

    def message_with(self, words: str, channel: str = "") -> Message:
        """Return the bot's message that contains these words."""
        matching = [
            message for message in self.case.messages if message.bot_id and words in message.plain()
        ]
        return next(message for message in matching if channel in ("", message.channel))

    def repeat(self, message: Message, key: str = "") -> None:
        """Add the message again, as if it had been sent twice."""
        double = replace(message, ts=message.ts[:-1] + "9")
        if key:
            double.metadata = {"event_payload": {"key": key}}
        self.case.messages.append(double)


@pytest.fixture(scope="module")
def faultless_case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Run the day once; the judge finds no fault in it."""
    case = asyncio.run(_run_day(tmp_path_factory.mktemp("day")))
    assert differences(case) == []
    return case


async def _run_day(directory: Path) -> Case:
    template = f"sqlite+aiosqlite:///{directory / 'template.db'}"
    await furnish(template)
    with bot_processes() as bots:
        async with world(bots, directory, template) as at:
            at.start()
            ann, bob = at.people["ACME"][0], at.people["BETA"][0]
            ts = await at.says(ann, ACME.channel, "Our server is down")
            card, deed = at.card(ACME.channel, ts), ("severity", f"{ACME.channel}:{ts}", "critical")
            await at.presses(ann, card, ids.client_severity("critical"), deed=deed)
            for number in range(3):
                at.pass_time(minutes=9)
                await at.says(bob, BETA.channel, f"Request {number}")
            await at.forward(hours=1, minutes=10)
            await at.forward(minutes=50)
            await at.says(DANA, ACME.channel, "We are on it", thread_ts=ts)
            return await at.case()


@pytest.fixture
def day(faultless_case: Case) -> Day:
    return Day(deepcopy(faultless_case))


def test_a_lost_message_is_reported(day: Day) -> None:
    now = day.case.now
    lost = Post(now, BETA.channel, "1773099999.000000", None, "U0BOB", "Help")
    day.case.ledger.entries.append(lost)
    assert any("is lost" in difference for difference in day.differences_found())
    assert any("is on record 0 times" in difference for difference in day.differences_found())


def test_a_lost_ticket_is_reported_with_all_its_messages(day: Day) -> None:
    day.case.store.tickets[:] = [
        ticket for ticket in day.case.store.tickets if ticket["key"] != "ACME-1"
    ]
    reported = day.differences_found()
    assert any(difference.endswith("is lost.") for difference in reported)
    assert any("A card is shown for ACME-1" in difference for difference in reported)
    assert any("never said" in difference for difference in reported)


def test_a_message_in_the_wrong_ticket_is_reported(day: Day) -> None:
    day.case.store.messages[-1]["ticket_id"] = 2
    assert any("is in ticket 2" in difference for difference in day.differences_found())


def test_a_duplicate_card_is_reported(day: Day) -> None:
    day.repeat(day.message_with("We have your request as *BETA-1*"))
    assert "BETA-1 has 2 cards for its client and 1 in triage." in day.differences_found()


def test_an_outdated_card_is_reported(day: Day) -> None:
    card = day.message_with("We have your request as *ACME-1*")
    card.blocks[0]["text"]["text"] = card.blocks[0]["text"]["text"].replace("Critical", "High")
    [difference] = day.differences_found()
    assert difference == "ACME-1, the client's card: severity is shown as False, not True."


def test_a_missing_ping_is_reported(day: Day) -> None:
    day.message_with("is due in").deleted = True
    assert any(
        "never said" in difference and "warning" in difference
        for difference in day.differences_found()
    )


def test_a_missing_breach_is_reported(day: Day) -> None:
    day.message_with("missed its first response", MANAGERS).deleted = True
    assert any(
        "never said" in difference and "breach" in difference
        for difference in day.differences_found()
    )


def test_a_duplicate_ping_is_reported_even_under_another_idempotency_key(day: Day) -> None:
    day.repeat(day.message_with("missed its first response"), "another")
    assert any("said 2 times" in difference for difference in day.differences_found())


def test_an_unexpected_ping_is_reported(day: Day) -> None:
    late = day.message_with("missed its first response")
    shown = late.blocks[0]["text"]
    shown["text"] = shown["text"].replace("<!date^", "<!date^1")
    assert any("said without cause" in difference for difference in day.differences_found())


def test_a_wrong_count_is_reported(day: Day) -> None:
    words = "Ticket 3: beyond the 2 included this month, USD 25.00"
    beyond = day.message_with(words, BETA.channel)
    shown = beyond.blocks[0]["text"]
    shown["text"] = shown["text"].replace("Ticket 3: beyond the 2", "Ticket 4: beyond the 2")
    assert any(
        "a card does not say “Ticket 3: beyond" in difference
        for difference in day.differences_found()
    )


def test_a_gap_in_the_ticket_numbers_is_reported(day: Day) -> None:
    day.case.store.tickets[-1]["number"] += 1
    assert any("have gaps" in difference for difference in day.differences_found())


def test_a_wrong_deadline_is_reported(day: Day) -> None:
    clock = next(row for row in day.case.store.clocks if row["breached_at"])
    clock["due_at"] += timedelta(minutes=1)
    assert any("clocks is" in difference for difference in day.differences_found())


def test_a_breach_at_a_wrong_instant_is_reported(day: Day) -> None:
    clock = next(row for row in day.case.store.clocks if row["breached_at"])
    clock["breached_at"] += timedelta(minutes=1)
    assert any("clocks is" in difference for difference in day.differences_found())


def test_an_acknowledged_but_undone_action_is_reported(day: Day) -> None:
    ticket = f"{ACME.channel}:{next(day.case.ledger.posts).ts}"
    day.case.ledger.entries.append(Deed(day.case.now, DANA, "wait", ticket))
    assert any("waiting is False, not True" in difference for difference in day.differences_found())


@pytest.mark.parametrize("table", ["inbox", "outbox", "timers"])
def test_unfinished_work_is_reported(day: Day, table: str) -> None:
    row = min(getattr(day.case.store, table), key=lambda row: row.get("due_at", day.case.now))
    row |= {"done_at": None, "state": "pending", "fired_at": None}
    assert len(day.differences_found()) == 1


def test_a_client_without_a_statement_timer_is_reported(day: Day) -> None:
    timers = day.case.store.timers
    [books] = [timer for timer in timers if timer["client_id"] == 1]
    timers.remove(books)
    assert any(
        "The books of ACME are looked at []" in difference for difference in day.differences_found()
    )


def test_a_message_that_is_not_in_the_outbox_is_reported(day: Day) -> None:
    day.repeat(day.message_with("We have your request as *BETA-1*"), "never-owed")
    assert any(
        "never-owed stands 1 times in Slack; owed: False" in difference
        for difference in day.differences_found()
    )


def test_a_message_recorded_as_sent_but_missing_in_slack_is_reported(day: Day) -> None:
    day.case.store.outbox[0]["sent_ts"] = "1773099999.000000"
    assert any("does not stand in Slack" in difference for difference in day.differences_found())
