"""The messenger: sends the messages of the outbox to Slack."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.slack.classify_error import CALL_ERRORS, TokenRefused, classify_error
from bot.delivery.slack.client import CALL_TIMEOUT_SECONDS
from bot.delivery.slack.outcome import Crashed, Outcome, Shown, is_of_outbox_alone, keep
from bot.delivery.slack.sender import Call, Sender
from bot.delivery.slack.token_outage import TokenOutage
from bot.domain.operations.health import BotTokenRefused
from bot.domain.outbox_row import OutboxRow
from bot.errors import StoreTrouble
from bot.time_source import TimeSource, steady_seconds
from bot.usecases.desk import Desk, OpenDesk
from bot.workers import PeriodicWorker, safely

LEASE = timedelta(seconds=3 * CALL_TIMEOUT_SECONDS)
LOOK_AGAIN_AFTER = timedelta(seconds=3)
CHANNELS_AT_ONCE = 20
SWEEP_SECONDS = 1.0
GATHER_SECONDS = 0.005
CRASHES_ALLOWED = 5
PACE_SECONDS = 1.0  # "about 1 message a second and channel for chat.postMessage"

UNWORKED = "the outbox could not be worked"
Completed = tuple[OutboxRow, Outcome]


class Messenger(PeriodicWorker):
    def __init__(
        self,
        client: AsyncWebClient,
        write: OpenDesk,
        read: OpenDesk,
        clock: TimeSource,
        *,
        lease: timedelta = LEASE,
        pace_seconds: float = PACE_SECONDS,
        look_again_after: timedelta = LOOK_AGAIN_AFTER,
        on_said: Callable[[str, float], None] = lambda _, __: None,
    ) -> None:
        super().__init__(self._round, UNWORKED, interval=SWEEP_SECONDS)
        self._on_said = (
            on_said  # called with the channel and the start of the call (`steady_seconds`)
        )
        self._speech = Sender(client, clock, margin=lease / 2)
        self._standstill = TokenOutage(client, clock)
        self._lease = lease
        self._write = write
        self._read = read
        self._pace_seconds = pace_seconds
        self._look_again_after = look_again_after
        self._log = structlog.get_logger("messenger")
        self._held: set[str] = set()  # channels with a call in progress, or resting afterwards
        self._calls: set[asyncio.Task[None]] = set()
        self._outcomes: list[Completed] = []  # outcomes to store in a single transaction
        self._separate: list[Completed] = []  # outcomes to store in a transaction each

    @property
    def problem(self) -> BotTokenRefused | None:
        """Why nothing is sent at all; None while messages are sent."""
        return self._standstill.problem

    @property
    def is_at_rest(self) -> bool:
        """Return whether no call is in progress and no message waits."""
        return super().is_at_rest and not self._calls

    async def run(self) -> None:
        """Send until `stop`, then wait for the calls in progress.

        A cancelled call would have an unknown outcome and need a lookup later.
        """
        try:
            await super().run()
            while self._calls:
                await asyncio.wait(self._calls)
        finally:
            await self._break_off()

    async def _break_off(self) -> None:
        calls = set(self._calls)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        await safely(self._keep_each, UNWORKED)

    async def _round(self) -> None:
        """Store the outcomes of finished calls, and start the next calls."""
        if not self._outcomes and not self._separate and not await self._is_ready():
            return
        if self._calls:
            await asyncio.sleep(GATHER_SECONDS)  # calls that started together end together
        lease = not await self._standstill.lasts()
        await self._store_separately()
        outcomes, self._outcomes = self._outcomes, []
        try:
            calls = await self._turn(outcomes, lease=lease)
        except StoreTrouble:
            self._outcomes = outcomes + self._outcomes
            raise
        except Exception:  # noqa: BLE001 (entry point: each row is retried alone, and logged then)
            self._outcomes = outcomes + self._outcomes
            await self._one_by_one(lease=lease)
            return
        for row, call in calls:
            self._begin(row, call)

    async def _is_ready(self) -> bool:
        async with self._read() as desk:
            return await desk.work.outbox.is_ready(self._held)

    async def _turn(
        self, outcomes: Sequence[Completed], *, lease: bool
    ) -> list[tuple[OutboxRow, Call]]:
        async with self._write() as desk:
            for row, outcome in outcomes:
                await self._keep(desk, row, outcome)
            return await self._speech.prepared(desk, await self._leased(desk)) if lease else []

    async def _leased(self, desk: Desk) -> list[OutboxRow]:
        lease_until = desk.now + self._lease
        return await desk.work.outbox.claim(lease_until, self._held, CHANNELS_AT_ONCE)

    async def _one_by_one(self, *, lease: bool) -> None:
        """Retry a failed batch row by row, so that only the failing row is affected."""
        await self._keep_each()
        if lease:
            async with self._write() as desk:
                rows = await self._leased(desk)
            for row in rows:
                self._begin(row, partial(self._alone, row))

    async def _keep_each(self) -> None:
        self._separate, self._outcomes = self._outcomes + self._separate, []
        await self._store_separately()

    async def _store_separately(self) -> None:
        """Store every outcome in a separate transaction.

        If an outcome cannot be stored, its message stays leased and becomes uncertain when the
        lease ends.
        """
        while self._separate:
            row, outcome = self._separate.pop(0)
            try:
                async with self._write() as desk:
                    await self._keep(desk, row, outcome)
            except StoreTrouble:
                self._separate.insert(0, (row, outcome))
                raise
            except Exception:  # noqa: BLE001 (entry point: looked up after the lease expires)
                self._log.exception("what came of a message was not kept", key=row.outgoing.key)

    async def _keep(self, desk: Desk, row: OutboxRow, outcome: Outcome) -> None:
        if not await keep(desk, row, outcome, self._look_again_after):
            self._log.warning("somebody else has this message by now", key=row.outgoing.key)

    async def _alone(self, row: OutboxRow) -> Outcome:
        async with self._read() as desk:
            [(_, call)] = await self._speech.prepared(desk, [row])
        return await call()

    def _begin(self, row: OutboxRow, call: Call) -> None:
        self._held.add(row.outgoing.address)
        task = asyncio.create_task(self._serve(row, call))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def _serve(self, row: OutboxRow, call: Call) -> None:
        """Make a call, then let the channel rest."""
        asked_at = steady_seconds()
        try:
            outcome = await self._outcome(row, call)
            if isinstance(outcome, Shown) and not row.doubtful and not row.is_sent:
                self._on_said(outcome.channel, asked_at)
            kept = self._outcomes if is_of_outbox_alone(row, outcome) else self._separate
            kept.append((row, outcome))
        except StoreTrouble:
            pass  # already logged; the row becomes uncertain when its lease ends
        finally:
            loop = asyncio.get_running_loop()
            loop.call_later(self._pace_seconds, self._rested, row.outgoing.address)
            self.wake()

    def _rested(self, channel: str) -> None:
        self._held.discard(channel)
        self.wake()

    async def _outcome(self, row: OutboxRow, call: Call) -> Outcome:
        try:
            return await call()
        except CALL_ERRORS as error:
            return self._judged(row, error)
        except StoreTrouble:
            raise
        except Exception as error:  # noqa: BLE001 (entry point: an internal error blocks no other row)
            return self._crashed(row, error)

    def _judged(self, row: OutboxRow, error: Exception) -> Outcome:
        judged = classify_error(error, row.attempts)
        if isinstance(judged, TokenRefused):
            self._standstill.begin(judged)
        self._log.warning(
            "Slack did not take a message",
            key=row.outgoing.key,
            channel=row.outgoing.address,
            error=judged.error,
            classify_error=type(judged).__name__,
        )
        return judged

    def _crashed(self, row: OutboxRow, error: Exception) -> Outcome:
        self._log.error("a message could not be made or sent", key=row.outgoing.key, exc_info=error)
        return Crashed(repr(error), often=row.attempts >= CRASHES_ALLOWED)
