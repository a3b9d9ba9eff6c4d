"""How an agreement writes its targets: "4h", "30m", "4h covered", "2 business days"."""

import re
from datetime import timedelta

from bot.domain.target import BusinessDays, ClockTime, CoveredTime, NextBusinessDay, Target

FORMS = '"4h", "30m", "1h30m", "4h covered", "2 business days" or "next business day"'

_LENGTH = re.compile(
    r"(?:(?P<hours>[0-9]{1,4})h)? ?(?:(?P<minutes>[0-9]{1,6})m)?(?P<covered> covered)?"
)
_DAYS = re.compile(r"(?P<days>[0-9]{1,3}) business days?")
_LONGEST_LENGTH = timedelta(days=366)
_MOST_DAYS = 366


def parse_target(text: str) -> Target:
    """The target that the text names; ValueError, with the forms there are, for any other.

    A promise in words without a clock is never guessed from text: "4hh" would become one.
    """
    text = " ".join(text.split())
    if text == "next business day":
        return NextBusinessDay()
    if days := _DAYS.fullmatch(text):
        return _business_days(int(days["days"]))
    length = _LENGTH.fullmatch(text)
    if length and (length["hours"] or length["minutes"]):
        return _length(length)
    raise ValueError(f"{text!r} is no target; write {FORMS}")


def _business_days(days: int) -> Target:
    if not 1 <= days <= _MOST_DAYS:
        raise ValueError(f"{days} business days are out of range; write 1 to {_MOST_DAYS}")
    return BusinessDays(days)


def _length(found: re.Match[str]) -> Target:
    length = timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
    if not timedelta() < length <= _LONGEST_LENGTH:
        raise ValueError(f"{found[0]!r} is out of range; write more than none and at most a year")
    return CoveredTime(length) if found["covered"] else ClockTime(length)
