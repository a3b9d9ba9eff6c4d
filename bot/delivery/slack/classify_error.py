"""What a failed call tells about whether Slack has taken it."""

from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError

# Slack may have acted although it says that it failed.
_DOUBTFUL = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout"})
# Said of the app and not of the message: until an operator has mended it, nothing can be said.
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
# Somebody has yet to invite the bot; a private channel is "not found" until then.
_NOT_INVITED = frozenset({"channel_not_found", "not_in_channel"})
_TO_WRITE = "chat:write"
_TOO_MANY = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Slack has surely not taken it; try again after so many seconds."""

    after_seconds: float
    error: str


@dataclass(frozen=True, slots=True)
class Doubtful:
    """It may or may not stand in Slack: look before repeating."""

    error: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Slack will not take it however often it is asked."""

    error: str


@dataclass(frozen=True, slots=True)
class ShutOut:
    """Not until somebody lets the bot in: invites it, or gives the app a scope for this place."""

    error: str


@dataclass(frozen=True, slots=True)
class TokenRefused:
    """Slack refuses the app itself; `needed`: the scopes of which it lacks one, if that is why."""

    error: str
    needed: str = ""


CallFailure = NotTaken | Doubtful | Refused | ShutOut | TokenRefused


class HeldBack(Exception):
    """A call that was not made: Slack takes this method again only in so many `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Slack takes this again in {seconds:.0f} s")
        self.seconds = seconds


# What a call can fail with. AttributeError and TypeError: slack_sdk raises them for an answer
# that is not a JSON object, after the request was sent.
CALL_ERRORS = (
    HeldBack, SlackApiError, SlackRequestError, aiohttp.ClientError,
    TimeoutError, OSError, AttributeError, TypeError, ValueError,
)  # fmt: skip


def classify_error(error: Exception, attempts: int) -> CallFailure:
    """Judge an error of CALL_ERRORS; `attempts` (from 1) lengthens the wait."""
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
        needed = str(error.response.get("needed") or "")
        # Without another scope it is this one place that is closed, and the rest goes on.
        lacks_another = needed and _TO_WRITE not in needed.split(",")
        return ShutOut(code) if lacks_another else TokenRefused(code, needed)
    if code in _NOT_INVITED:
        return ShutOut(code)
    if not code or code in _DOUBTFUL or (status is not None and status >= 500):
        return Doubtful(code or f"HTTP {status}")
    return Refused(code)


def error_code(error: Exception) -> str:
    """What Slack calls the error ("is_archived"); "" where it gave no such answer."""
    data = getattr(getattr(error, "response", None), "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def _retry_after(error: SlackApiError) -> float:
    """Seconds, as the header says them."""
    given = str(error.response.headers.get("Retry-After", ""))
    return float(given) if given.isdecimal() else 1.0
