"""Classifies a failed Slack call: whether Slack has accepted it."""

from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError

# Slack may have executed the call although it reports a failure.
_DOUBTFUL = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout"})
# Errors of the app, not of the message: nothing can be sent until an operator fixes it.
TOKEN_REFUSED = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
# The bot must be invited first; until then, a private channel is "not found".
_NOT_INVITED = frozenset({"channel_not_found", "not_in_channel"})
_TO_WRITE = "chat:write"
_TOO_MANY = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Slack has not accepted the call; retry after `after_seconds`."""

    after_seconds: float
    error: str


@dataclass(frozen=True, slots=True)
class Doubtful:
    """The outcome is unknown: look the message up before repeating it."""

    error: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Slack rejects the call permanently."""

    error: str


@dataclass(frozen=True, slots=True)
class ShutOut:
    """Slack rejects the call until the bot is invited, or the app gets a scope for this place."""

    error: str


@dataclass(frozen=True, slots=True)
class TokenRefused:
    """Slack refuses the app itself; `needed` lists the scopes it lacks, if that is the reason."""

    error: str
    needed: str | None = None


CallFailure = NotTaken | Doubtful | Refused | ShutOut | TokenRefused


class HeldBack(Exception):
    """A call that was not made: Slack accepts this method again in `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Slack takes this again in {seconds:.0f} s")
        self.seconds = seconds


# The errors of a Slack call. slack_sdk raises AttributeError and TypeError for an answer
# that is not a JSON object, after the request was sent.
CALL_ERRORS = (
    HeldBack, SlackApiError, SlackRequestError, aiohttp.ClientError,
    TimeoutError, OSError, AttributeError, TypeError, ValueError,
)  # fmt: skip


def classify_error(error: Exception, attempts: int) -> CallFailure:
    """Classify an error of CALL_ERRORS; `attempts` (from 1) lengthens the wait."""
    if isinstance(error, HeldBack):
        return NotTaken(error.seconds, "ratelimited")
    if isinstance(error, aiohttp.ClientConnectorError):
        return NotTaken(min(60.0, 2.0 ** min(attempts, 6)), "cannot connect to Slack")
    if not isinstance(error, SlackApiError):
        return Doubtful(f"no clear answer ({type(error).__name__})")
    return _answered(error)


def _answered(error: SlackApiError) -> CallFailure:
    status, code = getattr(error.response, "status_code", None), error_code(error)
    if status == 429 or code in _TOO_MANY:
        return NotTaken(_retry_after(error), "ratelimited")
    if code in TOKEN_REFUSED:
        needed = error.response.get("needed") or None
        # If another scope is missing, only this place is closed.
        lacks_another = needed is not None and _TO_WRITE not in needed.split(",")
        return ShutOut(code) if lacks_another else TokenRefused(code, needed)
    if code in _NOT_INVITED:
        return ShutOut(code)
    if not code or code in _DOUBTFUL or (status is not None and status >= 500):
        return Doubtful(code or f"HTTP {status}")
    return Refused(code)


def error_code(error: Exception) -> str | None:
    """Return Slack's error code ("is_archived"); None if the answer has none."""
    data = getattr(getattr(error, "response", None), "data", None)
    return data.get("error") or None if isinstance(data, dict) else None


def _retry_after(error: SlackApiError) -> float:
    """Return the seconds of the `Retry-After` header; 1.0 if there is none."""
    given = str(error.response.headers.get("Retry-After", ""))
    return float(given) if given.isdecimal() else 1.0
