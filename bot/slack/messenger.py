"""The messenger: empties the outbox into Slack, each thing once.

Order: one message at a time and channel, oldest first. A row is leased (committed) before the
call; a clear answer closes it; a lost answer makes it doubtful, and then it is looked up twice
before it is said again.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.ports import OutboxRow
from bot.slack.lookup import find, metadata
from bot.slack.rendering import render
from bot.slack.verdict import CALL_ERRORS, Doubtful, NotTaken, Refused, error_code, verdict
from bot.usecases.desk import Desk
from bot.usecases.replying import delivered
from bot.views.message import Message

LEASE = timedelta(seconds=30)
LOOK_AGAIN_AFTER = timedelta(seconds=3)
CHANNELS_AT_ONCE = 20
SWEEP_SECONDS = 1.0
CRASHES_ALLOWED = 5
PACE_SECONDS = 1.0  # "about 1 message a second and channel for chat.postMessage"

OpenDesk = Callable[[], AbstractAsyncContextManager[Desk]]


class Messenger:
    def __init__(
        self,
        client: AsyncWebClient,
        write: OpenDesk,
        read: OpenDesk,
        *,
        pace_seconds: float = PACE_SECONDS,
        look_again_after: timedelta = LOOK_AGAIN_AFTER,
    ) -> None:
        self._client = client
        self._write = write
        self._read = read
        self._pace_seconds = pace_seconds
        self._look_again_after = look_again_after
        self._log = structlog.get_logger("messenger")
        self._wake = asyncio.Event()
        self._busy: dict[str, asyncio.Task[None]] = {}  # by channel: sending, or resting after it
        self._direct: dict[str, str] = {}  # user ID to the ID of the direct channel

    def wake(self) -> None:
        """Something was written to the outbox."""
        self._wake.set()

    async def run(self) -> None:
        """Send until cancelled."""
        try:
            while True:
                self._wake.clear()
                await self._send_safely()
                await self._until_woken()
        finally:
            await self._finish()

    async def _until_woken(self) -> None:
        try:
            async with asyncio.timeout(SWEEP_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _finish(self) -> None:
        """Let the calls under way end: what is cut off is doubtful and costs a look later."""
        tasks = list(self._busy.values())
        if tasks:
            await asyncio.wait(tasks, timeout=LEASE.total_seconds() / 6)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _send_safely(self) -> None:
        try:
            await self._send_ready()
        except Exception:  # noqa: BLE001 (a door: a store that fails now may not in a second)
            self._log.exception("the outbox could not be read")

    async def _send_ready(self) -> None:
        async with self._read() as desk:
            if not await desk.work.outbox.backlog():
                return
        async with self._write() as desk:
            rows = await desk.work.outbox.claim(desk.now + LEASE, set(self._busy), CHANNELS_AT_ONCE)
        for row in rows:
            channel = row.message.channel
            self._busy[channel] = asyncio.create_task(self._serve(row))

    async def _serve(self, row: OutboxRow) -> None:
        """One row, then the channel's rest."""
        try:
            [outcome] = await asyncio.gather(self._deliver(row), return_exceptions=True)
            if isinstance(outcome, Exception):
                await self._crashed(row, outcome)
            await asyncio.sleep(self._pace_seconds)
        finally:
            del self._busy[row.message.channel]
            self.wake()

    async def _deliver(self, row: OutboxRow) -> None:
        message = None if row.doubtful else await self._rendered(row)
        if message is None and not row.doubtful:
            await self._nothing_to_say(row)
            return
        try:
            place = await (self._find(row) if message is None else self._call(row, message))
        except CALL_ERRORS as error:
            await self._not_sent(row, error)
            return
        if place is None:
            await self._not_found(row)
        else:
            await self._sent(row, *place)

    async def _rendered(self, row: OutboxRow) -> Message | None:
        async with self._read() as desk:
            return await render(desk, row.message)

    async def _nothing_to_say(self, row: OutboxRow) -> None:
        async with self._write() as desk:
            await desk.work.outbox.nothing_to_say(row.id)

    async def _call(self, row: OutboxRow, message: Message) -> tuple[str, str] | None:
        """The channel and the `ts` at which Slack shows it."""
        channel = row.sent_channel or await self._channel(row)
        if row.sent_ts is not None:
            await self._client.chat_update(
                channel=channel,
                ts=row.sent_ts,
                text=message.text,
                blocks=message.blocks,
                metadata=metadata(row),
            )
            return channel, row.sent_ts
        posted = await self._client.chat_postMessage(
            channel=channel,
            thread_ts=row.thread_ts,
            text=message.text,
            blocks=message.blocks,
            metadata=metadata(row),
            unfurl_links=False,
            unfurl_media=False,
            username=message.username,
        )
        return str(posted.get("channel") or channel), str(posted["ts"])

    async def _sent(self, row: OutboxRow, channel: str, ts: str) -> None:
        async with self._write() as desk:
            await desk.work.outbox.sent(row.id, channel, ts)
            if row.sent_ts is None:
                await delivered(desk, row.message, ts)

    async def _find(self, row: OutboxRow) -> tuple[str, str] | None:
        """Where a message stands whose answer was lost; None if it does not stand in Slack."""
        channel = await self._channel(row)
        try:
            ts = await find(self._client, row, channel)
        except SlackApiError as error:
            if error_code(error) != "unknown_method":
                raise
            # A Slack-compatible server without histories: rather said twice than never.
            self._log.warning("this server has no way to look a message up", key=row.message.key)
            return None
        if ts is None:
            return None
        self._log.info("found a message whose answer was lost", key=row.message.key)
        return channel, ts

    async def _not_found(self, row: OutboxRow) -> None:
        async with self._write() as desk:
            await desk.work.outbox.not_found(row.id, desk.now + self._look_again_after)

    async def _not_sent(self, row: OutboxRow, error: Exception) -> None:
        judged = verdict(error, row.attempts)
        async with self._write() as desk:
            outbox, later = desk.work.outbox, desk.now + self._look_again_after
            match judged:
                case Refused():
                    await outbox.failed(row.id, judged.error)
                case NotTaken(after_seconds=seconds) if not row.doubtful:
                    wait = timedelta(seconds=seconds)
                    await outbox.again(row.id, desk.now + wait, judged.error)
                case Doubtful() if row.sent_ts is not None:
                    await outbox.again(row.id, later, judged.error)  # the same update does no harm
                case NotTaken(after_seconds=seconds):  # the look-up
                    wait = timedelta(seconds=seconds)
                    await outbox.doubt(row.id, max(later, desk.now + wait), judged.error)
                case _:
                    await outbox.doubt(row.id, later, judged.error)
        self._log.warning(
            "Slack did not take a message",
            key=row.message.key,
            channel=row.message.channel,
            error=judged.error,
            verdict=type(judged).__name__,
        )

    async def _crashed(self, row: OutboxRow, error: Exception) -> None:
        """A fault of ours: logged whole, looked at anew a few times, then parked."""
        self._log.error("a message could not be made or sent", key=row.message.key, exc_info=error)
        async with self._write() as desk:
            if row.attempts < CRASHES_ALLOWED:
                later = desk.now + self._look_again_after
                await desk.work.outbox.doubt(row.id, later, repr(error))
            else:
                await desk.work.outbox.failed(row.id, repr(error))

    async def _channel(self, row: OutboxRow) -> str:
        """The channel's ID; for a person, that of the direct channel with them."""
        wanted = row.message.channel
        if not wanted.startswith(("U", "W")):
            return wanted
        if wanted not in self._direct:
            self._direct[wanted] = await self._open_direct(wanted)
        return self._direct[wanted]

    async def _open_direct(self, user_id: str) -> str:
        try:
            opened = await self._client.conversations_open(users=user_id)
        except SlackApiError as error:
            if error_code(error) != "unknown_method":
                raise
            # A Slack-compatible server without it: chat.postMessage takes a user ID as well.
            self._log.warning("conversations.open is unknown here, posting to the user ID")
            return user_id
        return str(opened["channel"]["id"])
