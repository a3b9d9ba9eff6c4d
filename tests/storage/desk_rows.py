"""Rows with which tests fill a store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.destinations import Channel, ThreadUnder
from bot.domain.ids import AgreementId, ChannelId, ClientId
from bot.domain.messages import Outgoing
from bot.domain.operations.alarms import WordedAlarm
from bot.domain.operations.messages import AlarmMessage
from bot.domain.outbox_row import OutboxRow
from bot.domain.ticket import Source
from bot.domain.tickets.new_ticket import NewTicket
from storage.store import Store

NOON = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
LEASE = timedelta(seconds=30)


def later(**by: float) -> datetime:
    return NOON + timedelta(**by)


def report(opened_at: datetime = NOON, **changed: Any) -> NewTicket:
    """Return a report by email from Acme."""
    given = NewTicket(
        client_id=ClientId(1),
        source=Source.EMAIL,
        opened_at=opened_at,
        opened_by="Ann",
        summary="Our server is down",
        agreement_id=AgreementId(1),
        catalog_version_id=1,
        plan_id="standard",
    )
    return replace(given, **changed)


def text_message(key: str, channel: str, *, under: str | None = None) -> Outgoing:
    """Return a message whose text is its key."""
    channel_id = ChannelId(channel)
    destination = Channel(channel_id) if under is None else ThreadUnder(channel_id, under)
    return Outgoing(key, destination, AlarmMessage(WordedAlarm(key)))


async def claim(
    store: Store, now: datetime = NOON, *, resting: frozenset[str] = frozenset()
) -> list[OutboxRow]:
    async with store.write(now) as work:
        return await work.outbox.claim(now + LEASE, resting, 20)


async def claim_keys(store: Store, now: datetime = NOON) -> list[str]:
    return [row.outgoing.key for row in await claim(store, now)]
