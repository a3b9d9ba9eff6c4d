"""The HTTP responses of the Web API, including the responses of ordered faults."""

from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.faults.call_faults import (
    BadJson,
    CallFault,
    Error,
    Hang,
    RateLimited,
    Reset,
    ServerError,
)
from bot.sandbox.json_types import Json


@dataclass(frozen=True)
class Outcome:
    """The result of a call: JSON, or `text` at an address that is not a method."""

    body: Json
    status: int = 200
    retry_after: int | None = None
    text: str | None = None

    @property
    def error(self) -> str | None:
        return self.body.get("error")

    def response(self, headers: dict[str, str]) -> web.Response:
        wait = {"Retry-After": str(self.retry_after)} if self.retry_after else {}
        if self.text is not None:
            return web.Response(text=self.text, status=self.status, headers=headers | wait)
        return web.json_response(self.body, status=self.status, headers=headers | wait)


def rate_limited(seconds: int) -> Outcome:
    """Slack: "HTTP 429 Too Many Requests", with `Retry-After` in whole seconds."""
    return Outcome({"ok": False, "error": "ratelimited"}, 429, seconds)


def bad_response(fault: CallFault | None, headers: dict[str, str]) -> web.Response:
    """Return the response that the app receives for a call with this fault."""
    match fault:
        case Error(name):
            return Outcome({"ok": False, "error": name}).response(headers)
        case RateLimited(seconds):
            return rate_limited(seconds).response(headers)
        case ServerError(status):
            return web.Response(status=status, text="upstream connect error")
        case BadJson():
            return web.Response(text='{"ok":true,"channel":"C', content_type="application/json")
    return Outcome({"ok": False, "error": "internal_error"}).response(headers)


def recorded_error(fault: CallFault | None) -> str:
    """Return the error that the record of calls keeps for a call with this fault."""
    match fault:
        case Error(name):
            return name
        case RateLimited():
            return "ratelimited"
        case ServerError(status):
            return f"http_{status}"
        case Reset():
            return "reset"
        case Hang():
            return "hang"
    return "bad_json"
