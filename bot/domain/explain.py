"""Why a promise is due when it is, in sentences that can be followed with a calendar in hand.

"Every deadline explains itself: the target's line, opened, started (and why not at once), each
jump over a closed window or a holiday by name, due."
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.domain.calendar import ONE_DAY, Calendar
from bot.domain.calendar_words import (
    WEEKDAYS,
    calendar_words,
    count_words,
    date_words,
    instant_words,
    length_words,
    utc_words,
    weekdays_words,
)
from bot.domain.closed_words import closed_dates, closed_reasons
from bot.domain.plan import Plan, Promise
from bot.domain.target import BusinessDays, ClockTime, CoveredTime, NextBusinessDay, NoClock, Target

# A target of months has hundreds of closed stretches; nobody reads past the first few.
_MOST_JUMPS = 8


def explain(
    plan: Plan, promise: Promise, opened_at: datetime, starts_at: datetime, due_at: datetime
) -> tuple[str, ...]:
    """The sentences for a promise with a clock. Times in the calendar's zone, due in UTC too."""
    calendar = promise.calendar
    local_start = calendar.local(starts_at)
    return (
        f"{_line(plan, promise)}; coverage {calendar_words(calendar)}.",
        f"Opened {instant_words(calendar.local(opened_at))} in {calendar.zone}.",
        *_start(calendar, opened_at, starts_at),
        *_weekday(promise, local_start.weekday()),
        *_way(promise.target_on(local_start.weekday()), calendar, opened_at, starts_at, due_at),
        f"Due {instant_words(calendar.local(due_at))} in {calendar.zone}, "
        f"which is {utc_words(due_at)}.",
    )


def explain_no_clock(plan: Plan, promise: Promise) -> tuple[str, ...]:
    """The agreement's words as they stand, and that nothing can be late."""
    return (
        f"{_line(plan, promise)}.",
        "This promise has no clock: nothing is due and nothing can be late.",
    )


def target_words(target: Target) -> str:
    """The target as a person says it: "4 hours", "2 business days"."""
    match target:
        case ClockTime(length):
            return length_words(length)
        case CoveredTime(length):
            return f"{length_words(length)} of covered time"
        case BusinessDays(days):
            return count_words(days, "business day")
        case NextBusinessDay():
            return "the close of the next business day"
        case NoClock(words):
            return words


def promise_words(promise: Promise) -> str:
    """The target with its weekdays: "2 hours (4 hours on Sat and Sun)"."""
    exceptions: dict[Target, list[int]] = {}
    for weekday, target in promise.by_weekday.items():
        exceptions.setdefault(target, []).append(weekday)
    words = ", ".join(
        f"{target_words(target)} on {weekdays_words(weekdays)}"
        for target, weekdays in exceptions.items()
    )
    return f"{target_words(promise.target)} ({words})" if words else target_words(promise.target)


def _line(plan: Plan, promise: Promise) -> str:
    if isinstance(promise.target, NoClock):
        within = ""
    elif isinstance(promise.target, NextBusinessDay):
        within = "first response by "
    else:
        within = "first response within "
    return f"{plan.name}, {promise.severity.label}: {within}{promise_words(promise)}"


def _start(calendar: Calendar, opened_at: datetime, starts_at: datetime) -> Iterator[str]:
    if starts_at == opened_at:
        yield "That is within coverage, so the clock starts at once."
        return
    yield from _sentences(closed_reasons(calendar, opened_at, starts_at))
    yield f"The clock starts at the next opening, {instant_words(calendar.local(starts_at))}."


def _weekday(promise: Promise, weekday: int) -> Iterator[str]:
    if promise.by_weekday:
        target = target_words(promise.target_on(weekday))
        yield f"For a clock that starts on a {WEEKDAYS[weekday]} the target is {target}."


def _way(
    target: Target,
    calendar: Calendar,
    opened_at: datetime,
    starts_at: datetime,
    due_at: datetime,
) -> Iterator[str]:
    match target:
        case ClockTime(length):
            yield f"It runs for {length_words(length)} of clock time, also after coverage closes."
        case CoveredTime(length):
            yield from _covered(calendar, starts_at, due_at)
            yield f"That makes {length_words(length)} of covered time."
        case BusinessDays(days):
            first = calendar.local(starts_at)
            yield from _skipped(calendar, first.date(), calendar.local(due_at).date())
            yield from _landing(calendar, first, calendar.local(due_at), days)
        case NextBusinessDay():
            first_day = calendar.local(opened_at).date()
            day = next(calendar.business_days_after(first_day))
            yield from _skipped(calendar, calendar.local(starts_at).date(), day)
            yield (
                f"The first business day after {date_words(first_day)} is {date_words(day)}, "
                f"which closes {instant_words(calendar.local(due_at))}."
            )
        case NoClock():
            return


def _covered(calendar: Calendar, starts_at: datetime, due_at: datetime) -> Iterator[str]:
    """Each jump over what is not covered, up to the due instant."""
    passed, cursor, jumps = timedelta(), starts_at, 0
    for start, end in calendar.coverage_from(starts_at):
        if start > cursor:
            jumps += 1
            if jumps > _MOST_JUMPS:
                yield "And so on, until all of it has passed."
                return
            yield f"By {instant_words(calendar.local(cursor))}, {length_words(passed)} have passed."
            yield from _sentences(closed_reasons(calendar, cursor, start))
            yield f"It goes on {instant_words(calendar.local(start))}."
        if end >= due_at:
            return
        passed, cursor = passed + (end - start), end


def _landing(calendar: Calendar, first: datetime, last: datetime, days: int) -> Iterator[str]:
    words = f"{count_words(days, 'business day')} on from {date_words(first.date())}"
    if first.time() == last.time():
        yield f"{words} is {date_words(last.date())}, at the same time of day."
    else:
        yield (
            f"{words} the clock in {calendar.zone} does not show {first:%H:%M} within coverage, "
            f"so it is {instant_words(last)}."
        )


def _skipped(calendar: Calendar, first: date, last: date) -> Iterator[str]:
    """Why the dates between the two, themselves left out, are no business days."""
    yield from _sentences(closed_dates(calendar, first + ONE_DAY, last - ONE_DAY))


def _sentences(reasons: list[str]) -> Iterator[str]:
    further = len(reasons) - _MOST_JUMPS
    for reason in reasons[:_MOST_JUMPS]:
        yield f"{reason[0].upper()}{reason[1:]}."
    if further > 0:
        yield f"And so on, {further} times more."
