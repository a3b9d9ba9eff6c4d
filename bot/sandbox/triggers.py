"""Permits that Slack hands out with an interaction: trigger ids and response addresses."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.answers import SlackError


@dataclass
class _Trigger:
    user: str
    expires: float
    used: bool = False


class Triggers:
    """Ids that let the app open one modal, for three seconds, once.

    Slack: "Triggers expire in three seconds", and a used one is answered with
    `exchanged_trigger_id`. The seconds are real ones, whatever the story's clock says.
    """

    def __init__(self, seconds: float = 3.0) -> None:
        self.seconds = seconds
        self._known: dict[str, _Trigger] = {}

    def issue(self, user: str) -> str:
        trigger_id = f"{len(self._known) + 1}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        expires = asyncio.get_running_loop().time() + self.seconds
        self._known[trigger_id] = _Trigger(user, expires)
        return trigger_id

    def exchange(self, trigger_id: str) -> str:
        """The person who pressed; the trigger is spent by it."""
        trigger = self._known.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if asyncio.get_running_loop().time() > trigger.expires:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger.user


@dataclass
class ResponseUrl:
    """Where an interaction may be answered: "up to 5 times within 30 minutes"."""

    channel: str
    user: str
    expires: datetime
    message_ts: str | None = None
    left: int = 5

    def use(self, now: datetime) -> None:
        """Take one of the five, or refuse as Slack does."""
        if now > self.expires:
            raise SlackError("expired_url")
        if self.left == 0:
            raise SlackError("used_url")
        self.left -= 1


class ResponseUrls:
    """The response addresses given out, by the secret path they end in."""

    def __init__(self) -> None:
        self._known: dict[str, ResponseUrl] = {}

    def issue(self, channel: str, user: str, now: datetime, message_ts: str | None = None) -> str:
        secret = secrets.token_hex(12)
        self._known[secret] = ResponseUrl(channel, user, now + timedelta(minutes=30), message_ts)
        return secret

    def follow(self, old: str, new: str) -> None:
        """A channel has another id."""
        for permit in self._known.values():
            permit.channel = new if permit.channel == old else permit.channel

    def get(self, secret: str) -> ResponseUrl:
        if secret not in self._known:
            raise SlackError("no_service")
        return self._known[secret]
