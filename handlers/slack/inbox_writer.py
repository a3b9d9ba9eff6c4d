"""Stores Slack's deliveries in the inbox before they are acknowledged."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog
from slack_bolt import BoltResponse

from bot.domain.operations.inbox import Delivery
from bot.errors import StoreTrouble
from bot.json_types import Json
from bot.time_source import steady_seconds
from bot.usecases.desk import OpenDesk

TOGETHER_SECONDS = 0.005
Waiting = tuple[Delivery, asyncio.Future[None]]
# Never dropped as the app's own event: nothing else says that the app joined or left.
ABOUT_MEMBERS = frozenset({"member_joined_channel", "member_left_channel"})


class InboxWriter:
    """Middleware that commits every delivery before Bolt answers.

    Bolt acknowledges an event before its listener runs, so a crash would lose it; Bolt awaits this
    middleware first. It must run before authorization: if `auth.test` fails at that moment, Bolt
    drops the event and answers 200.
    """

    def __init__(
        self,
        write: OpenDesk,
        kept: Callable[[], None],
        heard: Callable[..., None],
        took: Callable[[float], None],
    ) -> None:
        self._write = write
        self._took = took  # called with the seconds that a delivery took
        self._heard = heard  # called per delivery; `own_words`: it is an event of the app itself
        self._kept = kept
        self._arrived: list[Waiting] = []
        self._keeping: asyncio.Task[None] | None = None
        self._log = structlog.get_logger("inbox")

    async def keep(self, body: Json, next_: Callable[[], Awaitable[None]]) -> BoltResponse | None:
        """Store a delivery; if the database fails, it is not acknowledged and Slack delivers it
        again.
        """
        if body.get("type") == "app_rate_limited":
            self._log.warning("Slack holds events back: what is missed is found in the history")
            return BoltResponse(status=200, body="")
        if body.get("type") != "event_callback":
            self._heard(own_words=False)
            await next_()
            return None
        own_words = is_our_own(body)
        self._heard(own_words=own_words)
        if not own_words:
            arrived_at = steady_seconds()
            try:
                await self._keep(Delivery(body["event_id"], lane_of(body["event"]), body))
            except StoreTrouble:
                return BoltResponse(status=503)
            self._took(steady_seconds() - arrived_at)
        return BoltResponse(status=200, body="")

    async def _keep(self, delivery: Delivery) -> None:
        kept = asyncio.get_running_loop().create_future()
        self._arrived.append((delivery, kept))
        if self._keeping is None:
            self._keeping = asyncio.create_task(self._keep_arrived())
        await kept

    async def _keep_arrived(self) -> None:
        """Store deliveries in batches: those that arrive during a transaction share the next.

        Slack sends over several connections in turn, so a batch is sorted into its original order.
        """
        try:
            while self._arrived:
                await asyncio.sleep(TOGETHER_SECONDS)
                batch, self._arrived = self._arrived, []
                await self._keep_together(sorted(batch, key=_happened))
        finally:
            self._keeping = None

    async def _keep_together(self, batch: Sequence[Waiting]) -> None:
        """Store a batch and report the result to every waiting delivery, independently of the
        others.
        """
        try:
            async with self._write() as desk:
                await desk.work.inbox.put(*(delivery for delivery, _ in batch))
        except Exception as error:  # noqa: BLE001 (entry point: the waiting caller gets the error)
            if len(batch) > 1 and not isinstance(error, StoreTrouble):
                for waiting in batch:
                    await self._keep_together([waiting])
                return
            for _, kept in batch:
                if not kept.done():
                    kept.set_exception(error)
            return
        self._kept()
        for _, kept in batch:
            if not kept.done():
                kept.set_result(None)


def is_our_own(body: Json) -> bool:
    """Return whether the app itself caused this event: its own messages come back as events.

    Every delivery identifies the app: `authorizations` has "an installation of your app" that sees
    the event, and a message that an app posts under another name has no `user` but an `app_id`.
    """
    event = body["event"]
    if event["type"] in ABOUT_MEMBERS:
        return False
    message = event.get("message") or event.get("previous_message") or event
    by_our_app = message.get("app_id") is not None and message["app_id"] == body.get("api_app_id")
    return by_our_app or message.get("user") in own_users(body)


def own_users(body: Json) -> list[str | None]:
    """Return the app's user IDs in a delivery."""
    return [
        authorization.get("user_id")
        for authorization in body.get("authorizations") or ()
        if authorization.get("is_bot")
    ]


def _happened(waiting: Waiting) -> str:
    """Return Slack's time of the event, a string of fixed length: order counts within a channel."""
    event = waiting[0].body["event"]
    return str(event.get("event_ts") or event.get("ts") or "")


def lane_of(event: Json) -> str:
    """Return the channel of an event: the events of a channel are processed in order."""
    former = event.get("old_channel_id")  # keeps the order of the channel's events
    channel = event.get("channel") or event.get("item", {}).get("channel") or former or ""
    return str(channel.get("id", "") if isinstance(channel, dict) else channel)
