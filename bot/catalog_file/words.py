"""The short texts of a catalogue file: money, holidays, zones. ValueError says why not."""

import re
from zoneinfo import ZoneInfo, available_timezones

from bot.catalog_file.choices import instead_of
from bot.domain.holiday_calendar import HolidayCalendar, holiday_calendar
from bot.domain.money import Money

_MONEY = re.compile(r"(?P<currency>[A-Z]{3}) (?P<units>[0-9]{1,12})\.(?P<cents>[0-9]{2})")


def parse_money(text: str) -> Money:
    """ "USD 299.00": an ISO 4217 code and an amount with two decimals."""
    found = _MONEY.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is no price; write a currency and two decimals: 'USD 25.00'")
    return Money(int(found["units"]) * 100 + int(found["cents"]), found["currency"])


def parse_holidays(text: str) -> HolidayCalendar | None:
    """ "PK", "GB-SCT", "XECB"; "none" where public holidays are covered like any other day."""
    if text == "none":
        return None
    try:
        return holiday_calendar(text)
    except ValueError as error:
        raise ValueError(
            f"{error}; write a country ('PK', 'GB-SCT'), a market ('XECB') or 'none'"
        ) from None


def parse_zone(text: str) -> str:
    """An IANA zone: "Asia/Karachi"."""
    try:
        return ZoneInfo(text).key
    except (KeyError, ValueError, OSError):
        likely = instead_of(text, sorted(available_timezones()))
        raise ValueError(f"there is no time zone {text!r}; {likely}") from None
