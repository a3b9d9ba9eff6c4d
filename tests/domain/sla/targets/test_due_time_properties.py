"""Properties of every due time under any calendar."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.agreements.plan import Plan, Quota
from bot.domain.sla.calendars.calendar import Calendar
from bot.domain.sla.calendars.window import Window, overlaps
from bot.domain.sla.targets.due_time import DueTime, due_time, earliest_due_time, reckon, share_of
from bot.domain.sla.targets.sla_target import Severity, SlaTarget
from bot.domain.sla.targets.target import (
    BusinessDays,
    ClockTime,
    CoveredTime,
    NextBusinessDay,
    Target,
)
from bot.views.sla.explanation_words import explanation_sentences

ZONES = (
    "Asia/Karachi",
    "Europe/Brussels",
    "America/New_York",
    "America/Santiago",
    "America/Nuuk",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
)

# A noisy machine is sometimes slow, which is no fault of the calculation.
unhurried = settings(deadline=None)

START = datetime(2024, 1, 1, tzinfo=UTC)

instants = st.integers(0, 7 * 366 * 24 * 3600).map(lambda second: START + timedelta(seconds=second))

windows = st.builds(
    lambda weekday, start, length: Window(weekday, start, start + length),
    st.integers(0, 6),
    st.integers(0, 1439),
    st.integers(30, 1440),
)


by_day = windows.filter(lambda window: window.end <= 1440)


@st.composite
def calendars(
    draw: st.DrawFn,
    zones: tuple[str, ...] = ZONES,
    windows: st.SearchStrategy[Window] = windows,
) -> Calendar:
    chosen = draw(st.lists(windows, min_size=1, max_size=8))
    apart: list[Window] = []
    for window in chosen:
        if not overlaps([*apart, window]):
            apart.append(window)
    closed = draw(st.sets(st.dates(date(2024, 1, 1), date(2031, 2, 1)), max_size=6))
    return Calendar(
        "any",
        draw(st.sampled_from(zones)),
        tuple(apart),
        extra_closed=tuple((day, "closed") for day in sorted(closed)),
    )


lengths = st.integers(1, 1500).map(lambda minutes: timedelta(minutes=minutes))
targets: st.SearchStrategy[Target] = st.one_of(
    lengths.map(ClockTime),
    lengths.map(CoveredTime),
    st.integers(1, 12).map(BusinessDays),
    st.just(NextBusinessDay()),
)


def plan(*sla_targets: SlaTarget) -> Plan:
    return Plan(
        catalog="test",
        id="test",
        name="Test",
        rank=1,
        zone="UTC",
        price=None,
        sla_targets=sla_targets,
        quota=Quota(None, None),
        channels=("slack",),
        where_to_write="Here.",
        named_engineer=False,
        categories=(),
        covers=(),
    )


def clock(target: Target, calendar: Calendar, opened_at: datetime) -> DueTime:
    return due_time(plan(SlaTarget(Severity("x", "X", "x"), target, calendar, {})), "x", opened_at)


@unhurried
@given(calendars(), targets, instants)
def test_due_is_not_before_start_and_start_is_not_before_opening(
    calendar: Calendar, target: Target, opened_at: datetime
) -> None:
    due_time = clock(target, calendar, opened_at)
    assert due_time.starts_at is not None
    assert due_time.due_at is not None
    assert opened_at <= due_time.starts_at <= due_time.due_at
    assert calendar.is_open(due_time.starts_at)


@unhurried
@given(calendars(), instants)
def test_the_desk_is_closed_before_the_next_opening(
    calendar: Calendar, opened_at: datetime
) -> None:
    opening = calendar.next_opening(opened_at)
    if opening > opened_at:
        assert not calendar.is_open(opened_at)
        assert not calendar.is_open(opening - timedelta(microseconds=1))
    assert calendar.is_open(opening)


@unhurried
@given(
    calendars(),
    st.one_of(lengths.map(ClockTime), lengths.map(CoveredTime), st.just(NextBusinessDay())),
    st.lists(instants, min_size=2, max_size=2),
)
def test_a_ticket_opened_later_is_never_due_earlier(
    calendar: Calendar, target: Target, openings: list[datetime]
) -> None:
    first, second = (clock(target, calendar, opened_at) for opened_at in sorted(openings))
    assert first.due_at is not None
    assert second.due_at is not None
    assert first.due_at <= second.due_at


@unhurried
@given(
    calendars(zones=("Asia/Karachi", "Asia/Kathmandu"), windows=by_day),
    st.integers(1, 12).map(BusinessDays),
    instants,
    st.timedeltas(timedelta(), timedelta(days=3)),
)
def test_a_ticket_opened_later_is_never_due_earlier_in_business_days_without_nights(
    calendar: Calendar, target: Target, opened_at: datetime, later: timedelta
) -> None:
    """Business days are monotonic only without clock changes and night windows.

    A skipped 02:45 becomes 03:45 and so passes 03:15 (RFC 5545). And 05:00 in the rest of a night
    falls on the following date, which need not be a business day: the next 05:00 that counts then
    comes before the next 05:01, counted from the evening before.
    """
    first = reckon(SlaTarget(Severity("x", "X", "x"), target, calendar, {}), opened_at)
    second = reckon(SlaTarget(Severity("x", "X", "x"), target, calendar, {}), opened_at + later)
    assert first is not None
    assert second is not None
    assert first[1] <= second[1]


@unhurried
@given(calendars(), lengths, instants)
def test_covered_time_from_start_to_due_is_the_targets_length(
    calendar: Calendar, length: timedelta, opened_at: datetime
) -> None:
    due_time = clock(CoveredTime(length), calendar, opened_at)
    assert due_time.starts_at is not None
    assert due_time.due_at is not None
    passed = timedelta()
    for start, end in calendar.coverage_from(due_time.starts_at):
        passed += max(timedelta(), min(end, due_time.due_at) - start)
        if end >= due_time.due_at:
            break
    assert passed == length
    assert calendar.is_open(due_time.due_at - timedelta(microseconds=1))


@unhurried
@given(calendars(), targets, instants, st.integers(1, 100))
def test_a_share_lies_between_start_and_due(
    calendar: Calendar, target: Target, opened_at: datetime, percent: int
) -> None:
    due_time = clock(target, calendar, opened_at)
    share = share_of(due_time, percent)
    assume(due_time.starts_at is not None and due_time.due_at is not None)
    assert due_time.starts_at is not None
    assert due_time.due_at is not None
    assert share is not None
    assert due_time.starts_at <= share <= due_time.due_at
    assert (share == due_time.due_at) or percent < 100


@unhurried
@given(calendars(), calendars(), targets, targets, instants)
def test_the_earliest_deadline_is_no_later_than_any_other(
    first_calendar: Calendar, other: Calendar, first: Target, second: Target, opened_at: datetime
) -> None:
    two_severities = plan(
        SlaTarget(Severity("a", "A", "a"), first, first_calendar, {}),
        SlaTarget(Severity("b", "B", "b"), second, other, {}),
    )
    earliest = earliest_due_time(two_severities, opened_at)
    assert earliest is not None
    dues = [due_time(two_severities, severity, opened_at).due_at for severity in ("a", "b")]
    assert earliest[1].due_at == min(due for due in dues if due)


@unhurried
@given(calendars(), targets, instants)
def test_an_explanation_is_a_limited_number_of_sentences(
    calendar: Calendar, target: Target, opened_at: datetime
) -> None:
    sentences = explanation_sentences(clock(target, calendar, opened_at).why)
    assert 5 <= len(sentences) <= 60
    assert all(
        sentence.endswith(".") and (sentence[0].isupper() or sentence[0].isdigit())
        for sentence in sentences[1:]
    )
