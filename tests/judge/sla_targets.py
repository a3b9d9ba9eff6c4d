"""Converts a catalogue file for the minute-counting model and computes the promised clocks.

Minutes are counted from midnight on a Monday, local time in the catalogue's zone. The zone must not
change its clocks within the span.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from tests.oracle import clock_model as model
from tests.oracle.clock_model import DAY, FOREVER, Event, Line, Rules

MONDAY = date(2026, 3, 2)
SPAN_DAYS = 45
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PROMISES: dict[object, tuple[int, int, int]] = {}  # cache of computed promises
METRICS = ("targets", "next_response", "update", "resolution")
ENDING = ("staff_wrote", "resolved", "cancelled")  # the events that can end a clock


@dataclass(frozen=True)
class Clock:
    """The current state of a ticket's clock, in minutes.

    `surely` is the breach minute under silence; `length` is the time from start to due without the
    time that waiting on the client added.
    """

    metric: str
    number: int
    start: int | None
    due: int | None
    surely: int | None
    stop: int | None
    broken: int | None
    length: int

    @property
    def runs(self) -> bool:
        return self.stop is None and self.due is not None


@dataclass(frozen=True)
class PlanModel:
    """A plan of a catalogue file."""

    zone: ZoneInfo
    rules: Rules
    labels: dict[str, str]
    included: int | None
    overage: str
    named_engineer: bool

    def minute(self, instant: datetime) -> int:
        begins = datetime.combine(MONDAY, datetime.min.time(), self.zone)
        return (instant.astimezone(UTC) - begins.astimezone(UTC)) // timedelta(minutes=1)

    def month(self, instant: datetime) -> tuple[int, int]:
        local = instant.astimezone(self.zone)
        return local.year, local.month

    def clocks(self, log: Sequence[tuple[datetime, Event]], now: datetime) -> list[Clock]:
        """Return every clock after the events in the log."""
        events = [event._replace(minute=self.minute(at)) for at, event in log]
        answers = self._answers_within_their_minute(log)
        counts: dict[str, int] = {}
        clocks = []
        for stretch in sorted(model.stretches(events), key=lambda stretch: stretch.begin):
            if not self.rules.lines.get(stretch.metric):
                continue
            counts[stretch.metric] = counts.get(stretch.metric, 0) + 1
            clock = self._clock(events, stretch, counts[stretch.metric], self.minute(now))
            if clock.stop is not None and clock.stop == clock.surely and clock.stop in answers:
                clock = replace(clock, broken=clock.surely)  # late by less than a minute
            clocks.append(clock)
        return clocks

    def _answers_within_their_minute(self, log: Sequence[tuple[datetime, Event]]) -> set[int]:
        """Return the minutes whose first ending event came after the minute had begun."""
        first: dict[int, datetime] = {}
        for at, event in log:
            if event.what in ENDING:
                minute = self.minute(at)
                first[minute] = min(at, first.get(minute, at))
        return {minute for minute, at in first.items() if at.second or at.microsecond}

    def _clock(self, events: list[Event], stretch: model.Stretch, number: int, now: int) -> Clock:
        start, due, surely = self._sla_target(events, stretch)
        started, first_due, _ = self._sla_target(events, stretch._replace(pauses=()))
        last = now if stretch.stop is None else stretch.stop
        late = surely < FOREVER and (last > surely or (stretch.stop is None and last == surely))
        has_clock = due < FOREVER
        return Clock(
            stretch.metric,
            number,
            start if has_clock else None,
            due if has_clock else None,
            surely if surely < FOREVER else None,
            stretch.stop,
            surely if late else None,
            first_due - started,
        )

    def _sla_target(self, events: list[Event], stretch: model.Stretch) -> tuple[int, int, int]:
        known = (id(self), tuple(events), stretch)
        if known not in _PROMISES:
            _PROMISES[known] = model._sla_target(self.rules, events, stretch)
        return _PROMISES[known]


@cache
def plan_model_of(catalog: Path, plan: str) -> PlanModel:
    """Read a plan from its file."""
    raw = tomllib.loads(catalog.read_text())
    terms = raw["plans"][plan]
    own = terms.get("calendar", "")
    severities = tuple(name for name in raw["severities"] if name in terms["targets"])
    lines = {
        "first_response" if metric == "targets" else metric: {
            severity: _line(raw, own, target) for severity, target in terms.get(metric, {}).items()
        }
        for metric in METRICS
    }
    quota = terms["quota"]
    limited = quota["included"] != "unlimited"
    return PlanModel(
        ZoneInfo(raw["zone"]),
        Rules(severities, {metric: of for metric, of in lines.items() if of}),
        {name: severity["label"] for name, severity in raw["severities"].items()},
        quota["included"] if limited else None,
        quota.get("overage", ""),
        terms.get("named_engineer", False),
    )


def _line(raw: dict[str, Any], calendar: str, given: str | dict[str, Any]) -> Line:
    table: dict[str, Any] = {"target": given} if isinstance(given, str) else given
    target = ("words", 0) if "words" in table else _target(table["target"])
    on = {WEEKDAYS.index(day): _target(target) for day, target in table.get("on", {}).items()}
    return Line(target, _calendar(raw, table.get("calendar", calendar)), on)


def _target(words: str) -> tuple[str, int]:
    if words == "next business day":
        return "close", 0
    if match := re.fullmatch(r"(\d+) business days?", words):
        return "days", int(match[1])
    match = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?( covered)?", words)
    assert match is not None, words
    minutes = 60 * int(match[1] or 0) + int(match[2] or 0)
    return ("covered" if match[3] else "clock"), minutes


def _calendar(raw: dict[str, Any], name: str) -> model.Calendar:
    terms = raw["calendars"][name]
    assert terms["zone"] == raw["zone"], "one wall for all of a catalogue"
    free: set[date] = set()
    if terms["holidays"] != "none":
        free = set(holidays.country_holidays(terms["holidays"], years=MONDAY.year))
    windows = []
    covered = bytearray(SPAN_DAYS * DAY)
    for day in range(SPAN_DAYS):
        closed = MONDAY + timedelta(days=day) in free
        hours = [] if closed else [w for text in terms["windows"] for w in _hours(text, day % 7)]
        windows.append(tuple((day * DAY + first, day * DAY + last) for first, last in hours))
        for first, last in windows[-1]:
            covered[first:last] = b"\1" * (last - first)
    return model.Calendar(tuple(windows), bytes(covered))


def _hours(text: str, weekday: int) -> list[tuple[int, int]]:
    """Return the windows of text such as "Mon-Sat 08:00-22:00" on a weekday."""
    days, hours = text.split()
    first, _, last = days.lower().partition("-")
    if not WEEKDAYS.index(first) <= weekday <= WEEKDAYS.index(last or first):
        return []
    opens, closes = (int(time_text[:2]) * 60 + int(time_text[3:]) for time_text in hours.split("-"))
    return [(opens, closes)]
