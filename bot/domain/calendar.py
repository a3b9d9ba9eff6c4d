"""When a desk is open: weekly windows in a zone, less holidays."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from bot.clock import aware
from bot.domain.holiday_calendar import HolidayCalendar
from bot.domain.interval import Interval, cut, merged
from bot.domain.wall_time import instant_at_minute
from bot.domain.window import Window
from bot.errors import DeskbellError

ONE_DAY = timedelta(days=1)
_Found = TypeVar("_Found")

# Longer than any row of holidays; short enough that a search through it takes no time.
_SEARCHED_DAYS = 3 * 366
_REMEMBERED_DAYS = 4096


class NeverOpensError(DeskbellError):
    """A calendar is closed for three years on end, so that no clock can start in it."""


class _LocalDay(NamedTuple):
    """What is open between two local midnights: disjoint, in order, in UTC."""

    begins: datetime
    ends: datetime
    covered: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekly windows of local wall time in an IANA `zone`, closed on `holidays` (None: open).

    "A holiday closes its whole local date, 00:00-24:00, the tail of a window from the day before
    included." `extra_closed` are further dates, each with the name it is closed for; `extra_open`
    are dates that are no holiday here, whatever the holiday calendar says.

    Instants are aware and given back in UTC; a naive one is a ValueError.
    """

    name: str
    zone: str
    windows: tuple[Window, ...]
    holidays: HolidayCalendar | None = None
    extra_closed: tuple[tuple[date, str], ...] = ()
    extra_open: frozenset[date] = frozenset()
    _windows_by_date: dict[date, tuple[Interval, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _days_by_date: dict[date, _LocalDay] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def local(self, instant: datetime) -> datetime:
        """The instant as the calendar's wall shows it."""
        return aware(instant).astimezone(ZoneInfo(self.zone))

    def closed_for(self, day: date) -> str | None:
        """The name of the holiday that closes the local date; None where none does."""
        if day in self.extra_open:
            return None
        for closed, name in self.extra_closed:
            if closed == day:
                return name
        return self.holidays.name_on(day) if self.holidays else None

    def windows_on(self, day: date) -> tuple[Interval, ...]:
        """The windows that start on the local date, disjoint and in order.

        One that runs over midnight ends on the date after, or at that midnight if it is a holiday.
        """
        found = self._windows_by_date.get(day)
        if found is None:
            found = _remember(self._windows_by_date, day, self._find_windows(day))
        return found

    def is_business_day(self, day: date) -> bool:
        """Whether a window starts on the local date."""
        return bool(self.windows_on(day))

    def business_days_after(self, day: date) -> Iterator[date]:
        """The business days later than the local date, in order, without end.

        Raises NeverOpensError after three years without one.
        """
        last = day
        while (day - last).days <= _SEARCHED_DAYS:
            day += ONE_DAY
            if self.is_business_day(day):
                yield day
                last = day
        raise self._never_opens(last)

    def is_open(self, instant: datetime) -> bool:
        """Whether the instant is covered; a window's last instant is not."""
        instant = aware(instant)
        return any(start <= instant < end for start, end in self._day_of(instant).covered)

    def next_opening(self, instant: datetime) -> datetime:
        """The instant itself where it is covered, else the first covered one after it.

        Raises NeverOpensError after three years without one.
        """
        return next(self.coverage_from(instant)).start

    def coverage_from(self, instant: datetime) -> Iterator[Interval]:
        """What is covered at and after the instant, in order, without end, a local day at a time.

        Raises NeverOpensError after three years without any.
        """
        instant = last = aware(instant)
        local_day = self._day_of(instant)
        while (local_day.begins - last).days <= _SEARCHED_DAYS:
            for start, end in local_day.covered:
                if end > instant:
                    yield Interval(max(start, instant), end)
                    last = end
            local_day = self._day_of(local_day.ends)
        raise self._never_opens(self.local(last).date())

    def _day_of(self, instant: datetime) -> _LocalDay:
        day = instant.astimezone(ZoneInfo(self.zone)).date()
        local_day = self._local_day(day)
        # Where clocks go back over midnight a date is shown twice: the first midnight counts.
        while instant >= local_day.ends:
            day += ONE_DAY
            local_day = self._local_day(day)
        while instant < local_day.begins:
            day -= ONE_DAY
            local_day = self._local_day(day)
        return local_day

    def _local_day(self, day: date) -> _LocalDay:
        found = self._days_by_date.get(day)
        if found is None:
            found = _remember(self._days_by_date, day, self._find_local_day(day))
        return found

    def _find_local_day(self, day: date) -> _LocalDay:
        begins, ends = self._midnight(day), self._midnight(day + ONE_DAY)
        # A window lasts up to a day and a clock change can push it further, hence two days back.
        near = (day + timedelta(days=days) for days in (-2, -1, 0))
        covered = (cut(window, begins, ends) for date in near for window in self.windows_on(date))
        return _LocalDay(begins, ends, merged(covered))

    def _find_windows(self, day: date) -> tuple[Interval, ...]:
        if self.closed_for(day):
            return ()
        closes = [
            self._midnight(later)
            for later in (day + ONE_DAY, day + 2 * ONE_DAY)
            if self.closed_for(later)
        ]
        zone = ZoneInfo(self.zone)
        return merged(
            Interval(
                instant_at_minute(day, window.start, zone),
                min([instant_at_minute(day, window.end, zone), *closes]),
            )
            for window in self.windows
            if window.weekday == day.weekday()
        )

    def _midnight(self, day: date) -> datetime:
        return instant_at_minute(day, 0, ZoneInfo(self.zone))

    def _never_opens(self, day: date) -> NeverOpensError:
        return NeverOpensError(
            f"The calendar {self.name!r} does not open in the three years after {day}: "
            "give it a window, or fewer closed dates, in the catalogue."
        )


def _remember(cache: dict[date, _Found], day: date, found: _Found) -> _Found:
    if len(cache) >= _REMEMBERED_DAYS:
        cache.clear()
    cache[day] = found
    return found
