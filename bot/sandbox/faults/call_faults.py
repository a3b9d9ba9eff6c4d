"""Faults of calls: errors, rate limits and broken connections between the app and Slack."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from bot.sandbox.clock import Clock
from bot.sandbox.faults.orders import Condition, Orders


@dataclass(frozen=True)
class Error:
    """Slack answers with the error `name`, before the method acts or after it has acted.

    Slack on `fatal_error` and `internal_error`: "it's possible some aspect of the operation
    succeeded before the error was raised".
    """

    name: str
    acted: bool = False


@dataclass(frozen=True)
class RateLimited:
    """Slack answers 429 with `Retry-After` in seconds. The method does not act."""

    retry_after: int = 1
    acted: ClassVar[bool] = False


@dataclass(frozen=True)
class ServerError:
    """Slack answers with a 5xx status and no JSON, before the method acts or after it."""

    status: int = 503
    acted: bool = False


@dataclass(frozen=True)
class Reset:
    """The connection breaks, before the method acts or after it has acted."""

    acted: bool


@dataclass(frozen=True)
class Hang:
    """Slack accepts the call and does not answer until `release` or the stop of the sandbox."""

    acted: bool


@dataclass(frozen=True)
class Slow:
    """Slack answers this many real seconds late, after the method has acted."""

    seconds: float
    acted: ClassVar[bool] = True


@dataclass(frozen=True)
class BadJson:
    """The method acts, and its answer is truncated."""

    acted: ClassVar[bool] = True


CallFault = Error | RateLimited | ServerError | Reset | Hang | Slow | BadJson


class Fault:
    """The names that tests use to order a fault, for example `Fault.ERROR("fatal_error")`."""

    ERROR = Error
    RATE_LIMITED = RateLimited
    SERVER_ERROR = ServerError
    SLOW = Slow
    RESET_BEFORE = Reset(acted=False)
    RESET_AFTER = Reset(acted=True)
    HANG_BEFORE = Hang(acted=False)
    HANG_AFTER = Hang(acted=True)
    BAD_JSON = BadJson()


class Faults(Orders[CallFault]):
    """The faults that tests have ordered for calls."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._release = asyncio.Event()

    def add(
        self,
        method: str,
        fault: CallFault,
        *,
        times: int | None = 1,
        after: int = 0,
        when: Condition | None = None,
        during: tuple[datetime, datetime] | None = None,
    ) -> None:
        """Order `fault` for `times` calls of `method`, after `after` calls without it.

        A `method` of "*" means any method. "response_url" and "upload" mean the addresses that
        are not methods. With `times=None` the fault affects every call.

        `when` selects calls by their arguments. `during` selects calls by the clock of the
        sandbox, from the first instant up to and excluding the second. Calls that are not
        selected do not count.
        """
        condition = when if during is None else self._within(during, when)
        self.place(method, fault, times=times, after=after, when=condition)

    def release(self) -> None:
        """Break the connections of all calls that hang."""
        self._release.set()
        self._release = asyncio.Event()

    async def hang(self) -> None:
        """Wait until `release` is called."""
        await self._release.wait()

    def _within(self, during: tuple[datetime, datetime], when: Condition | None) -> Condition:
        begin, end = during

        def holds(arguments: Mapping[str, Any]) -> bool:
            return begin <= self._clock.now() < end and (when is None or when(arguments))

        return holds
