"""Reads everything that a database holds, through the product's own interfaces, as JSON.

No other module of this folder calls product code. When a name in the product changes, this module
changes with it; the old databases and the expected readings stay as they are. An empty text and
NULL are both read as null.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, assert_never

from bot.catalog import load_catalog
from bot.catalog.catalog_store import CatalogStore
from bot.delivery.pager.pager import page_of
from bot.delivery.slack.rendering import render
from bot.domain.actor import System, user_id_of
from bot.domain.agreements.agreement import Agreement
from bot.domain.escalation.messages import Page
from bot.domain.escalation.timers import BillingTimer, DigestTimer, LadderTimer, SnoozeTimer, Timer
from bot.domain.ids import ChannelId, ClientId, TicketId
from bot.domain.operations.client import Client
from bot.domain.operations.inbox import Delivery
from bot.domain.operations.messages import UnreadableMessage, Withdrawal
from bot.domain.operations.staff import StaffMember
from bot.domain.outbox_row import OutboxRow
from bot.domain.ticket import Ticket
from bot.domain.ticket_events import RecordedEvent
from bot.domain.tickets.ticket_view import TicketView
from bot.errors import Refusal
from bot.slack_ts import MessageTs
from bot.usecases.agreements.verify_statements import verify
from bot.usecases.desk import Desk, Places
from bot.usecases.escalation.pings import PING_KEYS
from bot.usecases.reports.digest import figures_now
from bot.usecases.sla.clocks import clocks_match_history, computed_clocks
from bot.usecases.tickets.ticket_views import view_all_tickets, view_tickets
from bot.usecases.tickets.triage.cause import told as late_story
from bot.views.agreements.statements import difference_text
from bot.views.message import Message
from bot.views.reports.digest import digest
from bot.views.reports.digest_csv import csv_message
from bot.views.sla.explanation_words import explanation_sentences
from bot.views.sla.why import why_text
from bot.views.tickets.ticket_json import ticket_line
from bot.views.tickets.triage.cause import story_text
from storage.repositories.agreements.statements import body_of
from storage.repositories.tickets.event_columns import event_columns
from storage.store import SqlWork, Store
from tests.stores import rows

Json = dict[str, Any]
CATALOGS = [load_catalog(name) for name in ("ecosire", "ecotone")]
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_SENT = "SELECT key, sent_channel, sent_ts FROM outbox"
Stored = Mapping[str, list[str | None]]  # the columns of `_SENT`, by key
LONG_AFTER = timedelta(days=400)  # every lease, wait and timer has ended by then
MANY = 1000


@dataclass(frozen=True, slots=True)
class Place:
    """The instant at which a database is read, and the desk's own channels."""

    now: datetime
    triage: str
    managers: str


@dataclass(frozen=True, slots=True)
class Known:
    """Keys of the rows in a database. The new code must recognise each row by its old key."""

    outbox: list[str]
    errors: list[str]
    inbox: list[str]
    messages: list[list[str]]  # channel and ts
    periods: list[tuple[str, str, str]]  # kind, subject, period
    channels: list[str]  # former IDs, and those of which the history has been read


class NothingIsKept(Exception):
    """Raised to roll a transaction back."""


async def upgraded(url: str) -> None:
    """Open a database as `deskbell run` does, which applies the migrations, and close it."""
    store = Store(url)
    try:
        await store.upgrade()
    finally:
        await store.close()


async def read_all(url: str, place: Place, known: Known) -> Json:
    """Upgrade a database and return everything that can be read from it; change no rows."""
    store = Store(url)
    try:
        await store.upgrade()
        stored = {key: sent for key, *sent in rows(url, _SENT)}
        async with store.read(place.now) as work:
            read = await _read_only(_desk(work, place), known)
        async with _undone(store, place.now) as work:
            read["inbox"] = await _inbox(work, known)
            read["periods_not_known_again"] = await _fresh_periods(work, place.now, known)
        async with _undone(store, place.now + LONG_AFTER) as work:
            read["timers"] |= {"waiting": await _waiting(_desk(work, place))}
        async with _undone(store, place.now + LONG_AFTER) as work:
            read["outbox"] = await _outbox(_desk(work, place), known, stored)
        return read
    finally:
        await store.close()


