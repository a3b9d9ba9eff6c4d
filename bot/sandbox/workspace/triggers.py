"""Trigger IDs, with which the app opens a modal in answer to an interaction."""

import asyncio
import secrets
from dataclasses import dataclass

from bot.sandbox.errors import SlackError


@dataclass
class _Trigger:
    user: str
    expires: float
    used: bool = False


class Triggers:
    """Trigger IDs, each good for a single modal.

    Slack: "Triggers expire in three seconds"; a used trigger is refused with
    `exchanged_trigger_id`. The seconds are real and do not follow the clock of the sandbox.
    """

    def __init__(self, seconds: float = 3.0) -> None:
        self.seconds = seconds
        self._triggers: dict[str, _Trigger] = {}

    def issue(self, user: str) -> str:
        number = len(self._triggers) + 1
        trigger_id = f"{number}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        expires = asyncio.get_running_loop().time() + self.seconds
        self._triggers[trigger_id] = _Trigger(user, expires)
        return trigger_id

    def exchange(self, trigger_id: str) -> str:
        """Use up a trigger and return the person whose interaction issued it.

        Raises SlackError if the trigger is unknown, used or expired.
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if asyncio.get_running_loop().time() > trigger.expires:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger.user
