"""Compare the store and Slack with the expected state; each difference is a sentence."""

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
from tests.judge.sla_targets import Clock, plan_model_of
from tests.judge.slack_messages import ShownInSlack
from tests.judge.store import Stored, Table
from tests.judge.tickets import ExpectedTicket, Reading


@dataclass
class Case:
    """Everything that is judged.

    With `exact` each ping is judged at the ledger's rests. Without it deliveries were late, and a
    ping may be based on facts that were not known yet.
    """

    ledger: Ledger
    messages: list[Message]  # every message ever posted
    direct: dict[str, str]  # from a direct channel to its user
    store: Stored
    now: datetime
    exact: bool = True


def case_of(
    ledger: Ledger, sandbox: Sandbox, store: Stored, now: datetime, *, exact: bool = True
) -> Case:
    channels = sandbox._workspace.channels.values()
    direct = {
        channel.channel_id: channel.direct_with for channel in channels if channel.direct_with
    }
    return Case(ledger, sandbox.all_messages(), direct, store, now, exact)


def differences(case: Case) -> list[str]:
    """Return the differences as sentences; an empty list if everything is as expected."""
    reading, shown = (
        Reading(case.ledger, case.ledger.entries),
        ShownInSlack(case.messages, case.direct, case.ledger),
    )
    stuck = list(_unfinished_work(case))
    if stuck:
        return stuck
    by_name: dict[str, Table] = {}
    for row in case.store.tickets:
        if (name := _ticket_name(row, reading)) in by_name:
            return [f"{row['key']} is {by_name[name]['key']} once more."]
        by_name[name] = row
    keys = {name: row["key"] for name, row in by_name.items()}
    return [
        *_ticket_numbers(case),
        *_messages(case, reading, by_name),
        *_outbox(case, shown),
        *_statements(case),
        *(f"{n} is no ticket of anybody's." for n in by_name.keys() - reading.tickets.keys()),
        *(f"{n} is lost." for n in reading.tickets.keys() - by_name.keys()),
        *(
            sentence
            for name, ticket in reading.tickets.items()
            if name in by_name
            for sentence in _ticket(case, reading, shown, ticket, by_name[name])
        ),
        *_unknown_cards(shown, set(keys.values())),
        *_pings(case, reading, shown, keys),
        *_digests(case, shown),
    ]


def _ticket_name(row: Table, reading: Reading) -> str:
    """Return the name of a row's ticket.

    A later message may have arrived first, and then the ticket is in that message's thread.
    """
    if row["channel_id"] is None:
        return f"report:{row['summary']}"
    ticket = reading.ticket_of(row["channel_id"], row["thread_ts"])
    if ticket is None:
        return f"{row['channel_id']}:{row['thread_ts']}"
    if ticket.root[1] != row["thread_ts"]:
        ticket.came_first = row["thread_ts"]
    return ticket.name


def _unfinished_work(case: Case) -> Iterator[str]:
    """Yield unhandled inbox rows, unsent outbox rows, unfired timers and parked rows."""
    for row in case.store.inbox:
        if row["done_at"] is None or "parked" in row["outcome"]:
            yield f"The delivery {row['key']} is not worked: {row['outcome']}."
    for row in case.store.outbox:
        if row["state"] != "sent":
            yield f"The message {row['key']} is {row['state']}: {row['error']}."
    for row in case.store.timers:
        if row["fired_at"] is None and row["due_at"] <= case.now:
            yield f"The timer {row} has not fired."


def _ticket_numbers(case: Case) -> Iterator[str]:
    for terms in case.ledger.terms:
        numbers = sorted(r["number"] for r in case.store.tickets if r["client"] == terms.key)
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"The numbers of {terms.key} have gaps: {numbers}."


def _messages(case: Case, reading: Reading, by_name: dict[str, Table]) -> Iterator[str]:
    """Check that each message is recorded once, in its ticket or without a ticket."""
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


