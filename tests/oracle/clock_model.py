"""A model of a ticket's SLA clocks, in minutes, that shares no code with the product.

A log is the sequence of events; the model reads each metric's clocks from the log. A calendar is a
row of bytes, a byte per minute, and the due minute is found by counting covered minutes.
"""

from collections.abc import Iterable, Sequence
from itertools import compress, islice
from typing import NamedTuple

DAY = 1440
FOREVER = 10**9
NOTHING_PROMISED = 2 * FOREVER


class Event(NamedTuple):
    minute: int
    what: str
    severity: str = ""
    from_now: bool = False


class Calendar(NamedTuple):
    """Day 0 is a Monday. Holds the windows by date and the minutes that they cover."""

    windows: tuple[tuple[tuple[int, int], ...], ...]
    covered: bytes


class Line(NamedTuple):
    """A target is a kind and a number: ("clock", 240), ("days", 2), ("close", 0), ("words", 0)."""

    target: tuple[str, int]
    calendar: Calendar
    on_weekday: dict[int, tuple[str, int]]


class Rules(NamedTuple):
    severities: tuple[str, ...]  # the most severe first
    lines: dict[str, dict[str, Line]]  # by metric, then by severity


class Stretch(NamedTuple):
    metric: str
    begin: int
    stop: int | None
    cancelled: bool
    pauses: tuple[tuple[int, int], ...]  # the end of an open pause is FOREVER


class Answer(NamedTuple):
    metric: str
    begin: int
    start: int | None
    due: int | None
    stop: int | None
    broken: int | None
    state: str


def answers(rules: Rules, log: Sequence[Event], now: int) -> list[Answer]:
    """Return every clock of the ticket at minute `now`, which is after all events in the log."""
    measured = [stretch for stretch in stretches(log) if rules.lines.get(stretch.metric)]
    return in_order(_answer(rules, log, stretch, now) for stretch in measured)


def in_order(clock_answers: Iterable[Answer]) -> list[Answer]:
    return sorted(
        clock_answers,
        key=lambda answer: (
            answer.metric,
            answer.begin,
            FOREVER if answer.stop is None else answer.stop,
            answer.state,
        ),
    )


def stretches(log: Sequence[Event]) -> list[Stretch]:
    opened = _opened_before(log)
    return [
        *_first_response(log),
        *_next_responses(log, opened),
        *_updates(log, opened),
        *_resolution(log, opened),
    ]


def _opened_before(log: Sequence[Event]) -> list[bool]:
    """Return, for each event in the log, whether the ticket is open when the event happens."""
    open_flags: list[bool] = []
    is_open = False
    for event in log:
        open_flags.append(is_open)
        if event.what in ("opened", "reopened"):
            is_open = True
        elif event.what in ("resolved", "cancelled"):
            is_open = False
    return open_flags


def _first_response(log: Sequence[Event]) -> list[Stretch]:
    return [_until(log, "first_response", _first_places(log)[0], ("staff_wrote", "cancelled"))]


def _first_places(log: Sequence[Event]) -> tuple[int, int]:
    """Return the first response's first and last place in the log.

    The last place is FOREVER while no response was sent. A first response that was cancelled
    unanswered begins again at the reopening.
    """
    begin = next(place for place, event in enumerate(log) if event.what == "opened")
    while True:
        end = _place_after(log, begin, ("staff_wrote", "cancelled"))
        if end == FOREVER or log[end].what == "staff_wrote":
            return begin, end
        again = _place_after(log, end, ("staff_wrote", "reopened"))
        if again == FOREVER or log[again].what == "staff_wrote":
            return begin, end
        begin = again


def _next_responses(log: Sequence[Event], opened: list[bool]) -> list[Stretch]:
    next_responses: list[Stretch] = []
    answered_from = _first_places(log)[1]
    for place, event in enumerate(log):
        asks = event.what == "client_wrote" if opened[place] else event.what == "reopened"
        if asks and place > answered_from:
            ends = ("staff_wrote", "resolved", "cancelled")
            next_responses.append(_until(log, "next_response", place, ends))
            answered_from = _place_after(log, place, ends)
    return next_responses


