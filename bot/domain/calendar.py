"""When a desk is open: weekly windows in a zone, less holidays."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.clock import aware
from bot.domain.coverage import Coverage, coverage_of, month_begins, month_of
from bot.domain.holiday_calendar import HolidayCalendar
from bot.domain.interval import Interval, cut, merged, without
from bot.domain.wall_time import instant_at_minute
from bot.domain.window import Window
from bot.errors import DeskbellError

ONE_DAY = timedelta(days=1)
_Found = TypeVar("_Found")
_Key = TypeVar("_Key")

# Longer than any row of holidays; short enough that a search through it takes no time.
_SEARCHED_DAYS = 3 * 366
_REMEMBERED_DAYS = 4096
_REMEMBERED_MONTHS = 240


class NeverOpensError(DeskbellError):
    """A calendar is closed for three years on end, so that no clock can start in it."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekly windows of local wall time in an IANA `zone`, closed on `holidays` (None: open).

    "A holiday closes its whole local date, 00:00-24:00, the tail of a window from the day before
    included." No more than that: of a night that begins on a holiday, the part past its midnight
    is covered. `extra_closed` are further dates, each with the name it is closed for; `extra_open`
    are dates that are no holiday here, whatever the holiday calendar says; `extra_windows` are the
    windows of dates that have their own, such as a working Saturday: they replace the weekday's,
    and no holiday closes such a date.

    Instants are aware and given back in UTC; a naive one is a ValueError.
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
        # Much is remembered by calendar, and windows and dates are long to go through each time.
        return hash((self.name, self.zone))

    def local(self, instant: datetime) -> datetime:
        """The instant as the calendar's wall shows it."""
        return aware(instant).astimezone(self.zone_info)

    def closed_for(self, day: date) -> str | None:
        """The name of the holiday that closes the local date; None where none does."""
        if day in self.extra_open or self.has_own_windows(day):
            return None
        for closed, name in self.extra_closed:
            if closed == day:
                return name
        return self.holiday_on(day)

    def holiday_on(self, day: date) -> str | None:
        """The name of the public holiday on the local date, even where it closes nothing here."""
        return self.holidays.name_on(day) if self.holidays else None

    def has_own_windows(self, day: date) -> bool:
        """Whether the local date has windows other than its weekday's."""
        return any(day == other for other, _ in self.extra_windows)

    def windows_on(self, day: date) -> tuple[Interval, ...]:
        """The windows that start on the local date, disjoint and in order.

        One that runs over midnight ends on the date after, or at that midnight if it is a holiday.
        """
        found = self._windows_by_date.get(day)
        if found is None:
            found = self._find_windows(day)
            _remember(self._windows_by_date, day, found, _REMEMBERED_DAYS)
        return found

    def is_business_day(self, day: date) -> bool:
        """Whether a window starts on the local date."""
        return bool(self.windows_on(day))

    def business_days_after(self, day: date) -> Iterator[date]:
        """The business days later than the local date, in order, without end.

        Raises NeverOpensError after three years without one.
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
        """Whether the instant is covered; a window's last instant is not."""
        instant = aware(instant)
        coverage = self.covered_in(month_of(instant))
        position = coverage.first_after(instant)
        return position < len(coverage.starts) and coverage.starts[position] <= instant

    def next_opening(self, instant: datetime) -> datetime:
        """The instant itself where it is covered, else the first covered one after it.

        Raises NeverOpensError after three years without one.
        """
        instant = aware(instant)
        coverage = self.covered_in(month_of(instant))
        position = coverage.first_after(instant)
        if position < len(coverage.starts):
            return max(instant, coverage.starts[position])
        return next(self.coverage_from(instant)).start

    def last_close(self, instant: datetime) -> datetime | None:
        """When coverage last ended at or before an instant that is not covered.

        None where that was before the month of UTC that precedes the instant's.
        """
        month = month_of(instant)
        coverage = self.covered_in(month)
        position = coverage.first_after(instant)
        if position:
            return coverage.ends[position - 1]
        before = self.covered_in(month - 1).ends
        return before[-1] if before else None

    def coverage_from(self, instant: datetime) -> Iterator[Interval]:
        """What is covered at and after the instant, in order, without end.

        Two that touch are one stretch, cut where a month of UTC ends. Raises NeverOpensError after
        three years without any.
        """
        instant = aware(instant)
        for coverage in self.months_from(instant):
            for position in range(coverage.first_after(instant), len(coverage.starts)):
                start, end = coverage.starts[position], coverage.ends[position]
                yield Interval(max(start, instant), end)

    def months_from(self, instant: datetime) -> Iterator[Coverage]:
        """What is covered in the month of UTC that the instant is in, and in each one after it.

        Raises NeverOpensError after three years without any.
        """
        last, month = instant, month_of(instant)
        while (month_begins(month) - last).days <= _SEARCHED_DAYS:
            coverage = self.covered_in(month)
            yield coverage
            last = max((last, *coverage.ends[-1:]))
            month += 1
        raise self._never_opens(self.local(last).date())

    def covered_in(self, month: int) -> Coverage:
        """What is covered in a month of UTC, numbered as `month_of` does."""
        found = self._coverage_by_month.get(month)
        if found is None:
            found = self._find_coverage(month)
            _remember(self._coverage_by_month, month, found, _REMEMBERED_MONTHS)
        return found

    def _find_coverage(self, month: int) -> Coverage:
        begins, ends = month_begins(month), month_begins(month + 1)
        # A window lasts up to a day and a clock change can push it further, hence two days back.
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
        return NeverOpensError(
            f"The calendar {self.name!r} does not open in the three years after {day}: "
            "give it a window, or fewer closed dates, in the catalogue."
        )


def _remember(cache: dict[_Key, _Found], key: _Key, found: _Found, most: int) -> None:
    if len(cache) >= most:
        cache.clear()
    cache[key] = found