def _desk(work: SqlWork, place: Place) -> Desk:
    places = Places(
        ChannelId(place.triage), ChannelId(place.managers), time(9), "Asia/Karachi", has_pager=True
    )
    return Desk(work, CatalogStore(CATALOGS), places, place.now)


@asynccontextmanager
async def _undone(store: Store, now: datetime) -> AsyncIterator[SqlWork]:
    """A transaction that is rolled back at the end, so that claims leave no trace."""
    with suppress(NothingIsKept):
        async with store.write(now) as work:
            yield work
            raise NothingIsKept


async def _read_only(desk: Desk, known: Known) -> Json:
    ticket_views = await view_all_tickets(desk)
    clients = await desk.work.clients.all()
    return {
        "tickets": {
            ticket_view.ticket.key: await _ticket(desk, ticket_view) for ticket_view in ticket_views
        },
        "clients": {client.key: await _client(desk, client) for client in clients},
        "staff": [_member(member) for member in await desk.work.staff.all()],
        "subscriptions": [list(row) for row in await desk.work.subscriptions.all()],
        "homes": await desk.work.homes.since(BEGINNING),
        "timers": {
            "set": await _timers_set(desk, [ticket_view.ticket for ticket_view in ticket_views])
        },
        "messages": [await _message(desk, *place) for place in known.messages],
        "channels": [await _channel(desk, channel) for channel in known.channels],
        "statement_differences": [
            list(map(difference_text, statement.differences)) for statement in await verify(desk)
        ],
        "digest": await _digest(desk),
        "audit": await _audit(desk),
        "told_in": await desk.work.idempotency.messages_of(PING_KEYS, _subjects(known, PING_KEYS)),
    }


async def _digest(desk: Desk) -> Json:
    """Return the digest as of now, as a message and as a CSV table."""
    figures = await figures_now(desk)
    return {"message": _shown(digest(figures)), "table": _table(csv_message(figures))}


async def _audit(desk: Desk) -> Json:
    """Return the tickets that lack a timer, and the rows that have waited too long."""
    keys = await _keys(desk)
    waiting = await desk.work.audit.waiting(desk.now, MANY)
    return {
        "unarmed": [keys[ticket_id] for ticket_id in await desk.work.audit.unarmed(MANY)],
        "waiting": [
            [str(row.where), row.about, row.attempts, keys.get(row.ticket_id)] for row in waiting
        ],
    }


def _subjects(known: Known, kind: str) -> list[str]:
    return [period[1] for period in known.periods if period[0] == kind]


async def _ticket(desk: Desk, ticket_view: TicketView) -> Json:
    ticket = ticket_view.ticket
    return {
        "exported": ticket_line(ticket_view),
        "row": _ticket_row(ticket),
        "plan": [ticket_view.plan.catalog, ticket_view.plan.name, ticket_view.plan.zone],
        "standing": _standing(ticket_view),
        "engineer": ticket_view.engineer,
        "has_it": ticket_view.has_it,
        "clocks": await _clocks(desk, ticket),
        "clocks_agree_with_history": await clocks_match_history(desk, ticket),
        "why": why_text(ticket_view, await computed_clocks(desk, ticket)),
        "late_story": await _late_story(desk, ticket),
        "history": [_event(event) for event in await desk.work.history.of(ticket.id)],
    }


def _standing(ticket_view: TicketView) -> list[Any] | None:
    standing = ticket_view.standing
    if standing is None:
        return None
    return [standing.position, standing.included, text(str(standing.price or ""))]


