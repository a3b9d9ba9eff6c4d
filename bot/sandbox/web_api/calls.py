"""The Web API over HTTP: tokens, scopes, rate limits, faults and the record of calls."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from aiohttp import web

from bot.sandbox.errors import SlackError
from bot.sandbox.faults.call_faults import Faults
from bot.sandbox.json_types import Json
from bot.sandbox.rate_limits import Limits
from bot.sandbox.slack import Slack
from bot.sandbox.web_api.arguments import Arguments, read_arguments
from bot.sandbox.web_api.endpoint import answer_at
from bot.sandbox.web_api.methods import METHODS
from bot.sandbox.web_api.outcomes import Outcome, rate_limited
from bot.sandbox.workspace.records import Call
from bot.sandbox.workspace.rights import needed_scopes

OPEN_CONNECTION = "apps.connections.open"
APP_SCOPES = "connections:write"


@dataclass(frozen=True)
class Tokens:
    """The token of the bot, and the app-level token that opens Socket Mode."""

    bot: str
    app: str


class WebApi:
    """Handles `/api/{method}` and records every call."""

    def __init__(
        self,
        slack: Slack,
        tokens: Tokens,
        faults: Faults,
        limits: Limits | None,
        open_connection: Callable[[], Json],
    ) -> None:
        self.calls: list[Call] = []
        self.revoked: str | None = None
        self._slack = slack
        self._tokens = tokens
        self._faults = faults
        self._limits = limits
        self._open_connection = open_connection

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            arguments = await read_arguments(request)
        except SlackError as refused:
            return Outcome(refused.answer()).response({})
        token = _token(request, arguments)
        return await answer_at(
            request,
            self._faults,
            method,
            arguments.values,
            lambda: self._run(method, token, arguments),
            headers=self._headers(method, arguments),
            record=partial(self._record, method, arguments),
        )

    def _record(self, method: str, arguments: Arguments, error: str | None, *, acted: bool) -> None:
        now = self._slack.clock.now()
        self.calls.append(Call(method, arguments.values, error is None, error, now, acted))

    def _run(self, method: str, token: str, arguments: Arguments) -> Outcome:
        try:
            self._check_token(method, token)
            self._slack.rights.require(*self._needed(method, arguments))
            if wait := self._wait_before(method, arguments):
                return rate_limited(wait)
            return Outcome({"ok": True} | self._act(method, arguments))
        except SlackError as refused:
            return Outcome(refused.answer())

    def _act(self, method: str, arguments: Arguments) -> Json:
        if method == OPEN_CONNECTION:
            return self._open_connection()
        return METHODS[method](self._slack, arguments)

    def _check_token(self, method: str, token: str) -> None:
        """Raise SlackError unless the token is valid for the method. `api.test` needs no token."""
        if method not in METHODS and method != OPEN_CONNECTION:
            raise SlackError("unknown_method", req_method=method)
        if method == "api.test":
            return
        if not token:
            raise SlackError("not_authed")
        if token not in (self._tokens.bot, self._tokens.app):
            raise SlackError("invalid_auth")
        if self.revoked:
            raise SlackError(self.revoked)
        wanted = self._tokens.app if method == OPEN_CONNECTION else self._tokens.bot
        if token != wanted:
            raise SlackError("not_allowed_token_type")

    def _needed(self, method: str, arguments: Arguments) -> list[str]:
        channel = self._slack.workspace.channels.get(arguments.text("channel"))
        return list(needed_scopes(method, channel))

    def _headers(self, method: str, arguments: Arguments) -> dict[str, str]:
        """Return the headers with the scopes of the token and of the method."""
        if method == OPEN_CONNECTION:
            return {"x-oauth-scopes": APP_SCOPES, "x-accepted-oauth-scopes": APP_SCOPES}
        return {
            "x-oauth-scopes": self._slack.rights.provided,
            "x-accepted-oauth-scopes": ",".join(self._needed(method, arguments)),
        }

    def _wait_before(self, method: str, arguments: Arguments) -> int:
        if self._limits is None:
            return 0
        return self._limits.wait_before(method, arguments.text("channel"))


def _token(request: web.Request, arguments: Arguments) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Bearer":
        return token.strip()
    return str(arguments.values.pop("token", ""))
