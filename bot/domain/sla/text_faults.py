"""Faults of texts that state windows, holidays or targets, with their facts."""

from dataclasses import dataclass

from bot.errors import DeskbellError


@dataclass(eq=False)
class TextFault(DeskbellError, ValueError):
    """A text cannot be parsed. Each fault is a subclass with its facts.

    The sentence is `bot.views.refusals.sentence_of(fault)`.
    """

    def __str__(self) -> str:
        return repr(self)


@dataclass(eq=False)
class NotAWindow(TextFault):
    """The text is not a weekly window."""

    text: str


@dataclass(eq=False)
class NotHours(TextFault):
    """The text is not the window of a date."""

    text: str


@dataclass(eq=False)
class NotAWeekday(TextFault):
    """The text is not the name of a weekday. `known` are the short names."""

    text: str
    known: tuple[str, ...]


@dataclass(eq=False)
class NotATimeOfDay(TextFault):
    """The text is not a time from 00:00 to 24:00."""

    text: str


@dataclass(eq=False)
class WindowEndsFirst(TextFault):
    """The window ends before it starts and is not marked as overnight."""

    text: str


@dataclass(eq=False)
class WindowStartsTooLate(TextFault):
    """The window starts at 24:00."""

    text: str


@dataclass(eq=False)
class NotOvernight(TextFault):
    """The window is marked as overnight and ends before midnight, or after over 24 hours."""

    text: str


@dataclass(eq=False)
class WeekdayTwice(TextFault):
    """The window names a weekday twice."""

    text: str


@dataclass(eq=False)
class HolidaysUnknown(TextFault):
    """No country and no market has the code."""

    code: str


@dataclass(eq=False)
class SubdivisionUnknown(TextFault):
    """The country has no such subdivision."""

    country: str
    subdivision: str


@dataclass(eq=False)
class NotATarget(TextFault):
    """The text is not a target."""

    text: str


@dataclass(eq=False)
class DaysOutOfRange(TextFault):
    """The target is not 1 to `most` business days."""

    days: int
    most: int


@dataclass(eq=False)
class LengthOutOfRange(TextFault):
    """The target is zero or longer than a year."""

    text: str
