"""The one Web API client."""

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

CALL_TIMEOUT_SECONDS = 10


def web_session() -> aiohttp.ClientSession:
    """The session that every call shares. It carries the time-out: slack_sdk applies its own only
    to sessions that it opens itself, and aiohttp would wait for five minutes."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_TIMEOUT_SECONDS))


def web_client(token: str, api_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """A client on a shared session, for any Slack-compatible `api_url`.

    It never retries by itself: by default it posts a message twice after a lost response. What
    is owed is retried from the outbox, which looks before it repeats.
    """
    return AsyncWebClient(
        token=token,
        base_url=api_url.rstrip("/") + "/",
        session=session,
        timeout=CALL_TIMEOUT_SECONDS,
        retry_handlers=[],
    )
