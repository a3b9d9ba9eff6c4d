"""Tests that the demo's audit reports differences between the messages shown and the database."""

import io
import shutil
import sqlite3
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bot.demo.audit import differences
from bot.demo.ending import summary
from bot.demo.evidence import Evidence
from bot.demo.ledger import ticket_rows


def test_an_untampered_demo_matches_its_database(played: tuple[Evidence, Path]) -> None:
    seen, database = played
    assert differences(seen, database) == []


def test_every_ticket_was_shown(played: tuple[Evidence, Path]) -> None:
    seen, database = played
    keys = {row.key for row in ticket_rows(database)}
    assert len(keys) == 28
    assert {card.key for card in seen.triage_cards.values()} == keys
    assert {card.key for card in seen.client_cards.values()} == keys - {"BLUEBIRD-1"}


@pytest.mark.parametrize(
    ("tampering", "reported"),
    [
        (
            "UPDATE clocks SET due_at = due_at + 1000000 WHERE ticket_id ="
            " (SELECT id FROM tickets WHERE key = 'MARLIN-1')",
            "MARLIN-1 was shown as due",
        ),
        (
            "UPDATE clocks SET due_at = NULL WHERE ticket_id ="
            " (SELECT id FROM tickets WHERE key = 'BLUEBIRD-1')",
            "BLUEBIRD-1 was shown as due",
        ),
        (
            "UPDATE clocks SET due_at = 1786600000000000 WHERE ticket_id ="
            " (SELECT id FROM tickets WHERE key = 'LUMEN-2')",
            "LUMEN-2 was shown as due never",
        ),
        (
            "UPDATE tickets SET first_response_at = first_response_at + 1 WHERE key = 'ORBIT-2'",
            "ORBIT-2 was first answered by the message",
        ),
        (
            "UPDATE tickets SET first_response_at = first_response_at + 60000000"
            " WHERE key = 'BLUEBIRD-1'",
            "BLUEBIRD-1 was shown as answered",
        ),
        (
            "UPDATE clocks SET breached_at = NULL WHERE ticket_id ="
            " (SELECT id FROM tickets WHERE key = 'ORBIT-1')",
            "ORBIT-1 is late, and no breach at its due instant is on record.",
        ),
        (
            "UPDATE clocks SET breached_at = NULL WHERE ticket_id ="
            " (SELECT id FROM tickets WHERE key = 'ORBIT-1')",
            "was told to managers 1 times, not 0",
        ),
        (
            "UPDATE clocks SET breached_at = due_at WHERE ticket_id ="
            " (SELECT id FROM tickets WHERE key = 'LUMEN-1')",
            "LUMEN-1 is in time, and a breach is on record.",
        ),
        (
            "UPDATE clocks SET breached_at = due_at WHERE ticket_id ="
            " (SELECT id FROM tickets WHERE key = 'LUMEN-1')",
            "was a new breach in a digest 0 times, not 1",
        ),
        (
            "UPDATE tickets SET first_response_at = NULL WHERE key = 'ORBIT-2'",
            "ORBIT-2 is late, and no breach",
        ),
        (
            "UPDATE outbox SET state = 'failed' WHERE kind = 'digest' AND key LIKE '%2026-08-14'",
            "is failed, not sent.",
        ),
        (
            "UPDATE outbox SET sent_ts = '1.5' WHERE kind = 'reopened'",
            "is on record as sent, and nobody saw it.",
        ),
        ("DELETE FROM outbox WHERE kind = 'reopened'", "is 0 times on record, not 1."),
        ("UPDATE tickets SET counted = 0 WHERE key = 'ZEPHYR-7'", "ZEPHYR-21 was shown with"),
        ("UPDATE tickets SET counted = 0 WHERE key = 'ZEPHYR-7'", "The digest does not say"),
        (
            "UPDATE catalog_versions SET text = replace(text, 'USD 25.00', 'USD 24.00')",
            "the count gives “Ticket 21: beyond the 20 included this month, USD 24.00”",
        ),
        ("UPDATE tickets SET thread_ts = '1.000001' WHERE key = 'LUMEN-1'", "in another thread"),
        (
            "UPDATE tickets SET key = 'ORBIT-9' WHERE key = 'ORBIT-2'",
            "A card was shown for ORBIT-2",
        ),
        (
            "UPDATE tickets SET key = 'ORBIT-9' WHERE key = 'ORBIT-2'",
            "ORBIT-9 has 0 cards in triage",
        ),
        (
            "UPDATE tickets SET first_response_at = 1786600000000000 WHERE key = 'ORBIT-2'",
            "ORBIT-2, due Fri 14 Aug, 10:10:00, is at risk in only one",
        ),
    ],
)
def test_a_tampered_database_is_reported(
    played: tuple[Evidence, Path], tmp_path: Path, tampering: str, reported: str
) -> None:
    seen, database = played
    copy = Path(shutil.copy(database, tmp_path / "desk.db"))
    connection = sqlite3.connect(copy)
    changed = connection.execute(tampering).rowcount
    connection.commit()
    connection.close()

    assert changed == (2 if "catalog_versions" in tampering else 1)
    assert any(reported in sentence for sentence in differences(seen, copy))


