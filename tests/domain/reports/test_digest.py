"""Tests of the morning digest's values."""

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.reports.digest import (
    Attainment,
    Judged,
    attainment,
    digest_day,
    end_of_day,
    next_digest,
)

NOW = datetime(2026, 3, 31, 4, 0, tzinfo=UTC)


def utc(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


def judged(plan: str, client: str, days_ago: float, *, kept: bool) -> Judged:
    return Judged(plan, client, NOW - timedelta(days=days_ago), kept)


@pytest.mark.parametrize(
    ("after", "following"),
    [
        ("2026-03-13T03:59", "2026-03-13T04:00"),
        ("2026-03-13T04:00", "2026-03-16T04:00"),
        ("2026-03-15T12:00", "2026-03-16T04:00"),
    ],
)
def test_the_next_digest_is_on_a_chosen_weekday(after: str, following: str) -> None:
    weekdays = frozenset(range(5))
    next_at = next_digest(utc(after), time(9), "Asia/Karachi", weekdays)
    assert next_at == utc(following)
    assert digest_day(next_at, time(9), "Asia/Karachi", weekdays) == next_at.date()
    just_before = next_at - timedelta(microseconds=1)
    assert digest_day(just_before, time(9), "Asia/Karachi", weekdays) < next_at.date()


def test_attainment_is_counted_by_plan_and_client_in_their_order() -> None:
    sla_targets = [
        judged("standard", "Zed", 1, kept=True),
        judged("standard", "Acme", 2, kept=False),
        judged("priority", "Acme", 3, kept=True),
        judged("standard", "Acme", 4, kept=True),
    ]

    assert attainment(sla_targets, NOW, 7) == (
        Attainment("priority", "Acme", 7, 1, 1),
        Attainment("standard", "Acme", 7, 1, 2),
        Attainment("standard", "Zed", 7, 1, 1),
    )


@pytest.mark.parametrize(
    ("days_ago", "counted"), [(7, True), (7.001, False), (0.001, True), (0, False)]
)
def test_the_reporting_window_is_half_open(days_ago: float, counted: bool) -> None:
    attained = attainment([judged("standard", "Acme", days_ago, kept=True)], NOW, 7)

    assert bool(attained) is counted


def test_no_due_tickets_give_no_line() -> None:
    assert attainment([], NOW, 30) == ()


@pytest.mark.parametrize(
    ("after", "zone", "following"),
    [
        ("2026-03-09T03:59:59", "Asia/Karachi", "2026-03-09T04:00"),
        ("2026-03-09T04:00", "Asia/Karachi", "2026-03-10T04:00"),
        # The dates on which Brussels changes to summer time and back.
        ("2026-03-28T09:00", "Europe/Brussels", "2026-03-29T07:00"),
        ("2026-10-24T09:00", "Europe/Brussels", "2026-10-25T08:00"),
    ],
)
def test_the_next_digest_is_at_nine_local_time(after: str, zone: str, following: str) -> None:
    assert next_digest(utc(after), time(9), zone) == utc(following)


def test_a_digest_time_that_a_clock_change_skips_moves_forward_by_the_gap() -> None:
    assert next_digest(utc("2026-03-28T12:00"), time(2, 30), "Europe/Brussels") == utc(
        "2026-03-29T01:30"  # 03:30 summer time
    )


def test_a_digest_time_that_occurs_twice_is_used_at_its_first_occurrence_only() -> None:
    first = utc("2026-10-25T00:30")  # 02:30 summer time, an hour before 02:30 winter time

    assert next_digest(utc("2026-10-24T12:00"), time(2, 30), "Europe/Brussels") == first
    assert next_digest(first, time(2, 30), "Europe/Brussels") == utc("2026-10-26T01:30")


def test_a_day_ends_at_local_midnight() -> None:
    assert end_of_day(utc("2026-03-09T18:59:59"), "Asia/Karachi") == utc("2026-03-09T19:00")
    assert end_of_day(utc("2026-03-09T19:00"), "Asia/Karachi") == utc("2026-03-10T19:00")
    assert end_of_day(utc("2026-03-29T06:00"), "Europe/Brussels") == utc("2026-03-29T22:00")
