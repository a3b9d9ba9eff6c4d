"""The full view of a ticket at an instant, and the part that its client may see."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.agreements.plan import Plan
from bot.domain.agreements.quota import Standing
from bot.domain.ids import UserId
from bot.domain.operations.client import Client
from bot.domain.sla.clocks.deadline import ClockState, Deadline
from bot.domain.sla.targets.metric import Metric
from bot.domain.sla.targets.sla_target import Severity
from bot.domain.sla.targets.target import NoClock
from bot.domain.ticket import Side, Ticket, TicketState


@dataclass(frozen=True, slots=True)
class ClockLine:
    """The current state of a clock. `stopped_at` is when its promise was met."""

    name: str
    metric: Metric
    deadline: Deadline
    state: ClockState
    breached_at: datetime | None
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class TicketView:
    """The view for staff: a ticket with its client, its pinned plan and a selected clock.

    The selected clock is the first response, unless `about` has selected another.
    """

    ticket: Ticket
    client: Client
    plan: Plan
    deadline: Deadline
    clock: ClockState
    breached_at: datetime | None
    standing: Standing | None  # None: not counted
    engineer: UserId | None = None  # who acts as the account engineer; None for nobody
    away: bool = False  # whether the assignee is away or no longer on the staff
    stand_in: str | None = None  # who acts for the assignee then
    metric: Metric = Metric.FIRST_RESPONSE
    stopped_at: datetime | None = None  # when a clock of another metric was met
    further: tuple[ClockLine, ...] = ()  # the clocks of other metrics
    agreed_at: datetime | None = None  # since when the agreement is in force

    @property
    def met_at(self) -> datetime | None:
        """Return when the promise of the selected clock was met."""
        first = self.metric is Metric.FIRST_RESPONSE
        return self.ticket.first_response_at if first else self.stopped_at

    @property
    def clocks(self) -> tuple[ClockLine, ...]:
        """Return all clocks of the ticket, the selected clock first."""
        first = ClockLine("", self.metric, self.deadline, self.clock, self.breached_at, self.met_at)
        return (first, *self.further)

    @property
    def next_due(self) -> datetime | None:
        """Return the earliest due time of the running clocks; None if no clock runs."""
        running = [line.deadline.due_at for line in self.clocks if line.stopped_at is None]
        return min((due_at for due_at in running if due_at is not None), default=None)

    @property
    def is_late(self) -> bool:
        """Return whether the ticket is open and has a breach."""
        return self.ticket.is_open and any(line.breached_at for line in self.clocks)

    def is_at_risk(self, now: datetime) -> bool:
        """Return whether the ticket is open and a running clock has used 75 % of its time."""
        return self.ticket.is_open and any(
            line.deadline.warn_at is not None and line.deadline.warn_at <= now
            for line in self.clocks
            if line.stopped_at is None and line.breached_at is None
        )

    def about(self, name: str) -> "TicketView":
        """Return the view with the named clock selected."""
        for line in self.further:
            if line.name == name:
                return replace(
                    self,
                    deadline=line.deadline,
                    clock=line.state,
                    breached_at=line.breached_at,
                    metric=line.metric,
                    stopped_at=line.stopped_at,
                )
        return self

    @property
    def has_it(self) -> str | None:
        """Return the Slack user ID of the person who must act.

        That is the assignee, else the account engineer. For an assignee who is away, it is their
        cover, else the account engineer or the backup.
        """
        assignee = self.ticket.assignee
        if self.away:
            return self.stand_in or self.engineer or assignee
        return assignee or self.engineer


@dataclass(frozen=True, slots=True)
class ClientTicketView:
    """The view for the client. Nothing else about a ticket reaches the client's channel."""

    key: str
    state: TicketState
    is_open: bool
    severity: Severity | None
    proposed: bool  # the client's own proposal, which staff have not decided yet
    severities: tuple[Severity, ...]
    due_at: datetime | None  # None: no clock, or answered
    words: str | None  # the target in words if the severity has no clock
    zone: str  # the plan's zone, for the text fallback of times
    answered_at: datetime | None
    assignee: UserId | None  # Slack user ID
    standing: Standing | None
    resolution: str | None
    waiting: bool  # whether staff wait for the client's answer
    # other running clocks: "next response" and its due time
    further: tuple[tuple[str, datetime], ...]
    counted: bool = True
    rating: int | None = None  # the client's own rating
    merged_into: str | None = None  # the key of the client's ticket that continues this ticket
    kind: str | None = None  # the label of its category, once staff have set it
    covered: bool = True  # whether the plan covers that category


def client_ticket_view(ticket_view: TicketView) -> ClientTicketView:
    """Return the part of a ticket that its client may see.

    This is the only path from the view of staff to the client's channel. Raises KeyError for a
    severity that the plan does not have.
    """
    ticket, plan = ticket_view.ticket, ticket_view.plan
    answered_at = ticket.first_response_at
    return ClientTicketView(
        key=ticket.key,
        state=ticket.state,
        is_open=ticket.is_open,
        severity=plan.sla_target(ticket.severity).severity if ticket.severity else None,
        proposed=ticket.severity_by is Side.CLIENT,
        severities=tuple(sla_target.severity for sla_target in plan.sla_targets),
        due_at=None if answered_at else ticket_view.deadline.due_at,
        words=_words(plan, ticket.severity),
        zone=plan.zone,
        answered_at=answered_at,
        assignee=ticket.assignee,
        standing=ticket_view.standing,
        resolution=ticket.resolution,
        waiting=ticket.waiting_since is not None,
        further=tuple(
            (line.metric.words, line.deadline.due_at)
            for line in ticket_view.further
            if line.stopped_at is None and line.deadline.due_at is not None
        ),
        counted=ticket.counted,
        rating=ticket.rating,
        merged_into=ticket.merged_into,
        kind=next(
            (category.label for category in plan.categories if category.id == ticket.category), None
        ),
        covered=plan.covers_kind(ticket.category),
    )


def _words(plan: Plan, severity: str | None) -> str | None:
    """Return the words of a promise without a clock, such as "Prioritised handling." """
    if severity is None:
        return None
    sla_target = plan.sla_target(severity)
    targets = (sla_target.target, *sla_target.by_weekday.values())
    return next((target.words for target in targets if isinstance(target, NoClock)), None)
