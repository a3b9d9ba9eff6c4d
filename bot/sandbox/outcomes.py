"""How an answer leaves the Web API, the bad ones on order included."""

from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.faults import BadJson, Error, Hang, RateLimited, Reset, ServerError, Trouble
from bot.sandbox.records import Json


@dataclass(frozen=True)
class Outcome:
    """What a call came to: JSON, or a `text` where the address is no method.

    `headers` are those of every answer, such as `x-oauth-scopes`.
    """

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


def bad_response(trouble: Trouble | None, headers: dict[str, str]) -> web.Response:
    """What the app gets to see of a call that met with trouble."""
    match trouble:
        case Error(name):
            return Outcome({"ok": False, "error": name}).response(headers)
        case RateLimited(seconds):
            return rate_limited(seconds).response(headers)
        case ServerError(status):
            return web.Response(status=status, text="upstream connect error")
        case BadJson():
            return web.Response(text='{"ok":true,"channel":"C', content_type="application/json")
    return Outcome({"ok": False, "error": "internal_error"}).response(headers)


def name_of(trouble: Trouble | None) -> str:
    """What the record of calls says in the place of the error that nobody was told."""
    match trouble:
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
