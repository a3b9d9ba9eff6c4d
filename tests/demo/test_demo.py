"""Tests of the demo as a new user runs it: its command, its output and its file."""

import re
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from tests.demo.recording import Shown


def test_the_demo_ends_with_the_statement_that_it_matches_its_database(shown: Shown) -> None:
    assert shown.code == 0, shown.words[-2000:] + shown.errors
    assert "What was shown agrees with the database, for all 28 tickets." in shown.words
    assert f"The database: {shown.database}" in shown.words


def test_nothing_is_printed_to_standard_error(shown: Shown) -> None:
    assert shown.errors == ""


def test_in_a_pipe_the_output_has_no_colour_codes_and_a_hundred_columns(shown: Shown) -> None:
    assert "\x1b" not in shown.words
    prose_lines = [
        line for line in shown.words.splitlines() if "sqlite" not in line and "/" not in line
    ]
    assert max(map(len, prose_lines)) <= 100


def test_the_output_can_be_read_in_one_sitting(shown: Shown) -> None:
    assert 120 <= len(shown.words.splitlines()) <= 300


@pytest.mark.parametrize(
    "happening",
    [
        "▌ 1 to 12 August: twenty quiet requests, each answered",
        "▌ A critical ticket, answered in time",
        "▌ A report by e-mail, due after the public holiday",
        "▌ The 21st ticket of the month, with its price, and a re-triage",
        "▌ Resolved, not solved, and resolved again",
        "▌ A ticket that breaches: pings on the way, and an answer too late",
        "▌ Another agreement, another calendar",
        "▌ A public holiday: Priority's clock waits, Enterprise's runs",
        "▌ The morning's digest",
        "▌ Answered on the holiday",
    ],
)
def test_every_event_is_in_its_place(shown: Shown, happening: str) -> None:
    assert shown.words.count(happening) == 1


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ("a critical ticket is answered in time", "card updated: Answered in time, today at 09:38"),
        ("staff enter a report by e-mail", "types /desk open and fills in “Open a ticket”"),
        ("they record the answer", "fills in “Answer to BLUEBIRD-1”: When you answered"),
        ("an e-mailed ticket jumps the holiday", "First response due: Mon 17 Aug at 09:05"),
        ("the holiday is named", "Fri 14 Aug 2026 is closed for Independence Day."),
        ("the 21st has its price", "Ticket 21: beyond the 20 included this month, USD 25.00"),
        (
            "a re-triage moves the promise",
            "First response by Sat 15 Aug at 10:20. Severity: Medium",
        ),
        ("a client learns why it stands", "(only Sana Mirza sees this) The support team has set"),
        (
            "what is resolved can come back",
            "MARLIN-1 is open again. @Bilal Ahmed will look into it.",
        ),
        (
            "the named engineer is warned",
            "14:00 to Hina Deskbell ORBIT-1 (Orbit Steel, High) is due",
        ),
        (
            "triage is told when it is late",
            "15:00 #triage Deskbell ↳ ORBIT-1 (Orbit Steel, High) is late.",
        ),
        (
            "managers are told",
            "15:00 #managers Deskbell ORBIT-1 (Orbit Steel, High) missed its first",
        ),
        ("a late answer is shown as one", "Late since today at 15:00, answered today at 15:35"),
        (
            "words without a clock stand as they are",
            "Your plan promises: Scheduled into a release.",
        ),
        ("Priority waits for Saturday", "MARLIN-2. First response by tomorrow at 04:00."),
        ("Enterprise does not", "ORBIT-2. First response by today at 10:10."),
        ("the digest comes at nine", "09:00 #managers Deskbell Support on Friday 14 August 2026"),
        ("it lists the breach", "• ORBIT-1 Orbit Steel, High: due yesterday at 15:00"),
        ("it lists the risk", "• ORBIT-2 Orbit Steel, Critical: due today at 10:10"),
        ("it says what is owed", "21 of 20 tickets used (105 %), USD 25.00 to pay so far"),
    ],
)
def test_each_person_sees_the_days_messages(shown: Shown, fact: str, words: str) -> None:
    assert words in shown.as_single_line, fact


@pytest.mark.parametrize(
    "row",
    [
        r"ZEPHYR-1 to 20 +Standard +Low +.* 20 of 20 kept",
        r"BLUEBIRD-1 +Included +not chosen +17 Aug, 09:05 +13 Aug, 14:10 +kept",
        r"MARLIN-1 +Priority +Critical +13 Aug, 11:10 +13 Aug, 09:38 +kept",
        r"ZEPHYR-21 +Standard +Medium +15 Aug, 10:20 +13 Aug, 16:00 +kept",
        r"ORBIT-1 +Enterprise +High +13 Aug, 15:00 +13 Aug, 15:35 +breached",
        r"LUMEN-1 +Support Agreement +P1 · Critical +14 Aug, 20:00 +14 Aug, 12:10 +kept",
        r"LUMEN-2 +Support Agreement +P3 · Minor +no clock +not yet +has no clock",
        r"MARLIN-2 +Priority +Critical +15 Aug, 04:00 +14 Aug, 09:45 +kept",
        r"ORBIT-2 +Enterprise +Critical +14 Aug, 10:10 +14 Aug, 09:20 +kept",
    ],
)
def test_the_table_shows_the_outcome_of_each_ticket(shown: Shown, row: str) -> None:
    assert re.search(f"^{row}", shown.words, re.MULTILINE)


def test_replies_are_indented_below_their_message(shown: Shown) -> None:
    lines = shown.words.splitlines()
    [post] = [line for line in lines if "Nobody can log in" in line]
    [reply] = [line for line in lines if "The login service is out of disk space" in line]
    assert reply.index("↳") == post.index("Nobody")


def test_the_quiet_days_are_really_played(shown: Shown) -> None:
    connection = sqlite3.connect(shown.database)
    answered = connection.execute(
        "SELECT count(*) FROM tickets WHERE key LIKE 'ZEPHYR-%' AND first_response_at IS NOT NULL"
    ).fetchone()
    connection.close()
    assert answered == (21,)


def test_an_existing_file_is_left_unchanged(shown: Shown) -> None:
    before = shown.database.read_bytes()
    done = CliRunner().invoke(app, ["demo", "--database", str(shown.database)])
    assert done.exit_code == 2
    assert done.stderr.strip().endswith("give --database a file that does not exist yet.")
    assert done.stdout == ""
    assert shown.database.read_bytes() == before


def test_a_missing_directory_is_reported(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["demo", "--database", str(tmp_path / "nowhere" / "desk.db")])
    assert done.exit_code == 2
    assert "create it first" in done.stderr
