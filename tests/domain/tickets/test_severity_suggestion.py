"""Tests of the severity that a message's words suggest."""

import pytest

from bot.domain.sla.targets.sla_target import Severity
from bot.domain.tickets.severity_suggestion import suggested

CRITICAL = Severity("critical", "Critical", "", ("down", "data loss", "c++ crash"))
LOW = Severity("low", "Low", "", ("how do", "down the line"))
WISH = Severity("wish", "Wish", "")


@pytest.mark.parametrize(
    ("words", "suggested_id"),
    [
        ("The server is DOWN!", "critical"),
        ("We see data\n  loss here", "critical"),
        ("C++ crash", "critical"),
        ("How do I print?", "low"),
        ("How do I print? All is down.", "critical"),  # the most severe wins
        ("Downtown is nice, and so is breakdown", None),
        ("How we do it", None),
        ("", None),
    ],
)
def test_the_most_severe_matching_word_is_suggested(words: str, suggested_id: str | None) -> None:
    severity = suggested([WISH, CRITICAL, LOW], words)
    assert (severity[0].id if severity else None) == suggested_id


def test_the_matching_word_is_named() -> None:
    assert suggested([CRITICAL], "Is it data loss?") == (CRITICAL, "data loss")
