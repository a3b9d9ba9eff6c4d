"""Holds what the store and Slack say against what must be; each difference is a sentence."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox import Message, Sandbox
from tests.judge.cards import card_differences, minute_of
from tests.judge.ledger import Ledger, Rest
from tests.judge.pings import BREACH, Ping, expected_pings
from tests.judge.promises import Clock, sheet_of
from tests.judge.seen import Seen
from tests.judge.store import Stored, Table
from tests.judge.tickets import Expected, Reading


@dataclass
class Case:
    """Everything there is to judge. `exact`: each ping is judged by the rests of the ledger;
    otherwise deliveries were late, and a ping may be due to what was not known yet."""

    ledger: Ledger
    messages: list[Message]  # every one there ever was
    direct: dict[str, str]  # from a direct channel to the person it is with
    store: Stored
    now: datetime
    exact: bool = True


def case_of(
    ledger: Ledger, sandbox: Sandbox, store: Stored, now: datetime, *, exact: bool = True
) -> Case:
    channels = sandbox._workspace.channels.values()
    direct = {one.channel_id: one.direct_with for one in channels if one.direct_with}
    return Case(ledger, sandbox.all_messages(), direct, store, now, exact)


def differences(case: Case) -> list[str]:
    """Sentences; none where everything is as it must be."""
    reading, seen = (
        Reading(case.ledger, case.ledger.entries),
        Seen(case.messages, case.direct, case.ledger),
    )
    stuck = list(_stuck(case))
    if stuck:
        return stuck
    by_name: dict[str, Table] = {}
    for row in case.store.tickets:
        if (name := _name(row, reading)) in by_name:
            return [f"{row['key']} is {by_name[name]['key']} once more."]
        by_name[name] = row
    keys = {name: row["key"] for name, row in by_name.items()}
    return [
        *_numbers(case),
        *_messages(case, reading, by_name),
        *_outbox(case, seen),
        *_books(case),
        *(f"{n} is no ticket of anybody's." for n in by_name.keys() - reading.tickets.keys()),
        *(f"{n} is lost." for n in reading.tickets.keys() - by_name.keys()),
        *(
            sentence
            for name, ticket in reading.tickets.items()
            if name in by_name
            for sentence in _ticket(case, reading, seen, ticket, by_name[name])
        ),
        *_strangers(seen, set(keys.values())),
        *_pings(case, reading, seen, keys),
        *_digests(case, seen),
    ]


def _name(row: Table, reading: Reading) -> str:
    """A later message of a ticket may have come first: the ticket stands in its thread."""
    if row["channel_id"] is None:
        return f"report:{row['summary']}"
    ticket = reading.ticket_of(row["channel_id"], row["thread_ts"])
    if ticket is None:
        return f"{row['channel_id']}:{row['thread_ts']}"
    if ticket.root[1] != row["thread_ts"]:
        ticket.came_first = row["thread_ts"]
    return ticket.name


def _stuck(case: Case) -> Iterator[str]:
    """Inbox done, outbox sent, timers fired; none parked."""
    for row in case.store.inbox:
        if row["done_at"] is None or "parked" in row["outcome"]:
            yield f"The delivery {row['key']} is not worked: {row['outcome']}."
    for row in case.store.outbox:
        if row["state"] != "sent":
            yield f"The message {row['key']} is {row['state']}: {row['error']}."
    for row in case.store.timers:
        if row["fired_at"] is None and row["due_at"] <= case.now:
            yield f"The timer {row} has not fired."


def _numbers(case: Case) -> Iterator[str]:
    for terms in case.ledger.terms:
        numbers = sorted(r["number"] for r in case.store.tickets if r["client"] == terms.key)
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"The numbers of {terms.key} have gaps: {numbers}."


def _messages(case: Case, reading: Reading, by_name: dict[str, Table]) -> Iterator[str]:
    """Each message is on record once, in its ticket or as none."""
    stored = Counter((row["channel_id"], row["ts"]) for row in case.store.messages)
    kept = {(row["channel_id"], row["ts"]): row for row in case.store.messages}
    for post in case.ledger.posts:
        place = (post.channel, post.ts)
        if stored[place] != 1:
            yield f"The message {place}, “{post.text}”, is on record {stored[place]} times."
            continue
        ticket, row = reading.ticket_of(*place), kept[place]
        wanted = by_name[ticket.name]["id"] if ticket and ticket.name in by_name else None
        if row["ticket_id"] != wanted:
            yield (
                f"The message {place}, “{post.text}”, is in ticket {row['ticket_id']}, not in"
                f" {wanted}: “{row['because']}”."
            )
        if not row["because"]:
            yield f"The message {place} is on record without a reason."


def _outbox(case: Case, seen: Seen) -> Iterator[str]:
    """What stands in Slack is what was owed, each once."""
    owed = {row["mark"]: row for row in case.store.outbox}
    for mark, times in seen.marks().items():
        if times != 1 or mark not in owed:
            key = owed[mark]["key"] if mark in owed else mark
            yield f"The message {key} stands {times} times in Slack; owed: {mark in owed}."
    places = {(one.channel, one.ts) for one in seen.said}
    places |= {(one.channel, mark) for one in seen.said for mark in seen.marks() if one.files}
    for row in owed.values():
        if row["sent_ts"] and (row["sent_channel"], row["sent_ts"]) not in places:
            yield f"The message {row['key']} is on record as sent, and does not stand in Slack."


def _books(case: Case) -> Iterator[str]:
    """Each client's are looked at again, and each period that has ended is stated, one after the
    other."""
    for client in case.store.clients:
        waiting = [
            one["due_at"]
            for one in case.store.timers
            if one["client_id"] == client["id"] and one["fired_at"] is None
        ]
        stated = [one for one in case.store.statements if one["client_id"] == client["id"]]
        stated.sort(key=lambda one: one["period_start"])
        for one, following in pairwise(stated):
            if one["period_end"] != following["period_start"]:
                yield f"Between the statements of {client['key']} there is a gap: {one}."
        if len(waiting) != 1 or waiting[0] <= case.now:
            yield f"The books of {client['key']} are looked at {waiting}."
        if stated and waiting and stated[-1]["period_end"] > case.now:
            yield f"A period of {client['key']} was stated before it ended."


def _ticket(
    case: Case, reading: Reading, seen: Seen, ticket: Expected, row: Table
) -> Iterator[str]:
    ticket_view = sheet_of(ticket.terms.catalog, ticket.terms.plan)
    key = row["key"]
    if not case.exact and row["assignee"] in ticket.answered_by:
        ticket.assignee = row["assignee"]  # whoever's answer came first, not whose was the first
    clocks = _clocks(case, ticket, key)
    first = next(one for one in clocks if one.metric == "first_response")
    facts: dict[str, tuple[Any, Any]] = {
        "client": (row["client"], ticket.terms.key),
        "severity": (row["severity"], ticket.severity),
        "state": (row["state"], "open" if ticket.is_open else ticket.ended),
        "assignee": (row["assignee"], ticket.assignee),
        "opening": (ticket_view.minute(row["opened_at"]), ticket_view.minute(ticket.opened_at)),
        "answer": (
            minute_of(ticket_view, row["first_response_at"]),
            minute_of(ticket_view, ticket.answered_at),
        ),
        "waiting": (row["waiting_since"] is not None, ticket.waiting),
        "resolutions": (seen.resolved[key], ticket.resolutions if ticket.root[0] else 0),
        "reopenings": (seen.reopened[key], ticket.reopenings if ticket.root[0] else 0),
        "replies": (len(seen.replies(*ticket.thread)) if ticket.root[0] else 0, ticket.replies),
        "clocks": (_stored_clocks(case, ticket_view, row["id"]), _model_clocks(case, clocks)),
    }
    for name, (found, wanted) in facts.items():
        if found != wanted:
            yield f"{key}: {name} is {found}, not {wanted}."
    yield from card_differences(reading, seen, ticket, first, key)


def _clocks(case: Case, ticket: Expected, key: str) -> list[Clock]:
    """As the plan promises. Where a clock stopped in the minute in which it was due, minutes do
    not tell which was first, and the instants on record do."""
    ticket_view = sheet_of(ticket.terms.catalog, ticket.terms.plan)
    ids = {row["key"]: row["id"] for row in case.store.tickets}
    rows = {
        (row["metric"], row["number"]): row
        for row in case.store.clocks
        if row["ticket_id"] == ids.get(key)
    }
    found = []
    for one in ticket_view.clocks(ticket.log, case.now):
        row = rows.get((one.metric, one.number))
        if row is not None and one.stop is not None and one.stop == one.due == one.surely:
            late = row["stops_at"] > row["due_at"]
            found.append(replace(one, broken=one.surely if late else None))
        else:
            found.append(one)
    return found


def _stored_clocks(case: Case, ticket_view: Any, ticket_id: int) -> dict[tuple[str, int], Any]:
    return {
        (row["metric"], row["number"]): (
            minute_of(ticket_view, row["due_at"]),
            minute_of(ticket_view, row["stops_at"]),
            minute_of(ticket_view, row["breached_at"]),
        )
        for row in case.store.clocks
        if row["ticket_id"] == ticket_id
    }


def _model_clocks(case: Case, clocks: list[Clock]) -> dict[tuple[str, int], Any]:
    return {(one.metric, one.number): (one.due, one.stop, one.broken) for one in clocks}


def _strangers(seen: Seen, keys: set[str]) -> Iterator[str]:
    for card in [*seen.client_cards, *seen.triage_cards]:
        if card.key not in keys:
            yield f"A card is shown for {card.key}, which the store does not have."


def _pings(case: Case, reading: Reading, seen: Seen, keys: dict[str, str]) -> Iterator[str]:
    names = {key: name for name, key in keys.items()}
    said: Counter[Ping] = Counter()
    for one, times in seen.pings.items():
        if names.get(one.key) not in reading.tickets:
            continue  # it is told already that there should be, or is, no such ticket
        terms = reading.tickets[names[one.key]].terms
        minute = sheet_of(terms.catalog, terms.plan).minute(one.at)
        said[Ping(names[one.key], one.place, one.metric, one.step, minute)] += times
    if case.exact:
        owed = expected_pings(case.ledger)
        never = owed.must - said.keys()
        yield from (f"{keys.get(p.ticket, p.ticket)}: never said: {p}." for p in never)
        known = owed.must | owed.may
        yield from (f"{keys[p.ticket]}: said without cause: {p}." for p in said.keys() - known)
    else:
        yield from _breaches(case, reading, said, keys)
    yield from (f"{keys[p.ticket]}: said {n} times: {p}." for p, n in said.items() if n > 1)


def _breaches(
    case: Case, reading: Reading, said: Counter[Ping], keys: dict[str, str]
) -> Iterator[str]:
    """Deliveries were late: each true breach is told to the managers, and none that was none."""
    told = {(one.ticket, one.metric, one.minute) for one in said if one.step == BREACH}
    true = {
        (ticket.name, clock.metric, clock.broken)
        for ticket in reading.tickets.values()
        for clock in _clocks(case, ticket, keys.get(ticket.name, ""))
        if clock.broken is not None
    }
    for one in sorted(told ^ true, key=str):
        yield f"The breach {one} is {'told, and was none' if one in told else 'not told'}."


def _digests(case: Case, seen: Seen) -> Iterator[str]:
    """One for each local date whose digest had come at a rest; several missed are one."""
    if case.ledger.digest_at is None:
        return
    zone, at = ZoneInfo(case.ledger.zone), time.fromisoformat(case.ledger.digest_at)
    rests = [one.at for one in case.ledger.entries if isinstance(one, Rest)]
    wanted = 0
    for before, after in pairwise(rests):
        day = before.astimezone(zone).date()
        instants = [datetime.combine(day + timedelta(days=n), at, zone) for n in range(40)]
        wanted += any(before < one.astimezone(UTC) <= after for one in instants)
    if len(seen.digests) != wanted:
        yield f"{len(seen.digests)} digests were said, not {wanted}."
