"""Tests of the demo's rendering of Slack messages as text."""

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from bot.demo.demo_runner import ZONE
from bot.demo.screen import Screen, marked
from bot.demo.words import Reader, lines_of, running_text
from bot.sandbox import Message

NOW = datetime(2026, 8, 13, 18, 30, tzinfo=UTC)  # 23:30 in Karachi
READER = Reader(ZONE, {"U1": "Hina Qureshi"}.__getitem__)


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (datetime(2026, 8, 12, 18, 59, tzinfo=UTC), "yesterday at 23:59"),
        (datetime(2026, 8, 12, 19, 0, tzinfo=UTC), "today at 00:00"),
        (datetime(2026, 8, 13, 19, 0, tzinfo=UTC), "tomorrow at 00:00"),
        (datetime(2026, 8, 15, 5, 20, tzinfo=UTC), "Sat 15 Aug at 10:20"),
    ],
)
def test_a_time_is_shown_in_the_vendors_zone_from_its_unix_timestamp(
    instant: datetime, words: str
) -> None:
    given = f"by <!date^{int(instant.timestamp())}^{{date_short_pretty}} at {{time}}|never>."
    assert READER.read(given, NOW) == f"by {words}."


def test_people_are_shown_by_name_and_links_by_their_label() -> None:
    given = "<@U1>: see <https://slack.com/archives/C1/p1|the message> &amp; 1 &lt; 2"
    assert READER.read(given, NOW) == "@Hina Qureshi: see the message & 1 < 2"


def test_a_message_without_blocks_is_shown_from_its_text() -> None:
    assert lines_of(Message("C1", "1.0", "one\ntwo")) == ["one", "two"]


def test_buttons_and_menus_are_shown_as_a_single_line() -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Take"}}
    menu = {"type": "static_select", "placeholder": {"type": "plain_text", "text": "Severity"}}
    chosen = menu | {"initial_option": {"text": {"type": "plain_text", "text": "High"}}}
    blocks = [{"type": "actions", "elements": [button, menu, chosen]}]
    assert lines_of(Message("C1", "1.0", blocks=blocks)) == ["[Take] [Severity ▾] [High ▾]"]


def test_a_quotation_is_shown_in_quotation_marks() -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "Done:\n>all of it"}}]
    assert lines_of(Message("C1", "1.0", blocks=blocks)) == ["Done:", "“all of it”"]


def test_lines_are_joined_into_a_paragraph_with_dots_after_incomplete_sentences() -> None:
    assert running_text(["One.", "Two", "Three:", "“four”", "five"]) == (
        "One. Two · Three: “four” five"
    )


def test_bold_text_loses_its_asterisks_and_a_lone_asterisk_stays() -> None:
    assert marked("*A-1* costs 2 * 3").plain == "A-1 costs 2 * 3"


def test_long_text_wraps_at_its_margin() -> None:
    out = io.StringIO()
    screen = Screen(Console(file=out, width=60), ZONE)
    screen.show_message(NOW, "#triage", "Deskbell", "word " * 12, in_thread=True)
    first, *others = out.getvalue().splitlines()
    assert first.startswith("23:30 #triage   Deskbell     ↳ word")
    assert others
    assert all(line.startswith(" " * 31 + "word") for line in others)
    assert all(len(line) <= 60 and line == line.rstrip() for line in [first, *others])


def test_a_quiet_screen_shows_no_messages() -> None:
    out = io.StringIO()
    screen = Screen(Console(file=out, width=60), ZONE)
    screen.quiet = True
    screen.show_message(NOW, "#triage", "Deskbell", "words", in_thread=False)
    assert out.getvalue() == ""
