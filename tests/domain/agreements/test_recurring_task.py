"""Tests of the due dates of recurring tasks."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.agreements.recurring_task import RecurringTask, Term, terms

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def begins_term(since: date, months: int, day: date) -> bool:
    """Return whether a term begins on `day`: on the same day of the month, or on the last day of a
    month that is too short for it.
    """
    passed = (day.year - since.year) * 12 + day.month - since.month
    last_of_month = (day + timedelta(days=1)).month != day.month
    same_day = day.day == since.day or (day.day < since.day and last_of_month)
    return same_day and passed >= 0 and passed % months == 0


@given(DAYS, st.sampled_from([1, 3, 6, 12]), st.integers(0, 900), st.integers(1, 900))
def test_every_date_is_in_exactly_one_term_which_begins_on_its_day(
    since: date, months: int, days: int, until_days: int
) -> None:
    today, until = since + timedelta(days=days), since + timedelta(days=until_days)
    starts = [
        day
        for day in (since + timedelta(days=offset) for offset in range(2000))
        if begins_term(since, months, day)
    ]
    whole = [
        Term(first, after - timedelta(days=1))
        for first, after in pairwise(starts)
        if first <= today
    ]
    duty = RecurringTask("review", "Review", months)
    assert list(terms(duty, since, None, today)) == whole
    agreed = [term for term in whole if term.last < until]
    assert list(terms(duty, since, until, today)) == agreed


def test_a_task_anchored_on_the_31st_is_due_at_the_end_of_each_month() -> None:
    task_terms = terms(
        RecurringTask("report", "Report", 1), date(2026, 1, 31), None, date(2026, 4, 1)
    )
    assert [term.last for term in task_terms] == [
        date(2026, 2, 27),
        date(2026, 3, 30),
        date(2026, 4, 29),
    ]
