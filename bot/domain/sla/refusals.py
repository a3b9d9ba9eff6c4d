"""Refusals about times that people type."""

from dataclasses import dataclass

from bot.errors import Refusal


class NoSuchTime(Refusal):
    """The words are no time, or a time that is not allowed."""


@dataclass(eq=False)
class NotATime(NoSuchTime):
    """The words are neither a span of time nor a date."""

    words: str


@dataclass(eq=False)
class NotAWallTime(NoSuchTime):
    """The words are not a date with a time of day."""

    words: str


@dataclass(eq=False)
class TimeInTheFuture(NoSuchTime):
    """The time, in the IANA zone, is in the future."""

    words: str
    zone: str


class TimeOutOfRange(NoSuchTime):
    """The time has passed, or is over a year away."""
