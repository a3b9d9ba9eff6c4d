"""The life of a ticket's clocks a second time, in minutes, sharing no code with the product.

A log is what happened, in order; a clock is read off it metric by metric. A calendar is a row of
minutes, one byte each, and a due instant is found by letting them pass.
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
    """Monday is day 0; windows by date, and the minutes that they cover."""

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
    pauses: tuple[tuple[int, int], ...]  # the end of one that lasts is FOREVER


class Answer(NamedTuple):
    metric: str
    begin: int
    start: int | None
    due: int | None
    stop: int | None
    broken: int | None
    state: str


def answers(rules: Rules, log: Sequence[Event], now: int) -> list[Answer]:
    """Every clock of the ticket as it stands `now`, which is after all that is in the log."""
    found = [one for one in stretches(log) if rules.lines.get(one.metric)]
    return in_order(_answer(rules, log, one, now) for one in found)


def in_order(found: Iterable[Answer]) -> list[Answer]:
    return sorted(
        found,
        key=lambda one: (
            one.metric,
            one.begin,
            FOREVER if one.stop is None else one.stop,
            one.state,
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
    """For each place in the log whether the ticket is open when it happens."""
    found: list[bool] = []
    is_open = False
    for event in log:
        found.append(is_open)
        if event.what in ("opened", "reopened"):
            is_open = True
        elif event.what in ("resolved", "cancelled"):
            is_open = False
    return found


def _first_response(log: Sequence[Event]) -> list[Stretch]:
    return [_until(log, "first_response", _first_places(log)[0], ("staff_wrote", "cancelled"))]


def _first_places(log: Sequence[Event]) -> tuple[int, int]:
    """Where in the log it begins and ends (FOREVER while it is owed). What ended without an answer
    begins anew where the ticket is reopened."""
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
    found: list[Stretch] = []
    answered_from = _first_places(log)[1]
    for place, event in enumerate(log):
        asks = event.what == "client_wrote" if opened[place] else event.what == "reopened"
        if asks and place > answered_from:
            ends = ("staff_wrote", "resolved", "cancelled")
            found.append(_until(log, "next_response", place, ends))
            answered_from = _place_after(log, place, ends)
    return found


def _updates(log: Sequence[Event], opened: list[bool]) -> list[Stretch]:
    waits = _waits(log, opened)
    return [
        _paused(_until(log, "update", place, ("staff_wrote", "resolved", "cancelled")), waits)
        for place, event in enumerate(log)
        if event.what == "staff_wrote" and opened[place]
    ]


def _resolution(log: Sequence[Event], opened: list[bool]) -> list[Stretch]:
    """One; the times for which it stood as resolved are pauses, unless it stands so at the end."""
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
    found: list[tuple[int, int]] = []
    since: int | None = None
    for place, event in enumerate(log):
        if event.what == "waiting" and opened[place] and since is None:
            since = event.minute
        ends = event.what in ("client_wrote", "resumed", "resolved", "cancelled")
        if ends and since is not None:
            found.append((since, event.minute))
            since = None
    return found if since is None else [*found, (since, FOREVER)]


def _place_after(log: Sequence[Event], place: int, ends: tuple[str, ...]) -> int:
    after = range(place + 1, len(log))
    return next((later for later in after if log[later].what in ends), FOREVER)


def _until(log: Sequence[Event], metric: str, place: int, ends: tuple[str, ...]) -> Stretch:
    end = _place_after(log, place, ends)
    if end == FOREVER:
        return Stretch(metric, log[place].minute, None, False, ())
    return Stretch(metric, log[place].minute, log[end].minute, log[end].what == "cancelled", ())


def _paused(one: Stretch, pauses: list[tuple[int, int]]) -> Stretch:
    stop = FOREVER if one.stop is None else one.stop
    within = [(max(a, one.begin), min(b, stop)) for a, b in sorted(pauses)]
    return one._replace(pauses=tuple((a, b) for a, b in within if a < b))


def _answer(rules: Rules, log: Sequence[Event], one: Stretch, now: int) -> Answer:
    start, due, surely = _promise(rules, log, one)
    last = now if one.stop is None else one.stop
    is_late = surely < FOREVER and (last > surely or (one.stop is None and last == surely))
    broken = surely if is_late else None
    return Answer(
        one.metric,
        one.begin,
        start if due < NOTHING_PROMISED else None,
        due if due < FOREVER else None,
        one.stop,
        broken,
        _state(one, due, broken),
    )


def _state(one: Stretch, due: int, broken: int | None) -> str:
    if one.cancelled:
        return "cancelled" if broken is None else "breached"
    if due >= FOREVER:
        return "paused" if due == FOREVER else "none"
    if one.stop is None:
        return "running" if broken is None else "breaching"
    return "met" if broken is None else "breached"


def _promise(rules: Rules, log: Sequence[Event], one: Stretch) -> tuple[int, int, int]:
    """Start, due and the instant past which it is surely late.

    Since the last change that may make a deadline later, none has: the earliest of all counts.
    """
    changes = [event for event in log if event.what == "triaged"]
    changes = [event._replace(from_now=event.from_now and n > 0) for n, event in enumerate(changes)]
    before = [event for event in changes if event.minute <= one.begin]
    after = [event for event in changes if event.minute > one.begin]
    if one.stop is not None:
        after = [event for event in after if not event.from_now or event.minute < one.stop]
    severity = before[-1].severity if before else ""
    candidates = [(severity, one.begin)]
    for event in after:
        raised = severity != "" and _rank(rules, event.severity) < _rank(rules, severity)
        severity = event.severity
        if not raised and not event.from_now:
            candidates = []
        candidates.append((severity, event.minute if event.from_now else one.begin))
    if candidates[-1][0] == "":
        each = [_reckon(rules, one, severity, one.begin) for severity in rules.severities]
        start, due = min(each, key=lambda clock: clock[1])
        return start, due, max(clock[1] for clock in each)
    clocks = [_reckon(rules, one, severity, since) for severity, since in reversed(candidates)]
    start, due = min(clocks, key=lambda clock: clock[1])
    return start, due, due


def _rank(rules: Rules, severity: str) -> int:
    return rules.severities.index(severity)


def _reckon(rules: Rules, one: Stretch, severity: str, since: int) -> tuple[int, int]:
    line = rules.lines[one.metric].get(severity)
    if line is None:
        return 0, NOTHING_PROMISED
    start = line.calendar.covered.find(1, since)
    kind, number = line.on_weekday.get(start // DAY % 7, line.target)
    if kind == "words":
        return 0, NOTHING_PROMISED
    if kind == "clock":
        return start, _passed(b"\1" * len(line.calendar.covered), one, start, number)
    if kind == "covered":
        return start, _passed(line.calendar.covered, one, start, number)
    if kind == "close":
        day = _business_day(line.calendar, since // DAY, 1)
        return start, _owed(line.calendar, one, start, line.calendar.windows[day][-1][1])
    return start, _owed(line.calendar, one, start, _same_time(line.calendar, start, number))


def _passed(runs: bytes, one: Stretch, start: int, wanted: int) -> int:
    """The minute at which so many have passed in which the clock ran."""
    row = bytearray(runs)
    for first, last in one.pauses:
        row[first : min(last, len(row))] = bytes(max(0, min(last, len(row)) - first))
    found = next(islice(compress(range(start, len(row)), row[start:]), wanted - 1, None), None)
    if found is None:
        assert one.pauses[-1][1] == FOREVER, "the span is too short for this case"
        return FOREVER
    return found + 1


def _owed(calendar: Calendar, one: Stretch, start: int, due: int) -> int:
    """An instant named by the calendar: what was lost before it is made up for after it."""
    minute, lost = start, 0
    while True:
        pause = next((end for first, end in one.pauses if first < minute < end), None)
        if minute >= due and not lost and pause is None:
            return minute
        if pause == FOREVER:
            return FOREVER
        paused = any(first <= minute < end for first, end in one.pauses)
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
