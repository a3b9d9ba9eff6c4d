"""What a billing period came to: written once when it has ended, and never changed.

"What comes to light later goes on the next statement as an adjustment that names the ticket."
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.money import Money
from bot.domain.period import Period
from bot.domain.plan import Plan
from bot.domain.quota import standing
from bot.domain.ticket import Source, Ticket, TicketState


@dataclass(frozen=True, slots=True)
class Line:
    """A counted ticket. `position` (from 1) is its place by `opened_at` among those of its plan in
    the period; `price` is that of a ticket beyond what the plan includes, None within. `channel_id`
    and `thread_ts` say where it is talked over, None for other ways than Slack."""

    key: str
    opened_at: datetime
    opened_by: str
    channel_id: str | None
    thread_ts: str | None
    plan: str
    position: int
    included: int | None
    price: Money | None
    waived: str = ""  # why it costs nothing all the same

    @property
    def amount(self) -> Money | None:
        """What is to be paid for it; None for nothing."""
        return None if self.waived else self.price


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What a ticket of an earlier period has come to since: `was` is what is on record, `now` what
    it comes to by now; None for nothing. `why` is a sentence without its full stop, for the client
    to read, too."""

    key: str
    opened_at: datetime
    opened_by: str
    channel_id: str | None
    thread_ts: str | None
    counted: bool  # whether it counts by now
    was: Money | None
    now: Money | None
    why: str

    @property
    def amounts(self) -> tuple[Money, ...]:
        """What is charged, and what is given back."""
        back = () if self.was is None else (self.was * -1,)
        return back if self.now is None else (*back, self.now)


@dataclass(frozen=True, slots=True)
class Statement:
    """Of one client and one period, in the IANA `zone` in which its days are read."""

    client_key: str
    client: str
    zone: str
    period: Period
    issued_at: datetime
    plans: tuple[str, ...]  # in force in it, in order
    lines: tuple[Line, ...]
    adjustments: tuple[Adjustment, ...]
    recorded_to: int = 0  # the last line of the client's history that it rests on, by its ID

    @property
    def totals(self) -> tuple[Money, ...]:
        """What is to be paid, by currency; none where it is nothing."""
        amounts = [line.amount for line in self.lines if line.amount is not None]
        return sum_up([*amounts, *(one for a in self.adjustments for one in a.amounts)])

    @property
    def beyond(self) -> int:
        """How many tickets are charged."""
        return sum(line.amount is not None for line in self.lines)


def sum_up(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """By currency, in the order of the alphabet; what comes to nothing is left out."""
    sums: Counter[str] = Counter()
    for amount in amounts:
        sums[amount.currency] += amount.minor
    return tuple(Money(sums[currency], currency) for currency in sorted(sums) if sums[currency])


def count(tickets: Iterable[tuple[Ticket, Plan]]) -> tuple[Line, ...]:
    """The counted ones among the tickets of one period, each with the plan that it was opened
    under. "Ordered by `opened_at`: the first 20 are included, the rest cost the price in force at
    their opening." Each plan has its own quota."""
    lines = []
    places: Counter[str] = Counter()
    for ticket, plan in sorted(tickets, key=lambda one: (one[0].opened_at, one[0].id)):
        if not ticket.counted:
            continue
        places[plan.id] += 1
        stands = standing(plan.quota, places[plan.id])
        lines.append(
            Line(
                key=ticket.key,
                opened_at=ticket.opened_at,
                opened_by=ticket.opened_by,
                channel_id=ticket.channel_id,
                thread_ts=ticket.thread_ts,
                plan=plan.name,
                position=stands.position,
                included=stands.included,
                price=stands.price,
                waived=ticket.waived,
            )
        )
    return tuple(lines)


def adjust(
    stated: Sequence[Statement], counted: Sequence[Line], tickets: Iterable[Ticket]
) -> tuple[Adjustment, ...]:
    """What the tickets of the periods that were stated have come to since. `counted` are the lines
    of these periods as they are counted now, `tickets` all that were opened in them."""
    record = on_record(stated)
    lines = {line.key: line for line in counted}
    found = []
    for ticket in sorted(tickets, key=lambda one: (one.opened_at, one.id)):
        line, before = lines.get(ticket.key), record.get(ticket.key)
        now = None if line is None else line.amount
        if (line is not None) == (before is not None) and now == (before and before.amount):
            continue
        found.append(
            Adjustment(
                key=ticket.key,
                opened_at=ticket.opened_at,
                opened_by=ticket.opened_by,
                channel_id=ticket.channel_id,
                thread_ts=ticket.thread_ts,
                counted=line is not None,
                was=before.amount if before else None,
                now=now,
                why=_why(ticket, before),
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What stands on statements of a counted ticket: what it came to."""

    amount: Money | None


def on_record(stated: Sequence[Statement]) -> dict[str, Recorded]:
    """By key, the tickets that count by what was stated, with what they came to."""
    record: dict[str, Recorded] = {}
    for statement in stated:
        for line in statement.lines:
            record[line.key] = Recorded(line.amount)
        for one in statement.adjustments:
            record.pop(one.key, None)
            if one.counted:
                record[one.key] = Recorded(one.now)
    return record


def _why(ticket: Ticket, before: Recorded | None) -> str:
    if ticket.counted:
        if before is None:
            return "it was not counted before"
        return "it was waived" if ticket.waived else "its place in the order is another"
    if ticket.source is Source.ALERT:
        return "we noticed it ourselves"
    if ticket.fault:
        return "it was our own fault"
    return _NOT_COUNTED.get(ticket.state, "it is not part of the plan")


_NOT_COUNTED = {
    TicketState.MERGED: "it goes on as part of another",
    TicketState.WITHDRAWN: "it was withdrawn before it was answered",
    TicketState.DISMISSED: "it was no ticket",
}
