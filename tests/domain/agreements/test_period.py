"""Tests of the billing period that an instant belongs to."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.agreements.period import Period, period_of


def utc(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "zone", "anchor", "start", "end"),
    [
        ("2026-03-09T05:00", "Asia/Karachi", 1, "2026-02-28T19:00", "2026-03-31T19:00"),
        ("2026-03-31T18:59:59", "Asia/Karachi", 1, "2026-02-28T19:00", "2026-03-31T19:00"),
        ("2026-03-31T19:00", "Asia/Karachi", 1, "2026-03-31T19:00", "2026-04-30T19:00"),
        ("2026-12-31T19:00", "Asia/Karachi", 1, "2026-12-31T19:00", "2027-01-31T19:00"),
        # March in Brussels begins in winter time and ends in summer time.
        ("2026-03-15T00:00", "Europe/Brussels", 1, "2026-02-28T23:00", "2026-03-31T22:00"),
        ("2026-03-14T12:00", "UTC", 15, "2026-02-15T00:00", "2026-03-15T00:00"),
        ("2026-03-15T00:00", "UTC", 15, "2026-03-15T00:00", "2026-04-15T00:00"),
        ("2026-01-05T00:00", "UTC", 15, "2025-12-15T00:00", "2026-01-15T00:00"),
    ],
)
def test_an_instant_falls_in_the_period_of_its_local_date(
    instant: str, zone: str, anchor: int, start: str, end: str
) -> None:
    assert period_of(utc(instant), zone, anchor) == Period(utc(start), utc(end))


def test_an_anchor_day_is_clamped_in_short_months_and_restored_afterwards() -> None:
    """ "Anchored on a day of the month, clamped to its length"."""
    february = period_of(utc("2026-02-10T00:00"), "UTC", 31)
    assert february == Period(utc("2026-01-31T00:00"), utc("2026-02-28T00:00"))
    march = period_of(utc("2026-03-01T00:00"), "UTC", 31)
    assert march == Period(utc("2026-02-28T00:00"), utc("2026-03-31T00:00"))
    leap = period_of(utc("2028-02-29T00:00"), "UTC", 30)
    assert leap == Period(utc("2028-02-29T00:00"), utc("2028-03-30T00:00"))


@given(
    st.integers(1_577_836_800, 2_051_222_400).map(lambda at: datetime.fromtimestamp(at, UTC)),
    st.sampled_from(["Asia/Karachi", "Europe/Brussels", "America/New_York", "Pacific/Apia"]),
    st.integers(1, 31),
)
def test_consecutive_periods_leave_no_gap(instant: datetime, zone: str, anchor: int) -> None:
    period = period_of(instant, zone, anchor)

    assert period.start <= instant < period.end
    assert period_of(period.end, zone, anchor).start == period.end
    assert period_of(period.start, zone, anchor) == period
    assert timedelta(days=27) < period.end - period.start < timedelta(days=32)
