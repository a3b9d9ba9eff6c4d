"""Public holidays from the `holidays` package."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import holidays

from bot.domain.sla.text_faults import HolidaysUnknown, SubdivisionUnknown

_ENGLISH = "en_US"


@dataclass(frozen=True, slots=True)
class HolidayCalendar:
    """The public holidays of a country, a part of a country, or a financial market.

    Examples are "PK", "GB" with the subdivision "SCT", and the market "XECB", the European Central
    Bank.

    Each year is loaded at its first use and then cached. Future lunar dates are estimates of the
    package; a calendar can correct them date by date.
    """

    code: str
    subdivision: str | None = None
    financial: bool = False

    def __str__(self) -> str:
        return f"{self.code}-{self.subdivision}" if self.subdivision else self.code

    def name_on(self, day: date) -> str | None:
        """Return the name of the holiday on the local date, None if it is not a holiday."""
        return _names(self, day.year).get(day)


def holiday_calendar(code: str) -> HolidayCalendar:
    """Return the holidays that a catalogue names "PK", "GB-SCT" or "XECB".

    Raises TextFault for an unknown country, subdivision or market.
    """
    country, _, subdivision = code.partition("-")
    subdivisions = holidays.list_supported_countries(include_aliases=False).get(country)
    if subdivisions is None and code in holidays.list_supported_financial():
        return HolidayCalendar(code, financial=True)
    if subdivisions is None:
        raise HolidaysUnknown(code)
    if subdivision and subdivision not in subdivisions:
        raise SubdivisionUnknown(country, subdivision)
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
    """Return English if the package has it for this calendar, else the calendar's default language.

    Without an explicit language the package uses the locale of the machine, and explanations would
    differ between machines.
    """
    known = getattr(holidays, code)
    return _ENGLISH if _ENGLISH in known.supported_languages else known.default_language
