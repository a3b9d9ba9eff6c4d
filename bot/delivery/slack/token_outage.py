"""While Slack refuses the app itself, the whole outbox stands still, as one."""

from datetime import timedelta

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.slack.classify_error import CALL_ERRORS, TokenRefused
from bot.time_source import TimeSource

PROBE_EVERY = timedelta(minutes=1)


class TokenOutage:
    """Nothing is tried meanwhile but `auth.test`, once a minute: so no message fails for what is
    no fault of its own, and Slack is not asked in vain for each of them."""

    def __init__(self, client: AsyncWebClient, clock: TimeSource) -> None:
        self._client = client
        self._clock = clock
        self._refusal: TokenRefused | None = None
        self._next_probe = clock.now()
        self._log = structlog.get_logger("messenger")

    @property
    def because(self) -> str:
        """What is wrong and what to do, "" while all goes on."""
        if self._refusal is None:
            return ""
        lacks = f", it lacks {self._refusal.needed}" if self._refusal.needed else ""
        return (
            f"Slack refuses the app's token ({self._refusal.error}{lacks}), so nothing is said and"
            " all that is owed waits: install the app again from its page, and restart Deskbell"
            " with the new token if Slack gives it another one"
        )

    def begin(self, refusal: TokenRefused) -> None:
        """Slack has just refused the app."""
        is_news = self._refusal is None
        self._refusal = refusal
        self._next_probe = self._clock.now() + PROBE_EVERY
        if is_news:
            self._log.critical("the outbox stands still", because=self.because)

    async def lasts(self) -> bool:
        """Whether it goes on; asks Slack when a minute has passed."""
        if self._refusal is None:
            return False
        if self._clock.now() < self._next_probe:
            return True
        self._next_probe = self._clock.now() + PROBE_EVERY
        if not await self._is_mended(self._refusal.needed):
            return True
        self._log.warning("Slack takes the app's token again", after=self._refusal.error)
        self._refusal = None
        return False

    async def _is_mended(self, needed: str) -> bool:
        """With a scope that was missing, `auth.test` succeeds all along: its answer names what the
        token may do (`x-oauth-scopes`)."""
        try:
            answer = await self._client.auth_test()
        except CALL_ERRORS:
            return False
        scopes = str(answer.headers.get("x-oauth-scopes", ""))
        return not (needed and scopes) or not set(needed.split(",")).isdisjoint(scopes.split(","))
