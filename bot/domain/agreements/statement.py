"""The statement of a billing period: written once after the period has ended, and never changed.

"What comes to light later goes on the next statement as an adjustment that names the ticket."
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.agreements.money import Money
from bot.domain.agreements.period import Period
from bot.domain.agreements.plan import Plan
from bot.domain.agreements.quota import standing
from bot.domain.ids import ChannelId
from bot.domain.ticket import Source, Ticket, TicketState
from bot.slack_ts import MessageTs


@dataclass(frozen=True, slots=True)
class Line:
    """A counted ticket on a statement.

    `position` is its place by `opened_at`, from 1, among the tickets of its plan in the period.
    `price` is the price of a ticket beyond the quota, None within the quota. `channel_id` and
    `thread_ts` locate its thread, None if it did not come through Slack.
    """

    key: str
    opened_at: datetime
    opened_by: str
    channel_id: ChannelId | None
    thread_ts: MessageTs | None
    plan: str
    position: int
    included: int | None
    price: Money | None
    waived: str | None = None  # the reason of a waiver

    @property
    def amount(self) -> Money | None:
        """Return the amount to pay, None for nothing."""
        return None if self.waived else self.price


class AdjustmentReason(StrEnum):
    """The reasons for an adjustment. Statements store them."""

    NOT_COUNTED_BEFORE = "not_counted_before"
    WAIVED = "waived"
    OTHER_POSITION = "other_position"  # another ticket's change moved it in the order
    ALERT = "alert"
    FAULT = "fault"
    MERGED = "merged"
    WITHDRAWN = "withdrawn_before_response"
    DISMISSED = "dismissed"
    NOT_COVERED = "not_covered"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A correction for a ticket of an earlier period.

    `was` is the amount on record, `now` the current amount; None for nothing. `why` is an
    AdjustmentReason; a statement of an earlier release has its words instead.
    """

    key: str
    opened_at: datetime
    opened_by: str
    channel_id: ChannelId | None
    thread_ts: MessageTs | None
    counted: bool  # whether it counts now
    was: Money | None
    now: Money | None
    why: str

    @property
    def amounts(self) -> tuple[Money, ...]:
        """Return the charge and, as a negative amount, the refund."""
        back = () if self.was is None else (self.was * -1,)
        return back if self.now is None else (*back, self.now)


@dataclass(frozen=True, slots=True)
class Statement:
    """The statement of a client for a billing period.

    Its days are local dates in the IANA `zone`.
    """

    client_key: str
    client: str
    zone: str
    period: Period
    issued_at: datetime
    plans: tuple[str, ...]  # the plans in force during the period, in order
    lines: tuple[Line, ...]
    adjustments: tuple[Adjustment, ...]
    recorded_to: int = 0  # the ID of the last history line that it takes into account

    @property
    def totals(self) -> tuple[Money, ...]:
        """Return the totals to pay, by currency; empty if nothing is to be paid."""
        amounts = [line.amount for line in self.lines if line.amount is not None]
        adjusted = (amount for entry in self.adjustments for amount in entry.amounts)
        return sum_up([*amounts, *adjusted])

    @property
    def beyond(self) -> int:
        """Return the number of tickets that are charged."""
        return sum(line.amount is not None for line in self.lines)


class EntryKind(StrEnum):
    """The kinds of entries on a statement."""

    LINE = "line"
    ADJUSTMENT = "adjustment"


@dataclass(frozen=True, slots=True)
class Difference:
    """An entry of a ticket that differs from the history. None means that there is no entry."""

    key: str
    kind: EntryKind
    stated: Line | Adjustment | None
    counted: Line | Adjustment | None  # by the history


def sum_up(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """Return the sum for each currency, in alphabetical order, without sums of zero."""
    sums: Counter[str] = Counter()
    for amount in amounts:
        sums[amount.currency] += amount.minor
    return tuple(Money(sums[currency], currency) for currency in sorted(sums) if sums[currency])


def count(tickets: Iterable[tuple[Ticket, Plan]]) -> tuple[Line, ...]:
    """Return the lines of the counted tickets of a period. Each ticket comes with its plan at
    opening.

    "Ordered by `opened_at`: the first 20 are included, the rest cost the price in force at their
    opening." Each plan has its own quota.
    """
    lines = []
    places: Counter[str] = Counter()
    for ticket, plan in sorted(tickets, key=lambda entry: (entry[0].opened_at, entry[0].id)):
        if not ticket.counted:
            continue
        places[plan.id] += 1
        place = standing(plan.quota, places[plan.id])
        lines.append(
            Line(
                key=ticket.key,
                opened_at=ticket.opened_at,
                opened_by=ticket.opened_by,
                channel_id=ticket.channel_id,
                thread_ts=ticket.thread_ts,
                plan=plan.name,
                position=place.position,
                included=place.included,
                price=place.price,
                waived=ticket.waived,
            )
        )
    return tuple(lines)


def adjust(
    stated: Sequence[Statement], counted: Sequence[Line], tickets: Iterable[Ticket]
) -> tuple[Adjustment, ...]:
    """Return the adjustments for the periods that have statements.

    `counted` are the lines of these periods as they are counted now, `tickets` are all tickets that
    were opened in them.
    """
    record = on_record(stated)
    lines = {line.key: line for line in counted}
    adjustments = []
    for ticket in sorted(tickets, key=lambda ticket: (ticket.opened_at, ticket.id)):
        line, before = lines.get(ticket.key), record.get(ticket.key)
        now = None if line is None else line.amount
        if (line is not None) == (before is not None) and now == (before and before.amount):
            continue
        adjustments.append(
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
    return tuple(adjustments)


@dataclass(frozen=True, slots=True)
class Recorded:
    """The amount of a counted ticket according to its statements."""

    amount: Money | None


def on_record(stated: Sequence[Statement]) -> dict[str, Recorded]:
    """Return the tickets that count according to the statements, by key, with their amounts."""
    record: dict[str, Recorded] = {}
    for statement in stated:
        for line in statement.lines:
            record[line.key] = Recorded(line.amount)
        for entry in statement.adjustments:
            record.pop(entry.key, None)
            if entry.counted:
                record[entry.key] = Recorded(entry.now)
    return record


def _why(ticket: Ticket, before: Recorded | None) -> AdjustmentReason:
    """Return the reason why the ticket's amount differs from the amount on record."""
    if ticket.counted:
        if before is None:
            return AdjustmentReason.NOT_COUNTED_BEFORE
        return AdjustmentReason.WAIVED if ticket.waived else AdjustmentReason.OTHER_POSITION
    if ticket.source is Source.ALERT:
        return AdjustmentReason.ALERT
    if ticket.fault:
        return AdjustmentReason.FAULT
    return _NOT_COUNTED.get(ticket.state, AdjustmentReason.NOT_COVERED)


_NOT_COUNTED = {
    TicketState.MERGED: AdjustmentReason.MERGED,
    TicketState.WITHDRAWN: AdjustmentReason.WITHDRAWN,
    TicketState.DISMISSED: AdjustmentReason.DISMISSED,
}