def _updates(log: Sequence[Event], opened: list[bool]) -> list[Stretch]:
    waits = _waits(log, opened)
    return [
        _paused(_until(log, "update", place, ("staff_wrote", "resolved", "cancelled")), waits)
        for place, event in enumerate(log)
        if event.what == "staff_wrote" and opened[place]
    ]


def _resolution(log: Sequence[Event], opened: list[bool]) -> list[Stretch]:
    """Return the resolution span; times in resolved state are pauses, except the last if final."""
    begin = next(event.minute for event in log if event.what == "opened")
    pauses, stop = _waits(log, opened), None
    for place, event in enumerate(log):
        if event.what == "cancelled" and stop is None:
            return [_paused(Stretch("resolution", begin, event.minute, True, ()), pauses)]
        if event.what == "resolved" and opened[place]:
            stop = event.minute
        if event.what == "reopened" and stop is not None:
            pauses, stop = [*pauses, (stop, event.minute)], None
    return [_paused(Stretch("resolution", begin, stop, False, ()), pauses)]


def _waits(log: Sequence[Event], opened: list[bool]) -> list[tuple[int, int]]:
    waits: list[tuple[int, int]] = []
    since: int | None = None
    for place, event in enumerate(log):
        if event.what == "waiting" and opened[place] and since is None:
            since = event.minute
        ends = event.what in ("client_wrote", "resumed", "resolved", "cancelled")
        if ends and since is not None:
            waits.append((since, event.minute))
            since = None
    return waits if since is None else [*waits, (since, FOREVER)]


def _place_after(log: Sequence[Event], place: int, ends: tuple[str, ...]) -> int:
    after = range(place + 1, len(log))
    return next((later for later in after if log[later].what in ends), FOREVER)


def _until(log: Sequence[Event], metric: str, place: int, ends: tuple[str, ...]) -> Stretch:
    end = _place_after(log, place, ends)
    if end == FOREVER:
        return Stretch(metric, log[place].minute, None, False, ())
    return Stretch(metric, log[place].minute, log[end].minute, log[end].what == "cancelled", ())


def _paused(stretch: Stretch, pauses: list[tuple[int, int]]) -> Stretch:
    stop = FOREVER if stretch.stop is None else stretch.stop
    within = [(max(a, stretch.begin), min(b, stop)) for a, b in sorted(pauses)]
    return stretch._replace(pauses=tuple((a, b) for a, b in within if a < b))


def _answer(rules: Rules, log: Sequence[Event], stretch: Stretch, now: int) -> Answer:
    start, due, surely = _sla_target(rules, log, stretch)
    last = now if stretch.stop is None else stretch.stop
    is_late = surely < FOREVER and (last > surely or (stretch.stop is None and last == surely))
    broken = surely if is_late else None
    return Answer(
        stretch.metric,
        stretch.begin,
        start if due < NOTHING_PROMISED else None,
        due if due < FOREVER else None,
        stretch.stop,
        broken,
        _state(stretch, due, broken),
    )


def _state(stretch: Stretch, due: int, broken: int | None) -> str:
    if stretch.cancelled:
        return "cancelled" if broken is None else "breached"
    if due >= FOREVER:
        return "paused" if due == FOREVER else "none"
    if stretch.stop is None:
        return "running" if broken is None else "breaching"
    return "met" if broken is None else "breached"


