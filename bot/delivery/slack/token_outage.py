"""Pauses the whole outbox while Slack refuses the app's token."""

from datetime import timedelta

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.slack.classify_error import CALL_ERRORS, TokenRefused
from bot.domain.operations.health import BotTokenRefused
from bot.time_source import TimeSource
from bot.views.operations.health import problem_words

PROBE_EVERY = timedelta(minutes=1)


class TokenOutage:
    """The pause: only `auth.test` is called, once a minute.

    No message fails because of the token, and Slack is not called in vain for each message.
    """

    def __init__(self, client: AsyncWebClient, clock: TimeSource) -> None:
        self._client = client
        self._clock = clock
        self.problem: BotTokenRefused | None = None  # None while the outbox is not paused
        self._next_probe = clock.now()
        self._log = structlog.get_logger("messenger")

    def begin(self, refusal: TokenRefused) -> None:
        """Pause the outbox, because Slack has just refused the app."""
        is_news = self.problem is None
        self.problem = BotTokenRefused(refusal.error, refusal.needed or None)
        self._next_probe = self._clock.now() + PROBE_EVERY
        if is_news:
            self._log.critical("the outbox stands still", because=problem_words(self.problem))

    async def lasts(self) -> bool:
        """Return whether the pause continues; asks Slack if a minute has passed."""
        if self.problem is None:
            return False
        if self._clock.now() < self._next_probe:
            return True
        self._next_probe = self._clock.now() + PROBE_EVERY
        if not await self._is_mended(self.problem.needed):
            return True
        self._log.warning("Slack takes the app's token again", after=self.problem.error)
        self.problem = None
        return False

    async def _is_mended(self, needed: str | None) -> bool:
        """Return whether Slack accepts the token, with a missing scope if that was the reason.

        `auth.test` succeeds even without the scope, so its header `x-oauth-scopes` is checked.
        """
        try:
            answer = await self._client.auth_test()
        except CALL_ERRORS:
            return False
        scopes = str(answer.headers.get("x-oauth-scopes", ""))
        return not (needed and scopes) or not set(needed.split(",")).isdisjoint(scopes.split(","))
