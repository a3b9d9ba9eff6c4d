"""Deliveries that crash on every attempt: they are parked, reported, and retried on request."""

from bot.domain.operations.alarms import DeliveryParked
from bot.domain.operations.inbox import InboxRow, Parked
from bot.domain.operations.refusals import NothingParked
from bot.usecases.alarm import raise_alarm
from bot.usecases.desk import Desk


async def park(desk: Desk, row: InboxRow, attempts: int, reference: str) -> None:
    """Park a delivery after `attempts` failures, and raise an alarm.

    `reference` identifies the fault in the log.
    """
    await desk.work.inbox.park(row.id, f"parked after {attempts} attempts: reference {reference}")
    alarm = DeliveryParked(row.id, row.lane or None, attempts, reference)
    await raise_alarm(desk, f"parked:{row.id}:{reference}", alarm)


async def parked(desk: Desk) -> list[Parked]:
    """Return the parked deliveries."""
    return await desk.work.inbox.parked()


async def retry(desk: Desk, row_id: int) -> None:
    """Queue a parked delivery again, in its channel's order by time of receipt.

    Raises Refusal if no delivery with this number is parked.
    """
    if not await desk.work.inbox.take_up(row_id):
        raise NothingParked(row_id)
