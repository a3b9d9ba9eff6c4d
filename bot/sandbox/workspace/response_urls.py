"""Response URLs: addresses under which the app can answer an interaction for half an hour."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.errors import SlackError


@dataclass
class ResponseUrl:
    """A response URL. Slack: "up to 5 times within 30 minutes"."""

    channel: str
    user: str
    expires: datetime
    message_ts: str | None = None
    left: int = 5

    def use(self, now: datetime) -> None:
        """Count an answer. Raises SlackError if the URL is expired or used up."""
        if now > self.expires:
            raise SlackError("expired_url")
        if self.left == 0:
            raise SlackError("used_url")
        self.left -= 1


class ResponseUrls:
    """The response URLs by the secret at the end of their path."""

    def __init__(self) -> None:
        self._urls: dict[str, ResponseUrl] = {}

    def issue(self, channel: str, user: str, now: datetime, message_ts: str | None = None) -> str:
        secret = secrets.token_hex(12)
        self._urls[secret] = ResponseUrl(channel, user, now + timedelta(minutes=30), message_ts)
        return secret

    def change_channel_id(self, old: str, new: str) -> None:
        """Point the URLs of a channel to its new ID."""
        for url in self._urls.values():
            url.channel = new if url.channel == old else url.channel

    def get(self, secret: str) -> ResponseUrl:
        if secret not in self._urls:
            raise SlackError("no_service")
        return self._urls[secret]
