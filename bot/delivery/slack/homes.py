"""Publishes App Homes: every second, if anything has changed, the Homes that now look different.

A Home needs no outbox row, because publishing replaces it: a failed publication is retried at the
next check.
"""

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.slack.classify_error import CALL_ERRORS, Refused, classify_error
from bot.usecases.desk import OpenDesk
from bot.usecases.reports.homes import homes
from bot.views.form import View
from bot.views.reports.home import outsiders_home, staff_home
from bot.workers import PeriodicWorker

LOOK_SECONDS = 1.0  # "all three fresh within 2 s of a change"


class Publisher(PeriodicWorker):
    """Publishes Homes. `client` must respect Slack's rate limit of every method."""

    def __init__(self, client: AsyncWebClient, read: OpenDesk) -> None:
        super().__init__(self._look, "the Homes could not be made", interval=LOOK_SECONDS)
        self._client = client
        self._read = read
        self._published: dict[str, View] = {}  # views published by this process, by user ID
        self._mark: object = None  # mark of the published state
        self._log = structlog.get_logger("homes")

    async def _look(self) -> None:
        async with self._read() as desk:
            minute = desk.now.replace(
                second=0, microsecond=0
            )  # tickets become overdue as time passes
            mark = (await desk.work.homes.mark(), minute)
            if mark == self._mark:
                return
            views = {
                user_id: staff_home(home.queue, home.others, home.duties, home.figures, desk.now)
                if home is not None
                else outsiders_home()
                for user_id, home in (await homes(desk)).items()
            }
        self._published = {
            user_id: view for user_id, view in self._published.items() if user_id in views
        }
        done = [await self._publish(user_id, view) for user_id, view in views.items()]
        self._mark = mark if all(done) else None

    async def _publish(self, user_id: str, view: View) -> bool:
        """Publish a Home; return True if it is current or Slack refuses it for good."""
        if self.is_stopping:
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
