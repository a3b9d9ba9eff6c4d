"""The moments of a clock at which a ladder's steps come."""

import re
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.parse_target import parse_target
from bot.domain.target import ClockTime

_SHARE = re.compile(r"([0-9]{1,2})\s*%")
_LATE = re.compile(r"(.+?)\s+late")


@dataclass(frozen=True, slots=True)
class Moment:
    """A share of the clock in percent, or so long after it is due (`percent` None)."""

    percent: int | None
    late: timedelta = timedelta(0)


def parse_moment(value: object) -> Moment:
    """ "75%", "due" or "30m late". Raises ValueError with what would be right."""
    text = str(value).strip()
    if found := _SHARE.fullmatch(text):
        percent = int(found[1])
        if percent:
            return Moment(percent)
    elif text == "due":
        return Moment(None)
    elif found := _LATE.fullmatch(text):
        return Moment(None, parse_length(found[1]))
    raise ValueError(f"{text!r} is no moment of a clock; write '75%', 'due' or '30m late'")


def parse_length(value: object) -> timedelta:
    """ "30m", "2h", in whole minutes. Raises ValueError with what would be right."""
    try:
        target = parse_target(str(value))
    except ValueError:
        target = None
    if not isinstance(target, ClockTime) or target.length % timedelta(minutes=1):
        raise ValueError(f"{value!r} is no length of time; write '30m' or '2h'")
    return target.length
