"""What every address of Slack's has in common: it answers, or badly where that was ordered."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from aiohttp import web

from bot.sandbox.faults import Faults, Hang, Reset, Slow, Trouble
from bot.sandbox.outcomes import Outcome, bad_response, name_of


class Record(Protocol):
    """Takes down what was answered in the end, and whether the deed was done."""

    def __call__(self, error: str | None, *, acted: bool) -> None: ...


def no_record(error: str | None, *, acted: bool) -> None:
    """For addresses that are no methods."""


async def answer_at(
    request: web.Request,
    faults: Faults,
    subject: str,
    values: Mapping[str, Any],
    act: Callable[[], Outcome],
    *,
    headers: Mapping[str, str] | None = None,
    record: Record = no_record,
) -> web.StreamResponse:
    """Act and answer, unless a fault of the `subject` strikes.

    The subject is a method, or "response_url" or "upload" for the addresses that are none.
    """
    trouble = faults.strike(subject, values)
    outcome = act() if trouble is None or trouble.acted else None
    record(_told(trouble, outcome), acted=outcome is not None)
    if trouble is not None:
        await _suffer(request, faults, trouble)
    given = dict(headers or {})
    if outcome is not None and (trouble is None or isinstance(trouble, Slow)):
        return outcome.response(given)
    return bad_response(trouble, given)


def _told(trouble: Trouble | None, outcome: Outcome | None) -> str | None:
    if outcome is not None and (trouble is None or isinstance(trouble, Slow)):
        return outcome.error
    return name_of(trouble)


async def _suffer(request: web.Request, faults: Faults, trouble: Trouble) -> None:
    match trouble:
        case Slow(seconds):
            await asyncio.sleep(seconds)
        case Hang():
            await faults.hang()
            _abort(request)
        case Reset():
            _abort(request)


def _abort(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
