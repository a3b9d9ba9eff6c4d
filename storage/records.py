"""What is on record: the history, the messages, the periods begun, the catalogue versions."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Row, and_, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ticket import Side
from bot.ports import ChannelMessage, Event, Written
from storage.rows import insert_unless_there, inserted
from storage.schema import (
    catalog_versions,
    catalogs_in_force,
    events,
    messages,
    periods,
    tickets,
)

_CHANNEL: BindParameter[Any] = bindparam("channel")
_APPEND = insert(events)
_OF_TICKET = select(events).where(events.c.ticket_id == bindparam("wanted")).order_by(events.c.id)
_SETTLE = (
    update(messages)
    .where(messages.c.channel_id == _CHANNEL, messages.c.ts == bindparam("at_ts"))
    .values(side=bindparam("as_side"), ticket_id=bindparam("part_of"), because=bindparam("why"))
)
_JOIN = (
    update(messages)
    .where(messages.c.channel_id == _CHANNEL, messages.c.ts == bindparam("at_ts"))
    .values(ticket_id=bindparam("to"), because="staff wrote, before the ticket was known")
)
_OF_STAFF = (
    select(messages.c.user_id, messages.c.ts, messages.c.ticket_id)
    .where(
        messages.c.channel_id == _CHANNEL,
        messages.c.ts >= bindparam("since"),
        messages.c.thread_ts == bindparam("root"),
        messages.c.side == Side.STAFF.value,
    )
    .order_by(messages.c.ts)
)
_IN_FORCE = (
    select(catalogs_in_force.c.since, catalogs_in_force.c.version_id)
    .select_from(catalogs_in_force.join(catalog_versions))
    .where(catalog_versions.c.name == bindparam("wanted"))
    .order_by(catalogs_in_force.c.since, catalogs_in_force.c.id)
)
_JOINED_NEAR = (
    select(messages.c.ticket_id)
    .where(
        messages.c.channel_id == _CHANNEL,
        messages.c.user_id == bindparam("user"),
        messages.c.ticket_id.is_not(None),
        messages.c.thread_ts.is_(None),
        messages.c.ts >= bindparam("since"),
        messages.c.ts < bindparam("until"),
    )
    .order_by(messages.c.ts >= bindparam("at_ts"), messages.c.ts.desc())
    .limit(1)
)


_OF_CLIENT = tickets.c.client_id == bindparam("wanted")
_RECORDED_TO = (
    select(func.coalesce(func.max(events.c.id), 0))
    .select_from(events.join(tickets))
    .where(_OF_CLIENT)
)
_RECORDED_AFTER = (
    select(events)
    .select_from(events.join(tickets))
    .where(_OF_CLIENT, events.c.id > bindparam("since"))
    .order_by(events.c.id.desc())
)


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
            await self._connection.execute(_APPEND, rows)

    async def recorded_to(self, client_id: int) -> int:
        """The ID of the last line of a client's history; 0 where there is none."""
        asked = {"wanted": client_id}
        return int((await self._connection.execute(_RECORDED_TO, asked)).scalar_one())

    async def recorded_after(self, client_id: int, line_id: int) -> list[Event]:
        """The lines of a client's history after one of them, the last first."""
        asked = {"wanted": client_id, "since": line_id}
        return [_event(row) for row in await self._connection.execute(_RECORDED_AFTER, asked)]

    async def of(self, ticket_id: int) -> list[Event]:
        rows = await self._connection.execute(_OF_TICKET, {"wanted": ticket_id})
        return [_event(row) for row in rows]


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
        return await insert_unless_there(self._connection, messages, row)

    async def settle(
        self, message: ChannelMessage, side: Side, ticket_id: int | None, because: str
    ) -> None:
        """Say what became of a message: part of a ticket, or not, because…"""
        at = {"channel": message.channel_id, "at_ts": message.ts}
        became = {"as_side": side.value, "part_of": ticket_id, "why": because}
        await self._connection.execute(_SETTLE, at | became)

    async def ticket_of(self, channel_id: str, ts: str) -> int | None:
        """The ticket that the message at this place is part of."""
        statement = select(messages.c.ticket_id).where(
            messages.c.channel_id == channel_id, messages.c.ts == ts
        )
        return (await self._connection.execute(statement)).scalar_one_or_none()

    async def of_staff(self, channel_id: str, thread_ts: str, since_ts: str) -> list[Written]:
        """What staff wrote in a thread from `since_ts` on, in the order of time."""
        asked = {"channel": channel_id, "root": thread_ts, "since": since_ts}
        rows = await self._connection.execute(_OF_STAFF, asked)
        return [Written(row.user_id, row.ts, row.ticket_id) for row in rows]

    async def join(self, channel_id: str, ts: str, ticket_id: int) -> None:
        """The message at this place is part of a ticket, which became known after it."""
        await self._connection.execute(_JOIN, {"channel": channel_id, "at_ts": ts, "to": ticket_id})

    async def joined_near(
        self, channel_id: str, user_id: str, since_ts: str, ts: str, until_ts: str
    ) -> int | None:
        """The ticket of this person's newest top-level message in `[since_ts, ts)`, else in
        `[ts, until_ts)`."""
        span = {"since": since_ts, "at_ts": ts, "until": until_ts}
        asked = {"channel": channel_id, "user": user_id} | span
        return (await self._connection.execute(_JOINED_NEAR, asked)).scalar_one_or_none()


