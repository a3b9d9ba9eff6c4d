"""What came of a claimed message, and how the outbox keeps it."""

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
    """It stands in Slack."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class NotThere:
    """It was looked up and does not stand in Slack."""


@dataclass(frozen=True, slots=True)
class Pointless:
    """There is nothing to say any more."""


@dataclass(frozen=True, slots=True)
class Crashed:
    """A fault of ours, for which it is looked at anew, or parked if it came `often`."""

    error: str
    often: bool


Outcome = Shown | NotThere | Pointless | Crashed | CallFailure


def is_of_outbox_alone(row: OutboxRow, outcome: Outcome) -> bool:
    """Whether nothing but the outbox changes with it. All else may wait for a client, and nobody
    waits for one who holds another (see `storage.engine.client_locks`)."""
    if isinstance(outcome, Shown):
        return row.sent_ts is not None or not is_followed(row.message)
    return isinstance(outcome, Pointless | NotThere)


async def keep(desk: Desk, row: OutboxRow, outcome: Outcome, look_again_after: timedelta) -> bool:
    """Put it into the outbox, with what follows from it. False if the lease had run out and
    somebody else has claimed the message since: then only what may stand twice is seen to."""
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
        case Refused() | ShutOut() if await follow(desk, row.message.channel):
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
            return await outbox.again(row, later, outcome.error)  # the same update does no harm
        case Doubtful() | Crashed():
            return await outbox.doubt(row, later, outcome.error)


async def _wait(desk: Desk, row: OutboxRow, wait: timedelta, error: str) -> bool:
    """What was in doubt stays so: it was the look-up that was not taken."""
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
    """A card may show an old state now: it is shown anew. What was posted may stand twice: ours
    is withdrawn after the other sender is done, for a channel's messages go one by one."""
    if row.doubtful or not isinstance(outcome, Shown | Doubtful | Crashed):
        return  # nothing was said
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
