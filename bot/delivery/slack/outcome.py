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
from bot.domain.ids import ChannelId
from bot.domain.messages import Outgoing
from bot.domain.operations.outbox import OutboxRow
from bot.usecases.desk import Desk
from bot.usecases.operations.channels import follow
from bot.usecases.operations.delivery_failures import refused, shut_out, token_refused
from bot.usecases.operations.unreachable import cannot_be_told
from bot.usecases.tickets.handling.reply import delivered, is_followed

WITHDRAWAL = "withdrawal"
LET_IN_WITHIN = timedelta(days=1)
TRY_THE_DOOR_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """The message is in Slack."""

    channel: str
    ts: str


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
        return row.sent_ts is not None or not is_followed(row.message)
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
        case Refused() | ShutOut() if await follow(desk, ChannelId(row.message.channel)):
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
            await shut_out(desk, row.message, outcome.error)
            await cannot_be_told(desk, row.message)
            return await _wait(desk, row, TRY_THE_DOOR_EVERY, outcome.error)
        case Refused() | ShutOut() | Crashed(often=True):
            await refused(desk, row.message, outcome.error)
            await cannot_be_told(desk, row.message)
            return await outbox.failed(row, outcome.error)
        case Doubtful() if row.sent_ts is not None:
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
    if kept and row.sent_ts is None:
        await delivered(desk, row.message, shown.ts)
    return kept


async def _came_late(desk: Desk, row: OutboxRow, outcome: Outcome) -> None:
    """Repair the effect of a late send: update a card again, or withdraw a duplicate message.

    A card may show an old state. A withdrawal runs after the other sender is done, because the
    messages of a channel are sent in order.
    """
    if row.doubtful or not isinstance(outcome, Shown | Doubtful | Crashed):
        return  # nothing was posted
    if row.sent_ts is not None:
        await desk.work.outbox.refresh(row.message.key)
        return
    facts = {
        "key": row.message.key,
        "mark": row.mark,
        "ts": outcome.ts if isinstance(outcome, Shown) else None,
        "since": row.created_at.isoformat(),
    }
    await desk.work.outbox.say(
        Outgoing(
            f"{WITHDRAWAL}:{row.id}:{row.claim}",
            WITHDRAWAL,
            row.message.channel,
            thread_ts=row.thread_ts,
            facts=facts,
        )
    )