class SqlPeriods:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(self, kind: str, subject: str, period: str, now: datetime) -> bool:
        """True for the first to ask, once for ever: what is done once a period is done by them."""
        row = {"kind": kind, "subject": subject, "period": period, "begun_at": now}
        return await insert_unless_there(self._connection, periods, row)

    async def begin_each(self, kind: str, subjects: Sequence[str], now: datetime) -> set[str]:
        """Of which of these subjects this is the first to ask, once for ever."""
        rows = [
            {"kind": kind, "subject": one, "period": "", "begun_at": now}
            for one in dict.fromkeys(subjects)
        ]
        return await inserted(self._connection, periods, rows, periods.c.subject)

    async def say_in(self, kind: str, subjects: Sequence[str], message: str) -> None:
        """What is said of them is in the message with this key, together."""
        these = and_(periods.c.kind == kind, periods.c.subject.in_(subjects))
        await self._connection.execute(update(periods).where(these).values(said_in=message))

    async def said_in(self, kind: str, subjects: Sequence[str]) -> dict[str, str]:
        """Of which of these subjects something was said, and in which message: by default in the
        one with the subject's own name."""
        these = and_(periods.c.kind == kind, periods.c.subject.in_(subjects))
        rows = await self._connection.execute(select(periods).where(these))
        return {row.subject: row.said_in or row.subject for row in rows}


class SqlCatalogVersions:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._versions: dict[str, list[tuple[datetime, int]]] = {}  # since when, oldest first

    async def record(self, name: str, digest: str, text: str, now: datetime) -> int:
        """The id of this version of a catalogue, which is kept word for word and counts from now
        on, unless it counts already."""
        row = {"name": name, "digest": digest, "text": text, "recorded_at": now}
        await insert_unless_there(self._connection, catalog_versions, row)
        statement = select(catalog_versions.c.id).where(
            catalog_versions.c.name == name, catalog_versions.c.digest == digest
        )
        version_id: int = (await self._connection.execute(statement)).scalar_one()
        if [one for _, one in await self._versions_of(name)][-1:] != [version_id]:
            since = {"version_id": version_id, "since": now}
            await self._connection.execute(insert(catalogs_in_force).values(since))
            del self._versions[name]
        return version_id

    async def in_force(self, name: str, instant: datetime) -> int:
        """The version of a catalogue at an instant; the first one for what is older still."""
        versions = await self._versions_of(name)
        in_force = [version for since, version in versions if since <= instant]
        return in_force[-1] if in_force else versions[0][1]

    async def _versions_of(self, name: str) -> list[tuple[datetime, int]]:
        if name not in self._versions:
            rows = await self._connection.execute(_IN_FORCE, {"wanted": name})
            self._versions[name] = [(row.since, row.version_id) for row in rows]
        return self._versions[name]

    async def text(self, version_id: int) -> tuple[str, str]:
        """The name and the text of a version."""
        statement = select(catalog_versions.c.name, catalog_versions.c.text).where(
            catalog_versions.c.id == version_id
        )
        row = (await self._connection.execute(statement)).one()
        return row.name, row.text


def _event(row: Row[Any]) -> Event:
    return Event(row.ticket_id, row.at, row.actor, row.kind, row.before, row.after)