def _ticket_row(ticket: Ticket) -> Json:
    return {
        "source": str(ticket.source),
        "opened_by": ticket.opened_by,
        "summary": ticket.summary,
        "channel": ticket.channel_id,
        "thread": slack_text(ticket.thread_ts),
        "severity_by": text(ticket.severity_by),
        "first_response_by": ticket.first_response_by,
        "resolved_at": instant(ticket.resolved_at),
        "resolution": text(ticket.resolution),
        "rating": ticket.rating,
        "waiting_since": instant(ticket.waiting_since),
        "snoozed_until": instant(ticket.snoozed_until),
        "found_at": instant(ticket.found_at),
        "category": text(ticket.category),
        "merged_into": text(ticket.merged_into),
        "fault": text(ticket.fault),
        "cause": text(ticket.cause),
        "cause_words": text(ticket.cause_words),
        "taken": ticket.taken,
        "waived": text(ticket.waived),
    }


async def _clocks(desk: Desk, ticket: Ticket) -> list[Json]:
    reasons = {clock.name: clock.deadline.why for clock in await computed_clocks(desk, ticket)}
    return [
        {
            "name": row.clock.name,
            "begins_at": instant(row.clock.span.begins_at),
            "stops_at": instant(row.clock.span.stops_at),
            "cancelled": row.clock.span.cancelled,
            "paused": row.clock.paused,
            "severity": text(row.clock.deadline.severity),
            "starts_at": instant(row.clock.deadline.starts_at),
            "due_at": instant(row.clock.deadline.due_at),
            "warn_at": instant(row.clock.deadline.warn_at),
            "breach_at": instant(row.clock.deadline.breach_at),
            "why": list(explanation_sentences(reasons[row.clock.name])),
            "breached_at": instant(row.breached_at),
            "noticed_at": instant(row.noticed_at),
        }
        for row in await desk.work.clocks.of(ticket.id)
    ]


async def _late_story(desk: Desk, ticket: Ticket) -> str | None:
    try:
        story = await late_story(desk, ticket)
    except Refusal:
        return None
    return story_text(story.ticket_view, story.passages)


def _event(recorded: RecordedEvent) -> list[Any]:
    columns = event_columns(recorded.event)
    actor = "deskbell" if recorded.actor == System() else user_id_of(recorded.actor) or ""
    return [
        instant(recorded.at),
        actor,
        columns["kind"],
        {name: text(value) for name, value in columns["before"].items()},
        {name: text(value) for name, value in columns["after"].items()},
    ]


async def _client(desk: Desk, client: Client) -> Json:
    versions = await desk.work.clients.versions(client.id)
    duties = await desk.work.duties.done(client.id)
    statements = await desk.work.statements.of(client.id)
    return {
        "name": client.name,
        "channel": client.channel_id,
        "join_minutes": client.join_minutes,
        "intake": str(client.intake),
        "agreements": [_agreement(version) for version in versions],
        "duties": sorted([duty, str(day), by] for (duty, day), by in duties.items()),
        "statements": [body_of(statement) for statement in statements],
    }


def _agreement(version: Agreement) -> Json:
    return {
        "plan": [version.catalog, text(version.plan_id)],
        "kind": str(version.kind),
        "effective_from": instant(version.effective_from),
        "ends_at": instant(version.ends_at),
        "withdrawn_at": instant(version.withdrawn_at),
        "agreed": [instant(version.agreed_at), text(version.agreed_by)],
        "people": [text(version.engineer), text(version.backup)],
        "terms": text(version.terms),
        "zone": version.zone,
        "anchor_day": version.anchor_day,
        "statement_to_client": version.statement_to_client,
    }


def _member(member: StaffMember) -> Json:
    return {
        "user": member.user_id,
        "role": str(member.role),
        "name": text(member.name),
        "away": [instant(member.away_until), member.cover],
        "hours": [text(member.hours), text(member.zone)],
        "by_group": member.by_group,
    }


async def _message(desk: Desk, channel: str, ts: str) -> Json | None:
    record = await desk.work.wordings.current(ChannelId(channel), MessageTs.parse(ts))
    if record is None:
        return None
    keys = await _keys(desk)
    return {
        "place": [channel, ts, slack_text(record.message.thread_ts)],
        "user": record.message.user_id,
        "text": record.message.text,
        "files": list(record.message.file_names),
        "side": text(record.side),
        "ticket": keys.get(record.ticket_id),
        "since": str(record.since_ts),
        "deleted": record.deleted,
    }


