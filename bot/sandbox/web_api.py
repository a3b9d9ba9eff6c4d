"""The Web API over HTTP: tokens, arguments, the pace, the faults, the answers."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.answers import SlackError
from bot.sandbox.arguments import Arguments, read_arguments
from bot.sandbox.faults import (
    BadJson,
    Error,
    Faults,
    Hang,
    RateLimited,
    Reset,
    ServerError,
    Slow,
    Trouble,
)
from bot.sandbox.methods import METHODS
from bot.sandbox.pacing import Pace
from bot.sandbox.records import Call, Json
from bot.sandbox.slack import Slack

OPEN_CONNECTION = "apps.connections.open"


@dataclass(frozen=True)
class Tokens:
    """The bot's token and the app-level one that Socket Mode is opened with."""

    bot: str
    app: str


@dataclass(frozen=True)
class _Outcome:
    body: Json
    status: int = 200
    retry_after: int | None = None

    @property
    def error(self) -> str | None:
        return self.body.get("error")


class WebApi:
    """Answers `/api/{method}` and remembers every call."""

    def __init__(
        self,
        slack: Slack,
        tokens: Tokens,
        faults: Faults,
        pace: Pace | None,
        open_connection: Callable[[], Json],
    ) -> None:
        self.calls: list[Call] = []
        self.revoked = False
        self._slack = slack
        self._tokens = tokens
        self._faults = faults
        self._pace = pace
        self._open_connection = open_connection

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            arguments = await read_arguments(request)
        except SlackError as refused:
            return _response(_Outcome(refused.answer()))
        token = _token(request, arguments)
        trouble = self._faults.strike(method, arguments.values)
        if trouble is None:
            outcome = self._run(method, token, arguments)
            self._record(method, arguments, outcome.error)
            return _response(outcome)
        return await self._answer_badly(request, method, token, arguments, trouble)

    def _record(
        self, method: str, arguments: Arguments, error: str | None, *, acted: bool = True
    ) -> None:
        now = self._slack.clock.now()
        self.calls.append(Call(method, arguments.values, error is None, error, now, acted))

    def _run(self, method: str, token: str, arguments: Arguments) -> _Outcome:
        try:
            self._check_token(method, token)
            wait = self._wait_before(method, arguments)
            if wait:
                return _rate_limited(wait)
            return _Outcome({"ok": True} | self._act(method, arguments))
        except SlackError as refused:
            return _Outcome(refused.answer())

    def _act(self, method: str, arguments: Arguments) -> Json:
        if method == OPEN_CONNECTION:
            return self._open_connection()
        return METHODS[method](self._slack, arguments)

    def _check_token(self, method: str, token: str) -> None:
        """The token comes first, except for `api.test`, which needs none."""
        if method not in METHODS and method != OPEN_CONNECTION:
            raise SlackError("unknown_method", req_method=method)
        if method == "api.test":
            return
        if not token:
            raise SlackError("not_authed")
        if token not in (self._tokens.bot, self._tokens.app):
            raise SlackError("invalid_auth")
        if self.revoked:
            raise SlackError("token_revoked")
        wanted = self._tokens.app if method == OPEN_CONNECTION else self._tokens.bot
        if token != wanted:
            raise SlackError("not_allowed_token_type")

    def _wait_before(self, method: str, arguments: Arguments) -> int:
        if self._pace is None or method != "chat.postMessage":
            return 0
        return self._pace.wait_before(arguments.text("channel"))

    async def _answer_badly(
        self,
        request: web.Request,
        method: str,
        token: str,
        arguments: Arguments,
        trouble: Trouble,
    ) -> web.StreamResponse:
        acts = isinstance(trouble, Slow | BadJson) or getattr(trouble, "acted", False)
        outcome = self._run(method, token, arguments) if acts else None
        error = outcome.error if isinstance(trouble, Slow) and outcome else _name(trouble)
        self._record(method, arguments, error, acted=outcome is not None)
        match trouble:
            case Slow(seconds):
                await asyncio.sleep(seconds)
            case Hang():
                await self._faults.hang()
                _abort(request)
            case Reset():
                _abort(request)
        return _bad_response(trouble, outcome)


def _bad_response(trouble: Trouble, outcome: _Outcome | None) -> web.Response:
    match trouble:
        case Error(name):
            return _response(_Outcome({"ok": False, "error": name}))
        case RateLimited(seconds):
            return _response(_rate_limited(seconds))
        case ServerError(status):
            return web.Response(status=status, text="upstream connect error")
        case BadJson():
            return web.Response(text='{"ok":true,"channel":"C', content_type="application/json")
    return _response(outcome or _Outcome({"ok": False, "error": "internal_error"}))


def _name(trouble: Trouble) -> str:
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


def _rate_limited(seconds: int) -> _Outcome:
    return _Outcome({"ok": False, "error": "ratelimited"}, 429, seconds)


def _response(outcome: _Outcome) -> web.Response:
    headers = {"Retry-After": str(outcome.retry_after)} if outcome.retry_after else {}
    return web.json_response(outcome.body, status=outcome.status, headers=headers)


def _token(request: web.Request, arguments: Arguments) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Bearer":
        return token.strip()
    return str(arguments.values.pop("token", ""))


def _abort(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