def without_managers(seen: Evidence) -> None:
    seen.breach_notices.clear()


def breach_told_twice(seen: Evidence) -> None:
    seen.breach_notices *= 2


def without_digest(seen: Evidence) -> None:
    seen.digests.clear()


def digest_without_risk(seen: Evidence) -> None:
    seen.digests[-1].at_risk.clear()


def card_lost(seen: Evidence) -> None:
    card = seen.client_card("LUMEN-2")
    del seen.client_cards[card.channel, card.ts]


def card_twice(seen: Evidence) -> None:
    card = seen.triage_card("LUMEN-2")
    seen.triage_cards[card.channel, "9.9"] = replace(card, ts="9.9")


def answer_unseen(seen: Evidence) -> None:
    card = seen.client_card("ORBIT-1")
    del seen.answers[card.channel, card.thread_ts or ""]


@pytest.mark.parametrize(
    ("spoil", "reported"),
    [
        (without_managers, "ORBIT-1, due Thu 13 Aug, 15:00:00, was told to managers 0 times"),
        (breach_told_twice, "was told to managers 2 times, not 1"),
        (without_digest, "No digest was shown."),
        (without_digest, "was a new breach in a digest 0 times"),
        (digest_without_risk, "ORBIT-2, due Fri 14 Aug, 10:10:00, is at risk in only one"),
        (card_lost, "LUMEN-2 has 0 cards in its client's channel, not 1."),
        (card_twice, "LUMEN-2 has 2 cards in triage, not 1."),
        (answer_unseen, "ORBIT-1 was first answered by the message None"),
    ],
)
def test_a_tampered_screen_is_reported(
    played: tuple[Evidence, Path], spoil: Callable[[Evidence], None], reported: str
) -> None:
    seen, database = played
    spoilt = Evidence(
        seen.people,
        deepcopy(seen.client_cards),
        deepcopy(seen.triage_cards),
        dict(seen.answers),
        list(seen.breach_notices),
        deepcopy(seen.digests),
        set(seen.bot_posts),
        seen.last_ts,
    )
    spoil(spoilt)
    assert any(reported in sentence for sentence in differences(spoilt, database))


def test_the_table_distinguishes_a_running_clock_from_a_met_promise(
    played: tuple[Evidence, Path],
) -> None:
    rows = ticket_rows(played[1])
    rows[-1] = replace(rows[-1], first_response_at=None)
    out = Console(file=io.StringIO(), width=100)
    out.print(summary(rows))
    written = out.file.getvalue() if isinstance(out.file, io.StringIO) else ""
    assert "still running" in written.splitlines()[-1]
