"""Coverage calendars: weekly windows in a time zone, minus holidays."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.domain.sla.calendars.coverage import Coverage, coverage_of, month_begins, month_of
from bot.domain.sla.calendars.holiday_calendar import HolidayCalendar
from bot.domain.sla.calendars.interval import Interval, cut, merged, without
from bot.domain.sla.calendars.wall_time import instant_at_minute
from bot.domain.sla.calendars.window import Window
from bot.errors import DeskbellError
from bot.time_source import aware

ONE_DAY = timedelta(days=1)
_Value = TypeVar("_Value")
_Key = TypeVar("_Key")

# Longer than any series of closed days, and short enough for a fast search.
_SEARCHED_DAYS = 3 * 366
_REMEMBERED_DAYS = 4096
_REMEMBERED_MONTHS = 240


@dataclass(eq=False)
class NeverOpensError(DeskbellError):
    """A calendar has no open window for three years after a date, so no clock can start in it."""

    calendar: str
    day: date

    def __str__(self) -> str:
        return repr(self)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekly windows of local wall time in an IANA `zone`, minus `holidays` (None: no holidays).

    "A holiday closes its whole local date, 00:00-24:00, the tail of a window from the day before
    included." A window that begins on a holiday and runs over midnight is covered from that
    midnight on.

    `extra_closed` lists further closed dates, each with the name of the reason. `extra_open` lists
    dates that are not a holiday here, even if the holiday calendar names them. `extra_windows`
    lists windows for single dates, such as a working Saturday: they replace the windows of the
    weekday, and no holiday closes such a date.

    Methods take aware instants and return instants in UTC. Raises ValueError for a naive instant.
    """

    name: str
    zone: str
    windows: tuple[Window, ...]
    holidays: HolidayCalendar | None = None
    extra_closed: tuple[tuple[date, str], ...] = ()
    extra_open: frozenset[date] = frozenset()
    extra_windows: tuple[tuple[date, Window], ...] = ()
    zone_info: ZoneInfo = field(init=False, repr=False, compare=False)
    _windows_by_date: dict[date, tuple[Interval, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _coverage_by_month: dict[int, Coverage] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "zone_info", ZoneInfo(self.zone))

    def __hash__(self) -> int:
        # Calendars are keys of several caches, and hashing all windows and dates each time is slow.
        return hash((self.name, self.zone))

    def local(self, instant: datetime) -> datetime:
        """Return the instant in the calendar's own time zone."""
        return aware(instant).astimezone(self.zone_info)

    def closed_for(self, day: date) -> str | None:
        """Return the name of the holiday that closes the local date, None if it is open."""
        if day in self.extra_open or self.has_own_windows(day):
            return None
        for closed, name in self.extra_closed:
            if closed == day:
                return name
        return self.holiday_on(day)

    def holiday_on(self, day: date) -> str | None:
        """Return the name of the public holiday on the local date, even if the calendar is open."""
        return self.holidays.name_on(day) if self.holidays else None

    def has_own_windows(self, day: date) -> bool:
        """Return whether the local date has its own windows instead of those for its weekday."""
        return any(day == other for other, _ in self.extra_windows)

    def windows_on(self, day: date) -> tuple[Interval, ...]:
        """Return the windows that start on the local date, disjoint and in order.

        A window that runs over midnight ends on the next date, or at that midnight if the next date
        is a holiday.
        """
        windows = self._windows_by_date.get(day)
        if windows is None:
            windows = self._find_windows(day)
            _remember(self._windows_by_date, day, windows, _REMEMBERED_DAYS)
        return windows

    def is_business_day(self, day: date) -> bool:
        """Return whether a window starts on the local date."""
        return bool(self.windows_on(day))

    def business_days_after(self, day: date) -> Iterator[date]:
        """Yield the business days after the local date, in order, without end.

        Raises NeverOpensError after three years without a business day.
        """
        closed = 0
        while closed <= _SEARCHED_DAYS:
            day += ONE_DAY
            if self.windows_on(day):
                yield day
                closed = 0
            else:
                closed += 1
        raise self._never_opens(day - timedelta(days=closed))

    def is_open(self, instant: datetime) -> bool:
        """Return whether the instant is covered.

        Windows are half-open: the end of a window is not covered.
        """
        instant = aware(instant)
        coverage = self.covered_in(month_of(instant))
        position = coverage.first_after(instant)
        return position < len(coverage.starts) and coverage.starts[position] <= instant

    def next_opening(self, instant: datetime) -> datetime:
        """Return the instant itself if it is covered, else the first covered instant after it.

        Raises NeverOpensError after three years without coverage.
        """
        instant = aware(instant)
        coverage = self.covered_in(month_of(instant))
        position = coverage.first_after(instant)
        if position < len(coverage.starts):
            return max(instant, coverage.starts[position])
        return next(self.coverage_from(instant)).start

    def last_close(self, instant: datetime) -> datetime | None:
        """Return the end of the last coverage at or before an instant that is not covered.

        Returns None if that end is earlier than the UTC month before the month of the instant.
        """
        month = month_of(instant)
        coverage = self.covered_in(month)
        position = coverage.first_after(instant)
        if position:
            return coverage.ends[position - 1]
        before = self.covered_in(month - 1).ends
        return before[-1] if before else None

    def coverage_from(self, instant: datetime) -> Iterator[Interval]:
        """Yield the covered intervals at and after the instant, in order, without end.

        Adjacent windows are joined, except at the end of a UTC month. Raises NeverOpensError after
        three years without coverage.
        """
        instant = aware(instant)
        for coverage in self.months_from(instant):
            for position in range(coverage.first_after(instant), len(coverage.starts)):
                start, end = coverage.starts[position], coverage.ends[position]
                yield Interval(max(start, instant), end)

    def months_from(self, instant: datetime) -> Iterator[Coverage]:
        """Yield the coverage of the UTC month that contains the instant, then of each later month.

        Raises NeverOpensError after three years without coverage.
        """
        last, month = instant, month_of(instant)
        while (month_begins(month) - last).days <= _SEARCHED_DAYS:
            coverage = self.covered_in(month)
            yield coverage
            last = max((last, *coverage.ends[-1:]))
            month += 1
        raise self._never_opens(self.local(last).date())

    def covered_in(self, month: int) -> Coverage:
        """Return the coverage of a UTC month, numbered as in `month_of`."""
        coverage = self._coverage_by_month.get(month)
        if coverage is None:
            coverage = self._find_coverage(month)
            _remember(self._coverage_by_month, month, coverage, _REMEMBERED_MONTHS)
        return coverage

    def _find_coverage(self, month: int) -> Coverage:
        begins, ends = month_begins(month), month_begins(month + 1)
        # A window lasts up to 24 hours and a clock change can move its end, so the search starts
        # two days earlier.
        first, last = self.local(begins).date() - 2 * ONE_DAY, self.local(ends).date()
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        windows: Iterable[Interval] = merged(
            cut(window, begins, ends) for day in days for window in self._windows_of(day)
        )
        for day in days:
            if self.closed_for(day):
                closed = Interval(self._at(day, 0), self._at(day + ONE_DAY, 0))
                windows = list(without(windows, closed))
        return coverage_of(windows)

    def _find_windows(self, day: date) -> tuple[Interval, ...]:
        if self.closed_for(day):
            return ()
        closes = [
            self._at(later, 0)
            for later in (day + ONE_DAY, day + 2 * ONE_DAY)
            if self.closed_for(later)
        ]
        return merged(Interval(start, min([end, *closes])) for start, end in self._windows_of(day))

    def _windows_of(self, day: date) -> Iterator[Interval]:
        for window in self._weekly_or_own(day):
            yield Interval(self._at(day, window.start), self._at(day, window.end))

    def _weekly_or_own(self, day: date) -> list[Window]:
        if self.has_own_windows(day):
            return [window for other, window in self.extra_windows if other == day]
        return [window for window in self.windows if window.weekday == day.weekday()]

    def _at(self, day: date, minute: int) -> datetime:
        return instant_at_minute(day, minute, self.zone_info)

    def _never_opens(self, day: date) -> NeverOpensError:
        return NeverOpensError(self.name, day)


def _remember(cache: dict[_Key, _Value], key: _Key, value: _Value, capacity: int) -> None:
    if len(cache) >= capacity:
        cache.clear()
    cache[key] = value