async def _channel(desk: Desk, channel: str) -> list[str | None]:
    current = await desk.work.channels.current(ChannelId(channel))
    return [channel, current, instant(await desk.work.backfill.read_until(ChannelId(channel)))]


async def _keys(desk: Desk) -> dict[int | None, str]:
    return {ticket.id: ticket.key for ticket in await desk.work.tickets.all()}


async def _timers_set(desk: Desk, tickets: Sequence[Ticket]) -> Json:
    """Return the escalation steps of each ticket by key, both waiting and fired."""
    timers = await desk.work.timers.of_each([ticket.id for ticket in tickets])
    return {
        ticket.key: sorted(
            [
                instant(timer.due_at),
                timer.clock,
                text(timer.step),
                instant(timer.fired_at),
                instant(timer.held_until),
            ]
            for timer in timers[ticket.id]
        )
        for ticket in tickets
    }


async def _waiting(desk: Desk) -> list[list[str | None]]:
    """Claim every waiting timer and return its instant, its subject and its step."""
    keys = await _keys(desk)
    clients = {client.id: client.key for client in await desk.work.clients.all()}
    waiting: list[list[str | None]] = []
    while claimed := await desk.work.timers.claim(desk.now + LONG_AFTER, MANY):
        waiting += [[instant(timer.due_at), *_about(timer, keys, clients)] for timer in claimed]
    return sorted(waiting, key=str)


def _about(
    timer: Timer, keys: Mapping[int | None, str], clients: Mapping[ClientId, str]
) -> tuple[str, str | None, str | None]:
    """Return the timer's subject and step."""
    match timer:
        case LadderTimer():
            return keys[timer.ticket_id], timer.clock, text(timer.step)
        case SnoozeTimer():
            return keys[timer.ticket_id], "snooze", None
        case BillingTimer():
            return "books", clients[timer.client_id], None
        case DigestTimer():
            return "digest", None, None
        case _:
            assert_never(timer)


async def _inbox(work: SqlWork, known: Known) -> Json:
    """Return the waiting and the parked deliveries, and the keys that are not recognised."""
    parked = await work.inbox.parked()
    waiting = [[row.lane, row.body, row.attempts] for row in await work.inbox.claim(MANY)]
    for row in parked:
        await work.inbox.take_up(row.id)
    taken_up = await work.inbox.claim(MANY)
    fresh = [
        key for key in known.inbox if await work.inbox.put_missed(Delivery(key, "C", {"new": 1}))
    ]
    return {
        "waiting": waiting,
        "parked": [[row.lane, instant(row.at), row.outcome] for row in parked],
        "taken_up": [[row.lane, row.body, row.attempts] for row in taken_up],
        "not_known_again": fresh,
    }


async def _fresh_periods(work: SqlWork, now: datetime, known: Known) -> list[tuple[str, str, str]]:
    begin = work.idempotency.claim
    return [period for period in known.periods if await begin(*period, now)]


async def _outbox(desk: Desk, known: Known, stored: Stored) -> Json:
    """Render every message: those still to be sent, in order, then the refused and the sent.

    `stored` has the columns that say where each message stands.
    """
    places = {key: _stands(await desk.work.outbox.place(key), stored[key]) for key in known.outbox}
    pages, still_open = await _pages(desk, stored), await _messages(desk, stored)
    await desk.work.outbox.take_up(known.errors)
    refused = [*await _pages(desk, stored), *await _messages(desk, stored)]
    seen = {row["key"] for row in (*pages, *still_open, *refused)}
    await desk.work.outbox.refresh(*(key for key in known.outbox if key not in seen))
    sent = [*await _pages(desk, stored), *await _messages(desk, stored)]
    return {
        "pages": pages,
        "open": still_open,
        "refused": refused,
        "sent": sorted(sent, key=lambda row: str(row["key"])),
        "places": {key: place for key, place in places.items() if place[1] is not None},
    }


