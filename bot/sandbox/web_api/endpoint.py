"""The common behaviour of all addresses: act and respond, or apply an ordered fault."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from aiohttp import web

from bot.sandbox.faults.call_faults import CallFault, Faults, Hang, Reset, Slow
from bot.sandbox.web_api.outcomes import Outcome, bad_response, recorded_error


class Record(Protocol):
    """Records the error in the answer, and whether the method acted."""

    def __call__(self, error: str | None, *, acted: bool) -> None: ...


def no_record(error: str | None, *, acted: bool) -> None:
    """Record nothing: for addresses that are not methods."""


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
    """Act and respond, or apply a fault that a test has ordered for `subject`.

    The subject is the name of a method, or "response_url" or "upload". `headers` are added to
    every response, such as `x-oauth-scopes`.
    """
    fault = faults.strike(subject, values)
    outcome = act() if fault is None or fault.acted else None
    record(_error_of(fault, outcome), acted=outcome is not None)
    if fault is not None:
        await _apply(request, faults, fault)
    extra_headers = dict(headers or {})
    if outcome is not None and (fault is None or isinstance(fault, Slow)):
        return outcome.response(extra_headers)
    return bad_response(fault, extra_headers)


def _error_of(fault: CallFault | None, outcome: Outcome | None) -> str | None:
    if outcome is not None and (fault is None or isinstance(fault, Slow)):
        return outcome.error
    return recorded_error(fault)


async def _apply(request: web.Request, faults: Faults, fault: CallFault) -> None:
    match fault:
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