def _outbox(case: Case, shown: ShownInSlack) -> Iterator[str]:
    """Check that Slack shows each outbox message exactly once and no others."""
    outbox = {row["mark"]: row for row in case.store.outbox}
    for mark, times in shown.marks().items():
        if times != 1 or mark not in outbox:
            key = outbox[mark]["key"] if mark in outbox else mark
            yield f"The message {key} stands {times} times in Slack; owed: {mark in outbox}."
    places = {(message.channel, message.ts) for message in shown.messages}
    places |= {
        (message.channel, mark)
        for message in shown.messages
        for mark in shown.marks()
        if message.files
    }
    for row in outbox.values():
        if row["sent_ts"] and (row["sent_channel"], row["sent_ts"]) not in places:
            yield f"The message {row['key']} is on record as sent, and does not stand in Slack."


def _statements(case: Case) -> Iterator[str]:
    """Check that each client's statement timer is set and that every ended period has a statement,
    without gaps.
    """
    for client in case.store.clients:
        waiting = [
            timer["due_at"]
            for timer in case.store.timers
            if timer["client_id"] == client["id"] and timer["fired_at"] is None
        ]
        stated = [
            statement
            for statement in case.store.statements
            if statement["client_id"] == client["id"]
        ]
        stated.sort(key=lambda statement: statement["period_start"])
        for statement, following in pairwise(stated):
            if statement["period_end"] != following["period_start"]:
                yield f"Between the statements of {client['key']} there is a gap: {statement}."
        if len(waiting) != 1 or waiting[0] <= case.now:
            yield f"The books of {client['key']} are looked at {waiting}."
        if stated and waiting and stated[-1]["period_end"] > case.now:
            yield f"A period of {client['key']} was stated before it ended."


def _ticket(
    case: Case, reading: Reading, shown: ShownInSlack, ticket: ExpectedTicket, row: Table
) -> Iterator[str]:
    plan_model = plan_model_of(ticket.terms.catalog, ticket.terms.plan)
    key = row["key"]
    if not case.exact and row["assignee"] in ticket.answered_by:
        # The earliest answer counts, not the answer to the earliest message.
        ticket.assignee = row["assignee"]
    clocks = _clocks(case, ticket, key)
    first = next(clock for clock in clocks if clock.metric == "first_response")
    facts: dict[str, tuple[Any, Any]] = {
        "client": (row["client"], ticket.terms.key),
        "severity": (row["severity"], ticket.severity),
        "state": (row["state"], "open" if ticket.is_open else ticket.ended),
        "assignee": (row["assignee"], ticket.assignee),
        "opening": (plan_model.minute(row["opened_at"]), plan_model.minute(ticket.opened_at)),
        "answer": (
            minute_of(plan_model, row["first_response_at"]),
            minute_of(plan_model, ticket.answered_at),
        ),
        "waiting": (row["waiting_since"] is not None, ticket.waiting),
        "resolutions": (shown.resolved[key], ticket.resolutions if ticket.root[0] else 0),
        "reopenings": (shown.reopened[key], ticket.reopenings if ticket.root[0] else 0),
        "replies": (len(shown.replies(*ticket.thread)) if ticket.root[0] else 0, ticket.replies),
        "clocks": (_stored_clocks(case, plan_model, row["id"]), _model_clocks(case, clocks)),
    }
    for name, (actual, wanted) in facts.items():
        if actual != wanted:
            yield f"{key}: {name} is {actual}, not {wanted}."
    yield from card_differences(reading, shown, ticket, first, key)


def _clocks(case: Case, ticket: ExpectedTicket, key: str) -> list[Clock]:
    """Return the promised clocks.

    If a clock stopped in its due minute, minutes do not tell which came first, so the recorded
    instants decide.
    """
    plan_model = plan_model_of(ticket.terms.catalog, ticket.terms.plan)
    ids = {row["key"]: row["id"] for row in case.store.tickets}
    rows = {
        (row["metric"], row["number"]): row
        for row in case.store.clocks
        if row["ticket_id"] == ids.get(key)
    }
    expected = []
    for clock in plan_model.clocks(ticket.log, case.now):
        row = rows.get((clock.metric, clock.number))
        if row is not None and clock.stop is not None and clock.stop == clock.due == clock.surely:
            late = row["stops_at"] > row["due_at"]
            expected.append(replace(clock, broken=clock.surely if late else None))
        else:
            expected.append(clock)
    return expected


