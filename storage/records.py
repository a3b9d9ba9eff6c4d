"""What is on record: the history, the messages, the periods begun, the catalogue versions."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ticket import Side
from bot.ports import ChannelMessage, Event, Written
from storage.rows import insert_unless_there
from storage.schema import catalog_versions, catalogs_in_force, events, messages, periods


class SqlHistory:
    """Append-only: the store itself refuses to change or delete a line."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def append(self, lines: Iterable[Event]) -> None:
        rows = [
            {
                "ticket_id": line.ticket_id,
                "at": line.at,
                "recorded_at": self._now,
                "actor": line.actor,
                "kind": line.kind,
                "before": dict(line.before),
                "after": dict(line.after),
            }
            for line in lines
        ]
        if rows:
            await self._connection.execute(insert(events), rows)

    async def of(self, ticket_id: int) -> list[Event]:
        statement = select(events).where(events.c.ticket_id == ticket_id).order_by(events.c.id)
        return [_event(row) for row in await self._connection.execute(statement)]


class SqlMessages:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def record(self, message: ChannelMessage, received_at: datetime) -> bool:
        """Put a message on record; False if it was there, by its `ts` or its gesture's id."""
        row = {
            "channel_id": message.channel_id,
            "ts": message.ts,
            "thread_ts": message.thread_ts,
            "client_msg_id": message.client_msg_id,
            "user_id": message.user_id,
            "text": message.text,
            "file_names": list(message.file_names),
            "received_at": received_at,
        }
        return await insert_unless_there(self._connection, messages, row) == 1

    async def settle(
        self, message: ChannelMessage, side: Side, ticket_id: int | None, because: str
    ) -> None:
        """Say what became of a message: part of a ticket, or not, because…"""
        await self._connection.execute(
            update(messages)
            .where(messages.c.channel_id == message.channel_id, messages.c.ts == message.ts)
            .values(side=side.value, ticket_id=ticket_id, because=because)
        )

    async def ticket_of(self, channel_id: str, ts: str) -> int | None:
        """The ticket that the message at this place is part of."""
        statement = select(messages.c.ticket_id).where(
            messages.c.channel_id == channel_id, messages.c.ts == ts
        )
        return (await self._connection.execute(statement)).scalar_one_or_none()

    async def first_of_staff(
        self, channel_id: str, thread_ts: str, since_ts: str
    ) -> Written | None:
        """The first that staff wrote in a thread from `since_ts` on."""
        statement = (
            select(messages.c.user_id, messages.c.ts)
            .where(
                messages.c.channel_id == channel_id,
                messages.c.ts >= since_ts,
                messages.c.thread_ts == thread_ts,
                messages.c.side == Side.STAFF.value,
            )
            .order_by(messages.c.ts)
            .limit(1)
        )
        row = (await self._connection.execute(statement)).one_or_none()
        return Written(row.user_id, row.ts) if row else None

    async def last_joined(
        self, channel_id: str, user_id: str, since_ts: str, before_ts: str
    ) -> int | None:
        """The ticket of this person's newest top-level message in `[since_ts, before_ts)`."""
        statement = (
            select(messages.c.ticket_id)
            .where(
                messages.c.channel_id == channel_id,
                messages.c.user_id == user_id,
                messages.c.ticket_id.is_not(None),
                messages.c.thread_ts.is_(None),
                messages.c.ts >= since_ts,
                messages.c.ts < before_ts,
            )
            .order_by(messages.c.ts.desc())
            .limit(1)
        )
        return (await self._connection.execute(statement)).scalar_one_or_none()


class SqlPeriods:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(self, kind: str, subject: str, period: str, now: datetime) -> bool:
        """True for the first to ask, once for ever: what is done once a period is done by them."""
        row = {"kind": kind, "subject": subject, "period": period, "begun_at": now}
        return await insert_unless_there(self._connection, periods, row) == 1


class SqlCatalogVersions:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def record(self, name: str, digest: str, text: str, now: datetime) -> int:
        """The id of this version of a catalogue, which is kept word for word and counts from now
        on, unless it counts already."""
        row = {"name": name, "digest": digest, "text": text, "recorded_at": now}
        await insert_unless_there(self._connection, catalog_versions, row)
        statement = select(catalog_versions.c.id).where(
            catalog_versions.c.name == name, catalog_versions.c.digest == digest
        )
        version_id: int = (await self._connection.execute(statement)).scalar_one()
        if await self._newest(name, None) != version_id:
            since = {"version_id": version_id, "since": now}
            await self._connection.execute(insert(catalogs_in_force).values(since))
        return version_id

    async def in_force(self, name: str, instant: datetime) -> int:
        """The version of a catalogue at an instant; the first one for what is older still."""
        found = await self._newest(name, instant)
        if found is None:
            oldest = _of(name).order_by(catalogs_in_force.c.since, catalogs_in_force.c.id)
            found = (await self._connection.execute(oldest)).scalar_one()
        return found

    async def _newest(self, name: str, until: datetime | None) -> int | None:
        versions = _of(name).order_by(
            catalogs_in_force.c.since.desc(), catalogs_in_force.c.id.desc()
        )
        if until is not None:
            versions = versions.where(catalogs_in_force.c.since <= until)
        found: int | None = (await self._connection.execute(versions)).scalar_one_or_none()
        return found

    async def text(self, version_id: int) -> tuple[str, str]:
        """The name and the text of a version."""
        statement = select(catalog_versions.c.name, catalog_versions.c.text).where(
            catalog_versions.c.id == version_id
        )
        row = (await self._connection.execute(statement)).one()
        return row.name, row.text


def _of(name: str) -> Select[Any]:
    joined = catalogs_in_force.join(catalog_versions)
    versions = select(catalogs_in_force.c.version_id).select_from(joined)
    return versions.where(catalog_versions.c.name == name).limit(1)


def _event(row: Row[Any]) -> Event:
    return Event(row.ticket_id, row.at, row.actor, row.kind, row.before, row.after)
