"""Publishes App Homes: each second, if anything has changed, those that look different now.

Nothing that is owed is carried by one, and to publish is to replace, so there is no outbox row: a
Home that could not be published is published at the next look.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.slack.classify_error import CALL_ERRORS, Refused, classify_error
from bot.usecases.desk import Desk
from bot.usecases.reports.homes import homes
from bot.views.form import View
from bot.views.reports.home import outsiders_home, staff_home
from bot.workers import safely, until

LOOK_SECONDS = 1.0  # "all three fresh within 2 s of a change"
OpenDesk = Callable[[], AbstractAsyncContextManager[Desk]]


class Publisher:
    """`client` is one that keeps the waits that Slack has named, for each method."""

    def __init__(self, client: AsyncWebClient, read: OpenDesk) -> None:
        self._client = client
        self._read = read
        self._published: dict[str, View] = {}  # by this process, by user ID
        self._mark: object = None  # of what has been published
        self._stopping = asyncio.Event()
        self._log = structlog.get_logger("homes")

    def stop(self) -> None:
        """Begin no more."""
        self._stopping.set()

    async def run(self) -> None:
        """Publish until `stop`."""
        while not self._stopping.is_set():
            await safely(self._look, "the Homes could not be made")
            await until(self._stopping, LOOK_SECONDS)

    async def _look(self) -> None:
        async with self._read() as desk:
            minute = desk.now.replace(second=0, microsecond=0)  # time alone makes tickets late
            mark = (await desk.work.homes.mark(), minute)
            if mark == self._mark:
                return
            views = {
                user_id: staff_home(home.queue, home.others, home.duties, home.figures, desk.now)
                if home is not None
                else outsiders_home()
                for user_id, home in (await homes(desk)).items()
            }
        self._published = {one: view for one, view in self._published.items() if one in views}
        done = [await self._publish(user_id, view) for user_id, view in views.items()]
        self._mark = mark if all(done) else None

    async def _publish(self, user_id: str, view: View) -> bool:
        """Whether there is no more to do: the person has it before them, or never will."""
        if self._stopping.is_set():
            return False
        if self._published.get(user_id) == view:
            return True
        try:
            await self._client.views_publish(user_id=user_id, view=view)
        except CALL_ERRORS as error:
            self._log.warning("a Home was not published", user=user_id, error=str(error))
            if not isinstance(classify_error(error, 1), Refused):
                return False
        self._published[user_id] = view
        return True
