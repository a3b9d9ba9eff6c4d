"""Parse the targets of an agreement: "4h", "30m", "4h covered", "2 business days"."""

import re
from datetime import timedelta

from bot.domain.sla.targets.target import (
    BusinessDays,
    ClockTime,
    CoveredTime,
    NextBusinessDay,
    Target,
)
from bot.domain.sla.text_faults import DaysOutOfRange, LengthOutOfRange, NotATarget

_LENGTH = re.compile(
    r"(?:(?P<hours>[0-9]{1,4})h)? ?(?:(?P<minutes>[0-9]{1,6})m)?(?P<covered> covered)?"
)
_DAYS = re.compile(r"(?P<days>[0-9]{1,3}) business days?")
_LONGEST_LENGTH = timedelta(days=366)
_MOST_DAYS = 366


def parse_target(text: str) -> Target:
    """Return the target that the text names.

    Raises TextFault for any other text. Text is never taken as a promise
    without a clock: a typing error like "4hh" would become such a promise.
    """
    text = " ".join(text.split())
    if text == "next business day":
        return NextBusinessDay()
    if days := _DAYS.fullmatch(text):
        return _business_days(int(days["days"]))
    length = _LENGTH.fullmatch(text)
    if length and (length["hours"] or length["minutes"]):
        return _length(length)
    raise NotATarget(text)


def _business_days(days: int) -> Target:
    if not 1 <= days <= _MOST_DAYS:
        raise DaysOutOfRange(days, _MOST_DAYS)
    return BusinessDays(days)


def _length(match: re.Match[str]) -> Target:
    length = timedelta(hours=int(match["hours"] or 0), minutes=int(match["minutes"] or 0))
    if not timedelta() < length <= _LONGEST_LENGTH:
        raise LengthOutOfRange(match[0])
    return CoveredTime(length) if match["covered"] else ClockTime(length)