async def _pages(desk: Desk, stored: Stored) -> list[Json]:
    pages: list[Json] = []
    while rows := await desk.work.outbox.claim_pages(desk.now + 2 * LONG_AFTER, MANY):
        for row in rows:
            assert isinstance(row.outgoing.message, Page)
            page = await page_of(desk, row.outgoing.message)
            pages.append(await _row(desk, row, stored) | {"page": page and list(page)})
            await desk.work.outbox.sent(row, row.outgoing.address, None)
    return pages


async def _messages(desk: Desk, stored: Stored) -> list[Json]:
    messages: list[Json] = []
    while rows := await desk.work.outbox.claim(desk.now + 2 * LONG_AFTER, [], MANY):
        ticket_ids = {row.outgoing.ticket_id for row in rows if row.outgoing.ticket_id is not None}
        ticket_views = await view_tickets(desk, ticket_ids)
        for row in rows:
            messages.append(
                await _row(desk, row, stored)
                | {"message": await _rendered(desk, row, ticket_views)}
            )
            ts = row.sent_ts or MessageTs.parse(f"{len(messages)}.000000")
            await desk.work.outbox.sent(row, row.sent_channel or row.outgoing.address, ts)
    return messages


async def _row(desk: Desk, row: OutboxRow, stored: Stored) -> Json:
    keys = await _keys(desk)
    place = (row.sent_channel, row.sent_ts) if row.sent_channel and row.sent_ts else None
    return {
        "key": row.outgoing.key,
        "mark": row.mark,
        "to": row.outgoing.address,
        "thread": slack_text(row.thread_ts),
        "ticket": keys.get(row.outgoing.ticket_id),
        "created_at": instant(row.created_at),
        "doubtful": row.doubtful,
        "looked": row.looked,
        "attempts": row.attempts,
        "stands": _stands(place, stored[row.outgoing.key]),
    }


def _stands(place: tuple[str, MessageTs] | None, stored: list[str | None]) -> list[str | None]:
    """Return the channel and the `ts` of a message as text.

    A file and a page have no `ts`: for them the stored text is returned.
    """
    if place is not None:
        return [place[0], str(place[1])]
    assert "." not in (stored[1] or "")
    return stored


async def _rendered(
    desk: Desk, row: OutboxRow, ticket_views: Mapping[TicketId, TicketView]
) -> Json | None:
    """Return the message as Slack would get it, or the message that a withdrawal deletes."""
    outgoing = row.outgoing
    if isinstance(outgoing.message, Withdrawal):
        it = outgoing.message
        mark = None if it.mark == it.key else it.mark
        return {"withdraws": [it.key, slack_text(it.ts), it.since.isoformat(), mark]}
    assert not isinstance(outgoing.message, Page | UnreadableMessage)
    message = await render(desk, outgoing.message, ticket_views, outgoing.address)
    return None if message is None else _shown(message)


def _shown(message: Message) -> Json:
    if message.unnamed and message.named is not None:
        named = message.named({file: f"name of {file}" for file in message.unnamed})
        message = replace(message, text=named.text, blocks=named.blocks)
    upload = message.upload
    return {
        "text": message.text,
        "blocks": message.blocks,
        "username": message.username,
        "to_all": message.to_all,
        "upload": upload and [upload.title, upload.alt, upload.ending, _table(message)],
    }


def _table(message: Message) -> str | None:
    """Return the content of a CSV file; None for a picture, which depends on installed fonts."""
    upload = message.upload
    return upload.make().decode() if upload and upload.ending == "csv" else None


def slack_text(ts: MessageTs | None) -> str | None:
    return None if ts is None else str(ts)


def instant(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).isoformat()


def text(value: Any) -> Any:
    """Return an enum member or a text as a plain string, and None for an empty text."""
    if isinstance(value, str):
        return str(value) or None
    return value


def known_from(keys: Mapping[str, Any]) -> Known:
    """Return the keys from their JSON form."""
    return Known(**{**keys, "periods": [tuple(period) for period in keys["periods"]]})
