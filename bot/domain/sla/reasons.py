"""Reasons of a deadline, as facts. `bot.views.sla.explanation_words` turns them into sentences.

A deadline has a tuple of reasons in the order in which they apply. Instants are aware, in UTC.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.sla.calendars.calendar import Calendar
from bot.domain.sla.targets.metric import Metric
from bot.domain.sla.targets.sla_target import Severity, SlaTarget


@dataclass(frozen=True, slots=True)
class Computed:
    """The target of a plan gave the start and the due time of the clock.

    `is_opening` is true if the ticket was opened at `opened_at`, the instant from which the metric
    is measured.
    """

    plan_name: str
    target: SlaTarget
    metric: Metric
    opened_at: datetime
    starts_at: datetime
    due_at: datetime
    is_opening: bool


@dataclass(frozen=True, slots=True)
class NothingDue:
    """The target of a plan has no clock."""

    plan_name: str
    target: SlaTarget
    metric: Metric


@dataclass(frozen=True, slots=True)
class NoTarget:
    """The plan promises no such metric for the severity of the ticket."""

    metric: Metric


@dataclass(frozen=True, slots=True)
class NoSeverityHasClock:
    """The ticket has no severity yet, and no severity of its plan has a clock."""


@dataclass(frozen=True, slots=True)
class EarliestKept:
    """The ticket has no severity yet: the deadline is for the severity with the earliest clock."""

    severity: Severity


@dataclass(frozen=True, slots=True)
class NotExtended:
    """A change of severity would have moved the deadline later, so the deadline stayed."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The desk waits on the client since `since`, so nothing is due. `calendar` is the clock's."""

    calendar: Calendar
    since: datetime


@dataclass(frozen=True, slots=True)
class Paused:
    """A pause `[start, end)` took `lost` of the clock's time. The deadline moved to `due_at`."""

    calendar: Calendar
    start: datetime
    end: datetime
    lost: timedelta
    due_at: datetime


Reason = (
    Computed
    | NothingDue
    | NoTarget
    | NoSeverityHasClock
    | EarliestKept
    | NotExtended
    | Waiting
    | Paused
)
