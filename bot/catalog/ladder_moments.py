"""Parse the moments at which the steps of a ladder are reached."""

import re
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.sla.targets.parse_target import parse_target
from bot.domain.sla.targets.target import ClockTime

_SHARE = re.compile(r"([0-9]{1,2})\s*%")
_LATE = re.compile(r"(.+?)\s+late")


@dataclass(frozen=True, slots=True)
class Moment:
    """A share of the clock in `percent` or, if that is None, a delay `late` after the due time."""

    percent: int | None
    late: timedelta = timedelta(0)


def parse_moment(value: object) -> Moment:
    """Parse "75%", "due" or "30m late".

    Raises ValueError with the valid forms.
    """
    text = str(value).strip()
    if match := _SHARE.fullmatch(text):
        percent = int(match[1])
        if percent:
            return Moment(percent)
    elif text == "due":
        return Moment(None)
    elif match := _LATE.fullmatch(text):
        return Moment(None, parse_length(match[1]))
    raise ValueError(f"{text!r} is no moment of a clock; write '75%', 'due' or '30m late'")


def parse_length(value: object) -> timedelta:
    """Parse a length in whole minutes, "30m" or "2h".

    Raises ValueError with the valid forms.
    """
    try:
        target = parse_target(str(value))
    except ValueError:
        target = None
    if not isinstance(target, ClockTime) or target.length % timedelta(minutes=1):
        raise ValueError(f"{value!r} is no length of time; write '30m' or '2h'")
    return target.length
