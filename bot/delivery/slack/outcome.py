"""Outcomes of claimed messages, and how the outbox stores them."""

from dataclasses import dataclass
from datetime import timedelta

from bot.delivery.slack.classify_error import (
    CallFailure,
    Doubtful,
    NotTaken,
    Refused,
    ShutOut,
    TokenRefused,
)
from bot.domain.destinations import Channel, Destination, Thread, ThreadUnder
from bot.domain.ids import ChannelId
from bot.domain.messages import Outgoing
from bot.domain.operations.messages import Withdrawal
from bot.domain.outbox_row import OutboxRow
from bot.slack_ts import MessageTs
from bot.usecases.desk import Desk
from bot.usecases.operations.channels import follow
from bot.usecases.operations.delivery_failures import refused, shut_out, token_refused
from bot.usecases.operations.unreachable import cannot_be_told
from bot.usecases.tickets.handling.reply import FollowedMessage, delivered

LET_IN_WITHIN = timedelta(days=1)
TRY_THE_DOOR_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """The message is in Slack.

    `ts` is None for an uploaded file: Slack shares the file later.
    """

    channel: str
    ts: MessageTs | None


@dataclass(frozen=True, slots=True)
class NotThere:
    """The message was looked up and is not in Slack."""


@dataclass(frozen=True, slots=True)
class Pointless:
    """The message is no longer needed."""


@dataclass(frozen=True, slots=True)
class Crashed:
    """An internal error: the message is retried, or parked if the error happened `often`."""

    error: str
    often: bool


Outcome = Shown | NotThere | Pointless | Crashed | CallFailure


def is_of_outbox_alone(row: OutboxRow, outcome: Outcome) -> bool:
    """Return whether the outcome changes nothing but the outbox.

    Other outcomes may wait for a client's lock, which no holder of another lock may do (see
    `storage.engine.client_locks`).
    """
    if isinstance(outcome, Shown):
        return row.is_sent or not isinstance(row.outgoing.message, FollowedMessage)
    return isinstance(outcome, Pointless | NotThere)


async def keep(desk: Desk, row: OutboxRow, outcome: Outcome, look_again_after: timedelta) -> bool:
    """Store an outcome and its consequences.

    Returns False if the lease had expired and another process has claimed the message since; then
    only a possible duplicate in Slack is handled.
    """
    kept = await _keep(desk, row, outcome, look_again_after)
    if not kept:
        await _came_late(desk, row, outcome)
    return kept


async def _keep(desk: Desk, row: OutboxRow, outcome: Outcome, look_again_after: timedelta) -> bool:
    outbox = desk.work.outbox
    match outcome:
        case Shown():
            return await _shown(desk, row, outcome)
        case Pointless():
            return await outbox.nothing_to_say(row)
        case NotThere():
            return await outbox.not_found(row, desk.now + look_again_after)
        case Refused() | ShutOut() if await follow(desk, ChannelId(row.outgoing.address)):
            return await _wait(desk, row, timedelta(0), outcome.error)
        case _:
            return await _not_shown(desk, row, outcome, look_again_after)


async def _not_shown(
    desk: Desk, row: OutboxRow, outcome: Crashed | CallFailure, look_again_after: timedelta
) -> bool:
    outbox, later = desk.work.outbox, desk.now + look_again_after
    match outcome:
        case NotTaken(after_seconds=seconds):
            return await _wait(desk, row, timedelta(seconds=seconds), outcome.error)
        case TokenRefused():
            await token_refused(desk, outcome.error)
            return await _wait(desk, row, timedelta(0), outcome.error)
        case ShutOut() if desk.now < row.created_at + LET_IN_WITHIN:
            await shut_out(desk, row.outgoing, outcome.error)
            await cannot_be_told(desk, row.outgoing)
            return await _wait(desk, row, TRY_THE_DOOR_EVERY, outcome.error)
        case Refused() | ShutOut() | Crashed(often=True):
            await refused(desk, row.outgoing, outcome.error)
            await cannot_be_told(desk, row.outgoing)
            return await outbox.failed(row, outcome.error)
        case Doubtful() if row.is_sent:
            return await outbox.again(row, later, outcome.error)  # repeating an update is harmless
        case Doubtful() | Crashed():
            return await outbox.doubt(row, later, outcome.error)


async def _wait(desk: Desk, row: OutboxRow, wait: timedelta, error: str) -> bool:
    """Retry a row later; an uncertain row stays uncertain, because only its lookup failed."""
    outbox, not_before = desk.work.outbox, desk.now + wait
    if row.doubtful:
        return await outbox.doubt(row, not_before, error)
    return await outbox.again(row, not_before, error)


async def _shown(desk: Desk, row: OutboxRow, shown: Shown) -> bool:
    kept = await desk.work.outbox.sent(row, shown.channel, shown.ts)
    message, ts = row.outgoing.message, shown.ts
    if kept and not row.is_sent and ts is not None and isinstance(message, FollowedMessage):
        await delivered(desk, message, ts)
    return kept


async def _came_late(desk: Desk, row: OutboxRow, outcome: Outcome) -> None:
    """Repair the effect of a late send: update a card again, or withdraw a duplicate message.

    A card may show an old state. A withdrawal runs after the other sender is done, because the
    messages of a channel are sent in order.
    """
    if row.doubtful or not isinstance(outcome, Shown | Doubtful | Crashed):
        return  # nothing was posted
    if row.is_sent:
        await desk.work.outbox.refresh(row.outgoing.key)
        return
    ts = outcome.ts if isinstance(outcome, Shown) else None
    withdrawal = Withdrawal(row.outgoing.key, row.mark, ts, row.created_at)
    key = f"withdrawal:{row.id}:{row.claim}"
    await desk.work.outbox.say(Outgoing(key, _same_place(row), withdrawal))


def _same_place(row: OutboxRow) -> Destination:
    """Return the place of the message, with the `ts` of its thread, which is known by now."""
    match row.outgoing.destination:
        case Thread(channel_id=channel_id) | ThreadUnder(channel_id=channel_id):
            return Thread(channel_id, row.thread_ts) if row.thread_ts else Channel(channel_id)
        case destination:
            return destination
