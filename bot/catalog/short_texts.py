"""Parse money, holidays and time zones in a catalogue file. A ValueError explains the fault."""

import re
from zoneinfo import ZoneInfo, available_timezones

from bot.catalog.choices import instead_of
from bot.domain.agreements.money import Money
from bot.domain.sla.calendars.holiday_calendar import HolidayCalendar, holiday_calendar
from bot.domain.sla.text_faults import TextFault
from bot.views.refusals import sentence_of

_MONEY = re.compile(r"(?P<currency>[A-Z]{3}) (?P<units>[0-9]{1,12})\.(?P<cents>[0-9]{2})")


def parse_money(text: str) -> Money:
    """Parse "USD 299.00": an ISO 4217 code and an amount with two decimals."""
    match = _MONEY.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is no price; write a currency and two decimals: 'USD 25.00'")
    return Money(int(match["units"]) * 100 + int(match["cents"]), match["currency"])


def parse_holidays(text: str) -> HolidayCalendar | None:
    """Parse "PK", "GB-SCT" or "XECB".

    "none" gives None: public holidays are covered like other days.
    """
    if text == "none":
        return None
    try:
        return holiday_calendar(text)
    except TextFault as fault:
        raise ValueError(
            f"{sentence_of(fault)}; write a country ('PK', 'GB-SCT'), a market ('XECB') or 'none'"
        ) from None


def parse_zone(text: str) -> str:
    """Return the name of an IANA zone, such as "Asia/Karachi"."""
    try:
        return ZoneInfo(text).key
    except (KeyError, ValueError, OSError):
        likely = instead_of(text, sorted(available_timezones()))
        raise ValueError(f"there is no time zone {text!r}; {likely}") from None