def _sla_target(rules: Rules, log: Sequence[Event], stretch: Stretch) -> tuple[int, int, int]:
    """Return start, due minute, and the minute after which silence is a breach.

    Each severity since the last change that may make a deadline later is a candidate; the earliest
    due minute counts.
    """
    changes = [event for event in log if event.what == "triaged"]
    changes = [event._replace(from_now=event.from_now and n > 0) for n, event in enumerate(changes)]
    before = [event for event in changes if event.minute <= stretch.begin]
    after = [event for event in changes if event.minute > stretch.begin]
    if stretch.stop is not None:
        after = [event for event in after if not event.from_now or event.minute < stretch.stop]
    severity = before[-1].severity if before else ""
    candidates = [(severity, stretch.begin)]
    for event in after:
        raised = severity != "" and _rank(rules, event.severity) < _rank(rules, severity)
        severity = event.severity
        if not raised and not event.from_now:
            candidates = []
        candidates.append((severity, event.minute if event.from_now else stretch.begin))
    if candidates[-1][0] == "":
        clocks_by_severity = [
            _compute_due(rules, stretch, severity, stretch.begin) for severity in rules.severities
        ]
        start, due = min(clocks_by_severity, key=lambda clock: clock[1])
        return start, due, max(clock[1] for clock in clocks_by_severity)
    clocks = [
        _compute_due(rules, stretch, severity, since) for severity, since in reversed(candidates)
    ]
    start, due = min(clocks, key=lambda clock: clock[1])
    return start, due, due


def _rank(rules: Rules, severity: str) -> int:
    return rules.severities.index(severity)


def _compute_due(rules: Rules, stretch: Stretch, severity: str, since: int) -> tuple[int, int]:
    line = rules.lines[stretch.metric].get(severity)
    if line is None:
        return 0, NOTHING_PROMISED
    start = line.calendar.covered.find(1, since)
    kind, number = line.on_weekday.get(start // DAY % 7, line.target)
    if kind == "words":
        return 0, NOTHING_PROMISED
    if kind == "clock":
        return start, _minute_after(b"\1" * len(line.calendar.covered), stretch, start, number)
    if kind == "covered":
        return start, _minute_after(line.calendar.covered, stretch, start, number)
    if kind == "close":
        day = _business_day(line.calendar, since // DAY, 1)
        return start, _due_after_pauses(
            line.calendar, stretch, start, line.calendar.windows[day][-1][1]
        )
    return start, _due_after_pauses(
        line.calendar, stretch, start, _same_time(line.calendar, start, number)
    )


def _minute_after(runs: bytes, stretch: Stretch, start: int, wanted: int) -> int:
    """Return the minute after which `wanted` minutes have passed in which the clock ran."""
    row = bytearray(runs)
    for first, last in stretch.pauses:
        row[first : min(last, len(row))] = bytes(max(0, min(last, len(row)) - first))
    last_minute = next(
        islice(compress(range(start, len(row)), row[start:]), wanted - 1, None), None
    )
    if last_minute is None:
        assert stretch.pauses[-1][1] == FOREVER, "the span is too short for this case"
        return FOREVER
    return last_minute + 1


def _due_after_pauses(calendar: Calendar, stretch: Stretch, start: int, due: int) -> int:
    """Return a due minute that the calendar names, moved by the covered time lost in pauses."""
    minute, lost = start, 0
    while True:
        pause = next((end for first, end in stretch.pauses if first < minute < end), None)
        if minute >= due and not lost and pause is None:
            return minute
        if pause == FOREVER:
            return FOREVER
        paused = any(first <= minute < end for first, end in stretch.pauses)
        if minute < due:
            lost += paused and calendar.covered[minute]
        else:
            lost -= not paused and calendar.covered[minute]
        minute += 1


def _business_day(calendar: Calendar, day: int, count: int) -> int:
    while count:
        day += 1
        count -= bool(calendar.windows[day])
    return day


def _same_time(calendar: Calendar, start: int, days: int) -> int:
    day = _business_day(calendar, start // DAY, days)
    wanted = day * DAY + start % DAY
    if calendar.covered[wanted]:
        return wanted
    closed = [end for _, end in calendar.windows[day] if end <= wanted]
    return closed[-1] if closed else calendar.windows[day][0][0]
