"""The judge sees what is wrong: each fault is laid by hand into a day at which there is none."""

import asyncio
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox import Message
from tests import ids
from tests.crash.play.lives import nursery
from tests.crash.play.world import world
from tests.judge.judge import Case, differences
from tests.judge.ledger import Deed, Post
from tests.judge.office import ACME, BETA, DANA, MANAGERS, furnish

pytestmark = pytest.mark.thorough


@dataclass
class Day:
    """A late ticket of Acme's and three of Beta's, of which one is beyond the quota."""

    case: Case

    def found(self) -> list[str]:
        return differences(self.case)

    def said(self, words: str, channel: str = "") -> Message:
        """The message of the bot's that says so."""
        said = [one for one in self.case.messages if one.bot_id and words in one.plain()]
        return next(one for one in said if channel in ("", one.channel))

    def again(self, message: Message, key: str = "") -> None:
        """The message once more, as if it had been sent twice."""
        double = replace(message, ts=message.ts[:-1] + "9")
        if key:
            double.metadata = {"event_payload": {"key": key}}
        self.case.messages.append(double)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The day, once; nothing is amiss in it."""
    case = asyncio.run(_live(tmp_path_factory.mktemp("day")))
    assert differences(case) == []
    return case


async def _live(directory: Path) -> Case:
    template = f"sqlite+aiosqlite:///{directory / 'template.db'}"
    await furnish(template)
    with nursery() as born:
        async with world(born, directory, template) as at:
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
def day(lived: Case) -> Day:
    return Day(deepcopy(lived))


def test_a_lost_message_is_seen(day: Day) -> None:
    now = day.case.now
    lost = Post(now, BETA.channel, "1773099999.000000", None, "U0BOB", "Help")
    day.case.ledger.entries.append(lost)
    assert any("is lost" in one for one in day.found())
    assert any("is on record 0 times" in one for one in day.found())


def test_a_ticket_that_is_gone_is_seen_with_all_that_was_said_of_it(day: Day) -> None:
    day.case.store.tickets[:] = [one for one in day.case.store.tickets if one["key"] != "ACME-1"]
    found = day.found()
    assert any(one.endswith("is lost.") for one in found)
    assert any("A card is shown for ACME-1" in one for one in found)
    assert any("never said" in one for one in found)


def test_a_message_in_the_wrong_ticket_is_seen(day: Day) -> None:
    day.case.store.messages[-1]["ticket_id"] = 2
    assert any("is in ticket 2" in one for one in day.found())


def test_a_doubled_card_is_seen(day: Day) -> None:
    day.again(day.said("We have your request as *BETA-1*"))
    assert "BETA-1 has 2 cards for its client and 1 in triage." in day.found()


def test_a_card_that_was_not_brought_up_to_date_is_seen(day: Day) -> None:
    card = day.said("We have your request as *ACME-1*")
    card.blocks[0]["text"]["text"] = card.blocks[0]["text"]["text"].replace("Critical", "High")
    [found] = day.found()
    assert found == "ACME-1, the client's card: severity is shown as False, not True."


def test_a_missing_ping_is_seen(day: Day) -> None:
    day.said("is due in").deleted = True
    assert any("never said" in one and "warning" in one for one in day.found())


def test_a_missing_breach_is_seen(day: Day) -> None:
    day.said("missed its first response", MANAGERS).deleted = True
    assert any("never said" in one and "breach" in one for one in day.found())


def test_a_ping_said_twice_is_seen_even_under_another_key(day: Day) -> None:
    day.again(day.said("missed its first response"), "another")
    assert any("said 2 times" in one for one in day.found())


def test_a_ping_without_cause_is_seen(day: Day) -> None:
    late = day.said("missed its first response")
    shown = late.blocks[0]["text"]
    shown["text"] = shown["text"].replace("<!date^", "<!date^1")
    assert any("said without cause" in one for one in day.found())


def test_a_wrong_count_is_seen(day: Day) -> None:
    words = "Ticket 3: beyond the 2 included this month, USD 25.00"
    beyond = day.said(words, BETA.channel)
    shown = beyond.blocks[0]["text"]
    shown["text"] = shown["text"].replace("Ticket 3: beyond the 2", "Ticket 4: beyond the 2")
    assert any("a card does not say “Ticket 3: beyond" in one for one in day.found())


def test_a_gap_in_the_numbers_is_seen(day: Day) -> None:
    day.case.store.tickets[-1]["number"] += 1
    assert any("have gaps" in one for one in day.found())


def test_a_wrong_deadline_is_seen(day: Day) -> None:
    clock = next(row for row in day.case.store.clocks if row["breached_at"])
    clock["due_at"] += timedelta(minutes=1)
    assert any("clocks is" in one for one in day.found())


def test_a_breach_at_a_wrong_instant_is_seen(day: Day) -> None:
    clock = next(row for row in day.case.store.clocks if row["breached_at"])
    clock["breached_at"] += timedelta(minutes=1)
    assert any("clocks is" in one for one in day.found())


def test_a_deed_that_was_acknowledged_and_left_undone_is_seen(day: Day) -> None:
    ticket = f"{ACME.channel}:{next(day.case.ledger.posts).ts}"
    day.case.ledger.entries.append(Deed(day.case.now, DANA, "wait", ticket))
    assert any("waiting is False, not True" in one for one in day.found())


@pytest.mark.parametrize("table", ["inbox", "outbox", "timers"])
def test_what_is_stuck_is_seen(day: Day, table: str) -> None:
    row = min(getattr(day.case.store, table), key=lambda one: one.get("due_at", day.case.now))
    row |= {"done_at": None, "state": "pending", "fired_at": None}
    assert len(day.found()) == 1


def test_books_that_nobody_looks_at_are_seen(day: Day) -> None:
    timers = day.case.store.timers
    [books] = [one for one in timers if one["client_id"] == 1]
    timers.remove(books)
    assert any("The books of ACME are looked at []" in one for one in day.found())


def test_a_message_that_was_never_owed_is_seen(day: Day) -> None:
    day.again(day.said("We have your request as *BETA-1*"), "never-owed")
    assert any("never-owed stands 1 times in Slack; owed: False" in one for one in day.found())


def test_a_message_that_is_on_record_as_sent_and_is_not_there_is_seen(day: Day) -> None:
    day.case.store.outbox[0]["sent_ts"] = "1773099999.000000"
    assert any("does not stand in Slack" in one for one in day.found())
