"""Reads the staff's user group.

Slack's change events arrive unordered and singly, so the whole group is read once a minute.
"""

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.slack.classify_error import CALL_ERRORS
from bot.usecases.desk import OpenDesk
from bot.usecases.operations.staff_group import keep_in_step
from bot.workers import PeriodicWorker

EVERY_SECONDS = 60.0  # `usergroups.users.list` is of tier 2, "20+ per minute"


class StaffGroup(PeriodicWorker):
    """Synchronises the staff list with `group`, the ID of a user group (S…)."""

    def __init__(self, client: AsyncWebClient, write: OpenDesk, group: str) -> None:
        super().__init__(
            self._look, "the staff's user group could not be worked", interval=EVERY_SECONDS
        )
        self._client = client
        self._write = write
        self._group = group
        self._log = structlog.get_logger("staff")

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
