"""What can go wrong between the app and Slack, on order."""

import asyncio
from dataclasses import dataclass

from bot.sandbox.orders import Condition, Orders


@dataclass(frozen=True)
class Error:
    """Slack answers with an error of this name and does nothing."""

    name: str


@dataclass(frozen=True)
class RateLimited:
    """429 with `Retry-After` in seconds; nothing is done."""

    retry_after: int = 1


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


@dataclass(frozen=True)
class BadJson:
    """The method acts, and its answer is cut off in the middle."""


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

    def __init__(self) -> None:
        super().__init__()
        self._release = asyncio.Event()

    def add(
        self,
        method: str,
        fault: Trouble,
        *,
        times: int = 1,
        after: int = 0,
        when: Condition | None = None,
    ) -> None:
        """Strike `times` calls of `method` ("*" for any), letting the first `after` of them pass.

        `when` picks among the calls by their arguments; the others are not counted.
        """
        self.place(method, fault, times=times, after=after, when=when)

    def release(self) -> None:
        """Break the connections of all calls that hang."""
        self._release.set()
        self._release = asyncio.Event()

    async def hang(self) -> None:
        """Wait until somebody releases."""
        await self._release.wait()
