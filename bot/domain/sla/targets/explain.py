"""Explain a deadline in sentences that a reader can follow with a calendar.

"Every deadline explains itself: the target's line, opened, started (and why not at once), each jump
over a closed window or a holiday by name, due."
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from bot.domain.sla.calendars.calendar import ONE_DAY, Calendar
from bot.domain.sla.calendars.calendar_words import (
    WEEKDAYS,
    calendar_words,
    count_words,
    date_words,
    instant_words,
    length_words,
    utc_words,
)
from bot.domain.sla.calendars.closure_reasons import closed_dates, closed_reasons, open_besides
from bot.domain.sla.targets.metric import Metric
from bot.domain.sla.targets.plan_targets import PlanTargets
from bot.domain.sla.targets.sla_target import SlaTarget
from bot.domain.sla.targets.target import (
    BusinessDays,
    ClockTime,
    CoveredTime,
    NextBusinessDay,
    NoClock,
    Target,
)
from bot.domain.sla.targets.target_words import promise_line, target_words

NOTHING_DUE = "This promise has no clock: nothing is due and nothing can be late."

# A target of several months crosses hundreds of closed intervals; readers need only the first few.
_MOST_JUMPS = 8


class _Course(NamedTuple):
    """A clock: its instants in UTC, then as local times in the zone of its calendar."""

    calendar: Calendar
    opened_at: datetime
    starts_at: datetime
    due_at: datetime
    opened: datetime
    starts: datetime
    due: datetime


def explain(
    promise: SlaTarget,
    opened_at: datetime,
    starts_at: datetime,
    due_at: datetime,
    metric: Metric = Metric.FIRST_RESPONSE,
    *,
    is_opening: bool = True,
) -> tuple[str, ...]:
    """Return the sentences that follow the promise's own line.

    Times are in the calendar's zone; the due time is also in UTC. `is_opening` is true if
    `opened_at` is the opening of the ticket.
    """
    calendar = promise.calendar
    opened, due = calendar.local(opened_at), calendar.local(due_at)
    starts = opened if starts_at == opened_at else calendar.local(starts_at)
    course = _Course(calendar, opened_at, starts_at, due_at, opened, starts, due)
    target = promise.target_on(starts.weekday())
    first = metric is Metric.FIRST_RESPONSE and is_opening
    counted_from = "Opened" if first else "Counted from"
    last = starts if isinstance(target, ClockTime) else due
    return (
        f"{counted_from} {instant_words(opened)} in {calendar.zone}.",
        *open_besides(calendar, opened.date(), last.date()),
        *_start(course),
        *_weekday(promise, starts.weekday()),
        *_way(target, course),
        f"Due {instant_words(due)} in {calendar.zone}, which is {utc_words(due_at)}.",
    )


def first_sentence(
    plan: PlanTargets, promise: SlaTarget, metric: Metric = Metric.FIRST_RESPONSE
) -> str:
    """Return the line of the plan for the promise, with the coverage hours of its clock."""
    line = promise_line(plan, promise, metric)
    if not promise.has_clock:
        return f"{line}."
    return f"{line}; coverage {calendar_words(promise.calendar)}."


def _start(course: _Course) -> tuple[str, ...]:
    if course.starts_at == course.opened_at:
        return ("That is within coverage, so the clock starts at once.",)
    first, last = course.opened.date(), course.starts.date()
    return (
        *_few(closed_reasons(course.calendar, course.opened_at, first, last)),
        f"The clock starts at the next opening, {instant_words(course.starts)}.",
    )


def _weekday(promise: SlaTarget, weekday: int) -> tuple[str, ...]:
    if not promise.by_weekday:
        return ()
    target = target_words(promise.target_on(weekday))
    return (f"For a clock that starts on a {WEEKDAYS[weekday]} the target is {target}.",)


def _way(target: Target, course: _Course) -> tuple[str, ...]:
    match target:
        case ClockTime(length):
            # Clock time continues while the calendar is closed, so there are no jumps to explain.
            words = length_words(length)
            return (f"It runs for {words} of clock time, also after coverage closes.",)
        case CoveredTime(length):
            jumps = _covered(course.calendar, course.starts_at, course.due_at)
            return (*jumps, f"That makes {length_words(length)} of covered time.")
        case BusinessDays(days):
            skipped = _skipped(course.calendar, course.starts.date(), course.due.date())
            return (*skipped, _landing(course, days))
        case NextBusinessDay():
            return _next_business_day(course)
        case NoClock():
            return ()


def _next_business_day(course: _Course) -> tuple[str, ...]:
    opened = course.opened.date()
    day = next(course.calendar.business_days_after(opened))
    return (
        *_skipped(course.calendar, course.starts.date(), day),
        f"The first business day after {date_words(opened)} is {date_words(day)}, "
        f"which closes {instant_words(course.due)}.",
    )


def _covered(calendar: Calendar, starts_at: datetime, due_at: datetime) -> Iterator[str]:
    """Yield sentences for each jump over closed time, up to the due time."""
    passed, cursor, jumps = timedelta(), starts_at, 0
    for start, end in calendar.coverage_from(starts_at):
        if start > cursor:
            jumps += 1
            if jumps > _MOST_JUMPS:
                yield "And so on, until all of it has passed."
                return
            closes, opens = calendar.local(cursor), calendar.local(start)
            yield f"By {instant_words(closes)}, {_have_passed(passed)}."
            yield from _few(closed_reasons(calendar, cursor, closes.date(), opens.date()))
            yield f"It goes on {instant_words(opens)}."
        if end >= due_at:
            return
        passed, cursor = passed + (end - start), end


def _have_passed(length: timedelta) -> str:
    words = length_words(length)
    is_singular = words in ("1 hour", "1 minute", "1 second")
    return f"{words} {'has' if is_singular else 'have'} passed"


def _landing(course: _Course, days: int) -> str:
    first, last = course.starts, course.due
    words = f"{count_words(days, 'business day')} on from {date_words(first.date())}"
    if first.time() == last.time():
        return f"{words} is {date_words(last.date())}, at the same time of day."
    return (
        f"{words} the clock in {course.calendar.zone} does not show {first:%H:%M} within coverage, "
        f"so it is {instant_words(last)}."
    )


def _skipped(calendar: Calendar, first: date, last: date) -> tuple[str, ...]:
    """Return why the dates between `first` and `last`, both excluded, are not business days."""
    return _few(closed_dates(calendar, first + ONE_DAY, last - ONE_DAY))


def _few(sentences: tuple[str, ...]) -> tuple[str, ...]:
    if len(sentences) <= _MOST_JUMPS:
        return sentences
    return *sentences[:_MOST_JUMPS], f"And so on, {len(sentences) - _MOST_JUMPS} times more."