def _stored_clocks(case: Case, plan_model: Any, ticket_id: int) -> dict[tuple[str, int], Any]:
    return {
        (row["metric"], row["number"]): (
            minute_of(plan_model, row["due_at"]),
            minute_of(plan_model, row["stops_at"]),
            minute_of(plan_model, row["breached_at"]),
        )
        for row in case.store.clocks
        if row["ticket_id"] == ticket_id
    }


def _model_clocks(case: Case, clocks: list[Clock]) -> dict[tuple[str, int], Any]:
    return {(clock.metric, clock.number): (clock.due, clock.stop, clock.broken) for clock in clocks}


def _unknown_cards(shown: ShownInSlack, keys: set[str]) -> Iterator[str]:
    for card in [*shown.client_cards, *shown.triage_cards]:
        if card.key not in keys:
            yield f"A card is shown for {card.key}, which the store does not have."


def _pings(
    case: Case, reading: Reading, shown: ShownInSlack, keys: dict[str, str]
) -> Iterator[str]:
    names = {key: name for name, key in keys.items()}
    times_said: Counter[Ping] = Counter()
    for ping, times in shown.pings.items():
        if names.get(ping.key) not in reading.tickets:
            continue  # reported already as an unknown or missing ticket
        terms = reading.tickets[names[ping.key]].terms
        minute = plan_model_of(terms.catalog, terms.plan).minute(ping.at)
        times_said[Ping(names[ping.key], ping.place, ping.metric, ping.step, minute)] += times
    if case.exact:
        expected = expected_pings(case.ledger)
        never = expected.must - times_said.keys()
        yield from (f"{keys.get(p.ticket, p.ticket)}: never said: {p}." for p in never)
        known = expected.must | expected.may
        yield from (
            f"{keys[p.ticket]}: said without cause: {p}." for p in times_said.keys() - known
        )
    else:
        yield from _breaches(case, reading, times_said, keys)
    yield from (f"{keys[p.ticket]}: said {n} times: {p}." for p, n in times_said.items() if n > 1)


def _breaches(
    case: Case, reading: Reading, times_said: Counter[Ping], keys: dict[str, str]
) -> Iterator[str]:
    """Check breaches after late deliveries: managers get every true breach and no other."""
    reported = {
        (ping.ticket, ping.metric, ping.minute) for ping in times_said if ping.step == BREACH
    }
    true = {
        (ticket.name, clock.metric, clock.broken)
        for ticket in reading.tickets.values()
        for clock in _clocks(case, ticket, keys.get(ticket.name, ""))
        if clock.broken is not None
    }
    for breach in sorted(reported ^ true, key=str):
        fault = "told, and was none" if breach in reported else "not told"
        yield f"The breach {breach} is {fault}."


def _digests(case: Case, shown: ShownInSlack) -> Iterator[str]:
    """Check for a single digest per date whose digest time had passed at a rest; missed
    digests are combined.
    """
    if case.ledger.digest_at is None:
        return
    zone, at = ZoneInfo(case.ledger.zone), time.fromisoformat(case.ledger.digest_at)
    rests = [entry.at for entry in case.ledger.entries if isinstance(entry, Rest)]
    wanted = 0
    for before, after in pairwise(rests):
        day = before.astimezone(zone).date()
        instants = [datetime.combine(day + timedelta(days=n), at, zone) for n in range(40)]
        wanted += any(before < instant.astimezone(UTC) <= after for instant in instants)
    if len(shown.digests) != wanted:
        yield f"{len(shown.digests)} digests were said, not {wanted}."
