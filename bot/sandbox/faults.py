"""What can go wrong between the app and Slack, on order."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from bot.sandbox.orders import Condition, Orders
from bot.time_source import TimeSource


@dataclass(frozen=True)
class Error:
    """Slack answers with an error of this name, before the method acts or after it has.

    Slack: with `fatal_error` and `internal_error` "it's possible some aspect of the operation
    succeeded before the error was raised".
    """

    name: str
    acted: bool = False


@dataclass(frozen=True)
class RateLimited:
    """429 with `Retry-After` in seconds; nothing is done."""

    retry_after: int = 1
    acted: ClassVar[bool] = False


@dataclass(frozen=True)
class ServerError:
    """A 5xx without JSON, before the method acts or after it has."""

    status: int = 503
    acted: bool = False


@dataclass(frozen=True)
class Reset:
    """The connection breaks, before the method acts or after it has."""

    acted: bool


@dataclass(frozen=True)
class Hang:
    """The call is taken and never answered, until `release` or the end of the sandbox."""

    acted: bool


@dataclass(frozen=True)
class Slow:
    """The answer comes this many real seconds late, after the method has acted."""

    seconds: float
    acted: ClassVar[bool] = True


@dataclass(frozen=True)
class BadJson:
    """The method acts, and its answer is cut off in the middle."""

    acted: ClassVar[bool] = True


Trouble = Error | RateLimited | ServerError | Reset | Hang | Slow | BadJson


class Fault:
    """The faults by name, to be read where they are ordered: `Fault.ERROR("fatal_error")`."""

    ERROR = Error
    RATE_LIMITED = RateLimited
    SERVER_ERROR = ServerError
    SLOW = Slow
    RESET_BEFORE = Reset(acted=False)
    RESET_AFTER = Reset(acted=True)
    HANG_BEFORE = Hang(acted=False)
    HANG_AFTER = Hang(acted=True)
    BAD_JSON = BadJson()


class Faults(Orders[Trouble]):
    """The faults on order; each strikes its calls in turn, the oldest order first."""

    def __init__(self, clock: TimeSource) -> None:
        super().__init__()
        self._clock = clock
        self._release = asyncio.Event()

    def add(
        self,
        method: str,
        fault: Trouble,
        *,
        times: int | None = 1,
        after: int = 0,
        when: Condition | None = None,
        during: tuple[datetime, datetime] | None = None,
    ) -> None:
        """Strike `times` calls of `method` ("*" for any), letting the first `after` of them pass.

        `when` picks among the calls by their arguments, `during` by the story's clock (from the
        first instant to before the second); the others are not counted. With `times=None` it
        strikes every one. "response_url" and "upload" stand for the addresses that are no methods.
        """
        condition = when if during is None else self._within(during, when)
        self.place(method, fault, times=times, after=after, when=condition)

    def release(self) -> None:
        """Break the connections of all calls that hang."""
        self._release.set()
        self._release = asyncio.Event()

    async def hang(self) -> None:
        """Wait until somebody releases."""
        await self._release.wait()

    def _within(self, during: tuple[datetime, datetime], when: Condition | None) -> Condition:
        begin, end = during

        def holds(arguments: Mapping[str, Any]) -> bool:
            return begin <= self._clock.now() < end and (when is None or when(arguments))

        return holds
