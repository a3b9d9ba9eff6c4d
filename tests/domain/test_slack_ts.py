"""Slack's message timestamps as values with their instants."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack_ts import MessageTs, NotATs

INSTANT = datetime(2026, 3, 13, 5, 0, 0, 200, tzinfo=UTC)
TEXT = "1773378000.000200"


def test_a_ts_has_the_text_and_the_instant_that_slack_gave() -> None:
    ts = MessageTs.parse(TEXT)
    assert (str(ts), f"{ts}", ts.instant) == (TEXT, TEXT, INSTANT)


@pytest.mark.parametrize("instant", [INSTANT, INSTANT.astimezone(timezone(timedelta(hours=5)))])
def test_the_ts_of_an_instant_has_slacks_text(instant: datetime) -> None:
    ts = MessageTs.at(instant)
    assert (str(ts), ts.instant) == (TEXT, INSTANT)
    assert ts == MessageTs.parse(TEXT)


def test_a_naive_time_has_no_ts() -> None:
    with pytest.raises(ValueError, match="naive time"):
        MessageTs.at(INSTANT.replace(tzinfo=None))


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 (the strategy adds the zone)
def test_every_instant_survives_the_round_trip(instant: datetime) -> None:
    ts = MessageTs.at(instant)
    assert MessageTs.parse(str(ts)) == ts
    assert MessageTs.parse(str(ts)).instant == instant


def test_the_order_is_the_order_of_the_instants() -> None:
    texts = ["9.9", "10.0", "10.000001", "10.1", "1773378000.000200"]
    assert sorted(map(MessageTs.parse, reversed(texts))) == list(map(MessageTs.parse, texts))
    assert MessageTs.parse("9.9") < MessageTs.parse("10.0")


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("5", 5_000_000),
        ("5.", 5_000_000),
        ("5.5", 5_500_000),
        ("5.000200", 5_000_200),
        ("5.0002", 5_000_200),
        ("5.0002009", 5_000_200),
    ],
)
def test_a_fraction_may_have_any_length_and_its_text_is_kept(text: str, microseconds: int) -> None:
    ts = MessageTs.parse(text)
    assert (ts.microseconds, str(ts)) == (microseconds, text)


def test_the_same_instant_is_the_same_ts() -> None:
    short, long = MessageTs.parse("5.0002"), MessageTs.parse("5.000200")
    assert short == long
    assert len({short, long, MessageTs.parse("5.0002")}) == 1


@pytest.mark.parametrize(
    "text", ["", ".5", "T1", "5.x", "5.5.5", "4997c1b2d9144b406abc1d0387d672ed"]
)
def test_text_that_is_no_ts_is_refused(text: str) -> None:
    with pytest.raises(NotATs, match="not a Slack timestamp"):
        MessageTs.parse(text)
