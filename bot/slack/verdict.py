"""What a failed call tells about whether Slack has taken it."""

from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError

# Slack may have acted although it says that it failed.
_DOUBTFUL = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout"})


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


Verdict = NotTaken | Doubtful | Refused

# What a call can fail with. AttributeError and TypeError: slack_sdk raises them for an answer
# that is not a JSON object, after the request was sent.
CALL_ERRORS = (
    SlackApiError, aiohttp.ClientError, TimeoutError, OSError, AttributeError, TypeError, ValueError
)  # fmt: skip


def verdict(error: Exception, attempts: int) -> Verdict:
    """Judge an error of CALL_ERRORS; `attempts` (from 1) lengthens the wait."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return NotTaken(min(60.0, 2.0 ** min(attempts, 6)), "cannot connect to Slack")
    if not isinstance(error, SlackApiError):
        return Doubtful(f"no clear answer ({type(error).__name__})")
    return _answered(error)


def _answered(error: SlackApiError) -> Verdict:
    status = getattr(error.response, "status_code", None)
    if status == 429:
        return NotTaken(float(error.response.headers.get("Retry-After", 1)), "ratelimited")
    data = getattr(error.response, "data", None)
    code = str(data.get("error", "")) if isinstance(data, dict) else ""
    if not code or code in _DOUBTFUL or (status is not None and status >= 500):
        return Doubtful(code or f"HTTP {status}")
    return Refused(code)
