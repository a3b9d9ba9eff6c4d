"""Tests of parsing a target."""

from datetime import timedelta

import pytest

from bot.domain.sla.targets.parse_target import parse_target
from bot.domain.sla.targets.target import (
    BusinessDays,
    ClockTime,
    CoveredTime,
    NextBusinessDay,
    Target,
)
from bot.domain.sla.text_faults import DaysOutOfRange, LengthOutOfRange, NotATarget
from bot.views.refusals import sentence_of


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("4h", ClockTime(timedelta(hours=4))),
        ("30m", ClockTime(timedelta(minutes=30))),
        ("1h30m", ClockTime(timedelta(minutes=90))),
        ("1h 30m", ClockTime(timedelta(minutes=90))),
        ("4h covered", CoveredTime(timedelta(hours=4))),
        (" 90m  covered ", CoveredTime(timedelta(minutes=90))),
        ("1 business day", BusinessDays(1)),
        ("2 business days", BusinessDays(2)),
        ("next business day", NextBusinessDay()),
    ],
)
def test_a_target_is_parsed_and_written_back_unchanged(text: str, target: Target) -> None:
    assert parse_target(text) == target


TYPOS = """
4hh;4;h;4 h;-4h;4.5h;4h business;covered;4hcovered;30m4h;4H;٤h;٢ business days;
business day;two business days;next business days;Prioritised;""".replace("\n", "").split(";")


@pytest.mark.parametrize("text", TYPOS)
def test_a_typo_is_refused_and_not_read_as_words(text: str) -> None:
    with pytest.raises(NotATarget) as caught:
        parse_target(text)
    assert "is no target; write" in sentence_of(caught.value)


@pytest.mark.parametrize(
    "text", ["0h", "0m", "0h0m covered", "8785h", "0 business days", "367 business days"]
)
def test_zero_and_more_than_a_year_are_out_of_range(text: str) -> None:
    with pytest.raises((LengthOutOfRange, DaysOutOfRange)) as caught:
        parse_target(text)
    assert "out of range" in sentence_of(caught.value)
