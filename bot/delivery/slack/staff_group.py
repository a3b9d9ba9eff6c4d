"""Reads the staff's user group.

Slack's change events arrive unordered and singly, so the whole group is read once a minute.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.slack.classify_error import CALL_ERRORS
from bot.usecases.desk import Desk
from bot.usecases.operations.staff_group import keep_in_step
from bot.workers import safely, until

EVERY_SECONDS = 60.0  # `usergroups.users.list` is of tier 2, "20+ per minute"
OpenDesk = Callable[[], AbstractAsyncContextManager[Desk]]


class StaffGroup:
    """Synchronises the staff list with `group`, the ID of a user group (S…)."""

    def __init__(self, client: AsyncWebClient, write: OpenDesk, group: str) -> None:
        self._client = client
        self._write = write
        self._group = group
        self._stopping = asyncio.Event()
        self._log = structlog.get_logger("staff")

    def stop(self) -> None:
        """Stop before the next reading."""
        self._stopping.set()

    async def run(self) -> None:
        """Synchronise the staff list until `stop`; a failed reading changes nothing."""
        while not self._stopping.is_set():
            await safely(self._look, "the staff's user group could not be worked")
            await until(self._stopping, EVERY_SECONDS)

    async def _look(self) -> None:
        try:
            await self.read()
        except CALL_ERRORS as error:
            self._log.warning("the staff's user group was not read", error=str(error))

    async def read(self) -> None:
        """Read the group once. Raises the errors of a Slack call."""
        answer = await self._client.usergroups_users_list(usergroup=self._group)
        async with self._write() as desk:
            joined, left = await keep_in_step(desk, answer.get("users") or ())
        if joined or left:
            self._log.info("the staff list follows the user group", joined=joined, left=left)
