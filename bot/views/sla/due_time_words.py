"""Explain a computed due time in sentences that a reader can follow with a calendar.

"Every deadline explains itself: the target's line, opened, started (and why not at once), each jump
over a closed window or a holiday by name, due."
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache

from bot.domain.sla.calendars.calendar import ONE_DAY, Calendar
from bot.domain.sla.reasons import Computed
from bot.domain.sla.targets.metric import Metric
from bot.domain.sla.targets.sla_target import SlaTarget
from bot.domain.sla.targets.target import (
    BusinessDays,
    ClockTime,
    CoveredTime,
    NextBusinessDay,
    NoClock,
    Target,
)
from bot.views.sla.calendar_words import (
    WEEKDAYS,
    calendar_words,
    count_words,
    date_words,
    instant_words,
    length_words,
    utc_words,
)
from bot.views.sla.closure_reasons import closed_dates, closed_reasons, open_besides
from bot.views.sla.target_words import target_line, target_words

# A target of several months crosses hundreds of closed intervals; readers need only the first few.
_MOST_JUMPS = 8
_AT_ONCE = "That is within coverage, so the clock starts at once."


def due_time_sentences(reason: Computed) -> tuple[str, ...]:
    """Return the sentences that lead from the opening to the due time.

    The first sentence names the target. Times are in the zone of the target's calendar; the due
    time is also in UTC.
    """
    calendar, zone = reason.target.calendar, reason.target.calendar.zone_info
    opened, due = reason.opened_at.astimezone(zone), reason.due_at.astimezone(zone)
    at_once = reason.starts_at == reason.opened_at
    starts = opened if at_once else reason.starts_at.astimezone(zone)
    is_first = reason.metric is Metric.FIRST_RESPONSE and reason.is_opening
    target = reason.target.target_on(starts.weekday())
    last = starts if isinstance(target, ClockTime) else due
    return (
        target_sentence(reason.plan_name, reason.target, reason.metric),
        f"{'Opened' if is_first else 'Counted from'} {instant_words(opened)} in {calendar.zone}.",
        *open_besides(calendar, opened.date(), last.date()),
        *((_AT_ONCE,) if at_once else _start(reason, opened, starts)),
        *_weekday(reason.target, starts.weekday()),
        *_way(target, reason, opened, starts, due),
        f"Due {instant_words(due)} in {calendar.zone}, which is {utc_words(reason.due_at)}.",
    )


@lru_cache(maxsize=4096)
def target_sentence(plan_name: str, target: SlaTarget, metric: Metric) -> str:
    """Return the line of the plan for the target, with the coverage hours of its clock.

    The sentence is the same for all tickets with this target, so it is remembered.
    """
    line = target_line(plan_name, target, metric)
    if not target.has_clock:
        return f"{line}."
    return f"{line}; coverage {calendar_words(target.calendar)}."


def _start(reason: Computed, opened: datetime, starts: datetime) -> tuple[str, ...]:
    calendar, opened_at = reason.target.calendar, reason.opened_at
    return (
        *_few(closed_reasons(calendar, opened_at, opened.date(), starts.date())),
        f"The clock starts at the next opening, {instant_words(starts)}.",
    )


def _weekday(sla_target: SlaTarget, weekday: int) -> tuple[str, ...]:
    if not sla_target.by_weekday:
        return ()
    target = target_words(sla_target.target_on(weekday))
    return (f"For a clock that starts on a {WEEKDAYS[weekday]} the target is {target}.",)


def _way(
    target: Target, reason: Computed, opened: datetime, starts: datetime, due: datetime
) -> tuple[str, ...]:
    calendar = reason.target.calendar
    match target:
        case ClockTime(length):
            # Clock time continues while the calendar is closed, so there are no jumps to explain.
            words = length_words(length)
            return (f"It runs for {words} of clock time, also after coverage closes.",)
        case CoveredTime(length):
            jumps = _covered(calendar, reason.starts_at, reason.due_at)
            return (*jumps, f"That makes {length_words(length)} of covered time.")
        case BusinessDays(days):
            skipped = _skipped(calendar, starts.date(), due.date())
            return (*skipped, _landing(calendar.zone, starts, due, days))
        case NextBusinessDay():
            return _next_business_day(calendar, opened.date(), starts.date(), due)
        case NoClock():
            return ()


def _next_business_day(
    calendar: Calendar, opened: date, starts: date, due: datetime
) -> tuple[str, ...]:
    day = next(calendar.business_days_after(opened))
    return (
        *_skipped(calendar, starts, day),
        f"The first business day after {date_words(opened)} is {date_words(day)}, "
        f"which closes {instant_words(due)}.",
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


def _landing(zone: str, starts: datetime, due: datetime, days: int) -> str:
    words = f"{count_words(days, 'business day')} on from {date_words(starts.date())}"
    if starts.time() == due.time():
        return f"{words} is {date_words(due.date())}, at the same time of day."
    return (
        f"{words} the clock in {zone} does not show {starts:%H:%M} within coverage, "
        f"so it is {instant_words(due)}."
    )


def _skipped(calendar: Calendar, first: date, last: date) -> tuple[str, ...]:
    """Return why the dates between `first` and `last`, both excluded, are not business days."""
    return _few(closed_dates(calendar, first + ONE_DAY, last - ONE_DAY))


def _few(sentences: tuple[str, ...]) -> tuple[str, ...]:
    if len(sentences) <= _MOST_JUMPS:
        return sentences
    return *sentences[:_MOST_JUMPS], f"And so on, {len(sentences) - _MOST_JUMPS} times more."
