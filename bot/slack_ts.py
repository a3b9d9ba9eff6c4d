"""The timestamps by which Slack names messages (`ts`), with the instants that they name."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.json_types import Json
from bot.time_source import aware

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = 1_000_000  # in microseconds


class NotATs(ValueError):
    """The text is no Slack `ts`."""


@dataclass(frozen=True, slots=True, order=True)
class MessageTs:
    """A Slack `ts`: its instant, by which it is compared, and Slack's exact text."""

    microseconds: int  # since 1970, in UTC
    text: str = field(compare=False)

    @classmethod
    def parse(cls, text: str) -> "MessageTs":
        """Return the `ts` with Slack's text ("1773378000.000200"). Raises NotATs for other text."""
        seconds, _, fraction = text.partition(".")
        try:
            return cls(int(seconds) * _SECOND + int(fraction.ljust(6, "0")[:6]), text)
        except ValueError:
            raise NotATs(f"not a Slack timestamp: {text!r}") from None

    @classmethod
    def at(cls, instant: datetime) -> "MessageTs":
        """Return the `ts` of an aware instant, with the text that Slack would give it."""
        microseconds = (aware(instant) - _EPOCH) // timedelta(microseconds=1)
        return cls(microseconds, f"{microseconds // _SECOND}.{microseconds % _SECOND:06d}")

    @property
    def instant(self) -> datetime:
        """Return the exact instant, in UTC."""
        return _EPOCH + timedelta(microseconds=self.microseconds)

    def __str__(self) -> str:
        return self.text

    @classmethod
    def __get_pydantic_core_schema__(cls, _: object, handler: Callable[[object], Json]) -> Json:
        """Return pydantic's schema: a `ts` is stored as its text."""
        parse = {"type": "no-info", "function": cls.parse}
        as_text = {"type": "to-string", "when_used": "always"}
        return {
            "type": "function-after",
            "function": parse,
            "schema": handler(str),
            "serialization": as_text,
        }
