"""Public holidays, as the `holidays` package knows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import holidays

_ENGLISH = "en_US"


@dataclass(frozen=True, slots=True)
class HolidayCalendar:
    """The public holidays of a country ("PK"), a part of one ("GB", subdivision "SCT"), or a
    financial market ("XECB", the European Central Bank).

    A year is read when first asked for and then kept. Lunar dates in years to come are the
    package's estimates; a calendar can correct them date by date.
    """

    code: str
    subdivision: str | None = None
    financial: bool = False

    def __str__(self) -> str:
        return f"{self.code}-{self.subdivision}" if self.subdivision else self.code

    def name_on(self, day: date) -> str | None:
        """What the local date is called as a holiday; None on any other date."""
        return _names(self, day.year).get(day)


def holiday_calendar(code: str) -> HolidayCalendar:
    """The calendar that a catalogue calls "PK", "GB-SCT" or "XECB"; ValueError for an unknown."""
    country, _, subdivision = code.partition("-")
    subdivisions = holidays.list_supported_countries(include_aliases=False).get(country)
    if subdivisions is None and code in holidays.list_supported_financial():
        return HolidayCalendar(code, financial=True)
    if subdivisions is None:
        raise ValueError(f"there are no holidays known as {code!r}")
    if subdivision and subdivision not in subdivisions:
        raise ValueError(f"{country} has no part {subdivision!r}")
    return HolidayCalendar(country, subdivision or None)


@lru_cache(maxsize=512)
def _names(calendar: HolidayCalendar, year: int) -> Mapping[date, str]:
    code, language = calendar.code, _language(calendar.code)
    known = (
        holidays.financial_holidays(code, years=year, language=language)
        if calendar.financial
        else holidays.country_holidays(code, calendar.subdivision, years=year, language=language)
    )
    return MappingProxyType({day: known[day] for day in known})


def _language(code: str) -> str | None:
    """English where the package has it, else the calendar's own language: without one it would
    take the machine's, and the same deadline would be explained otherwise on another machine."""
    known = getattr(holidays, code)
    return _ENGLISH if _ENGLISH in known.supported_languages else known.default_language
