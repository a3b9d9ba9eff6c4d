"""Everything there is to show of a ticket at one instant, and the part that a client may see."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.client import Client
from bot.domain.metric import Metric
from bot.domain.plan import Plan, Severity
from bot.domain.promised import ClockState, Promised
from bot.domain.quota import Standing
from bot.domain.target import NoClock
from bot.domain.ticket import Side, Ticket, TicketState


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock of a ticket, as it stands. `stopped_at` is when it was met."""

    name: str
    metric: Metric
    promise: Promised
    state: ClockState
    breached_at: datetime | None
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class TicketSheet:
    """For staff: the ticket with its client, its pinned plan and one of its clocks: that of the
    first response, unless the sheet is `about` another."""

    ticket: Ticket
    client: Client
    plan: Plan
    promise: Promised
    clock: ClockState
    breached_at: datetime | None
    standing: Standing | None  # None: not counted
    engineer: str | None = None  # the named account engineer, or their backup; None: neither
    away: bool = False  # whoever has it cannot act: away, or no longer on staff
    stand_in: str | None = None  # who acts for them then
    metric: Metric = Metric.FIRST_RESPONSE
    stopped_at: datetime | None = None  # when a clock of another metric was met
    further: tuple[ClockLine, ...] = ()  # the clocks of other metrics
    agreed_at: datetime | None = None  # since when its agreement is in force

    @property
    def met_at(self) -> datetime | None:
        """When the clock of this sheet was met."""
        first = self.metric is Metric.FIRST_RESPONSE
        return self.ticket.first_response_at if first else self.stopped_at

    @property
    def clocks(self) -> tuple[ClockLine, ...]:
        """Each of its clocks, the first response first."""
        first = ClockLine("", self.metric, self.promise, self.clock, self.breached_at, self.met_at)
        return (first, *self.further)

    @property
    def next_due(self) -> datetime | None:
        """When the soonest is due of what still runs; None where nothing does."""
        running = [one.promise.due_at for one in self.clocks if one.stopped_at is None]
        return min((due_at for due_at in running if due_at is not None), default=None)

    @property
    def is_late(self) -> bool:
        """Whether it is open and has broken a promise."""
        return self.ticket.is_open and any(one.breached_at for one in self.clocks)

    def is_at_risk(self, now: datetime) -> bool:
        """Whether it is open and three quarters of the time of something that runs are gone."""
        return self.ticket.is_open and any(
            one.promise.warn_at is not None and one.promise.warn_at <= now
            for one in self.clocks
            if one.stopped_at is None and one.breached_at is None
        )

    def about(self, name: str) -> "TicketSheet":
        """The sheet with another of the ticket's clocks in the middle."""
        for line in self.further:
            if line.name == name:
                return replace(
                    self,
                    promise=line.promise,
                    clock=line.state,
                    breached_at=line.breached_at,
                    metric=line.metric,
                    stopped_at=line.stopped_at,
                )
        return self

    @property
    def has_it(self) -> str | None:
        """Who must act: whoever has taken it, else the named engineer; a Slack user ID. For whoever
        is away their cover acts, else the named engineer or their backup."""
        assignee = self.ticket.assignee
        if self.away:
            return self.stand_in or self.engineer or assignee
        return assignee or self.engineer


@dataclass(frozen=True, slots=True)
class ClientSheet:
    """For the client: this and no more ever reaches their channel."""

    key: str
    state: TicketState
    is_open: bool
    severity: Severity | None
    proposed: bool  # the severity is the client's own proposal, staff have not decided
    severities: tuple[Severity, ...]
    due_at: datetime | None  # None: no clock, or answered
    words: str  # what is promised in words where the severity has no clock
    zone: str  # of the plan, for the fallback of times
    answered_at: datetime | None
    assignee: str | None  # Slack user ID
    standing: Standing | None
    resolution: str
    waiting: bool  # for the client's own answer
    further: tuple[tuple[str, datetime], ...]  # what else runs: "next response" and when it is due
    counted: bool = True
    rating: int | None = None  # their own
    merged_into: str | None = None  # the key of the client's own ticket as part of which it goes on
    kind: str = ""  # the label of the kind of work that it is, once staff have said
    covered: bool = True  # whether the plan has that kind


def client_sheet(sheet: TicketSheet) -> ClientSheet:
    """What of a ticket its client may see: the only way from what staff know to their channel.

    Raises KeyError for a severity that the plan does not have.
    """
    ticket, plan = sheet.ticket, sheet.plan
    answered_at = ticket.first_response_at
    return ClientSheet(
        key=ticket.key,
        state=ticket.state,
        is_open=ticket.is_open,
        severity=plan.promise(ticket.severity).severity if ticket.severity else None,
        proposed=ticket.severity_by is Side.CLIENT,
        severities=tuple(promise.severity for promise in plan.promises),
        due_at=None if answered_at else sheet.promise.due_at,
        words=_words(plan, ticket.severity),
        zone=plan.zone,
        answered_at=answered_at,
        assignee=ticket.assignee,
        standing=sheet.standing,
        resolution=ticket.resolution,
        waiting=ticket.waiting_since is not None,
        further=tuple(
            (line.metric.words, line.promise.due_at)
            for line in sheet.further
            if line.stopped_at is None and line.promise.due_at is not None
        ),
        counted=ticket.counted,
        rating=ticket.rating,
        merged_into=ticket.merged_into,
        kind=next((one.label for one in plan.categories if one.id == ticket.category), ""),
        covered=plan.covers_kind(ticket.category),
    )


def _words(plan: Plan, severity: str | None) -> str:
    """ "Prioritised handling.": the agreement's words for a severity without a clock."""
    if severity is None:
        return ""
    promise = plan.promise(severity)
    targets = (promise.target, *promise.by_weekday.values())
    return next((target.words for target in targets if isinstance(target, NoClock)), "")
