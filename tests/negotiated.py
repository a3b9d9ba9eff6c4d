"""A short notation for negotiated plans and for the events and clocks of a ticket.

All instants are in March 2026, whose second day is a Monday.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bot.domain.agreements.plan import Plan, Quota
from bot.domain.sla.calendars.calendar import Calendar
from bot.domain.sla.calendars.window import Window
from bot.domain.sla.clocks.deadline import ClockState
from bot.domain.sla.clocks.measured_spans import ClockEvent, ClockEventKind
from bot.domain.sla.clocks.sla_clock import SlaClock, clocks_of
from bot.domain.sla.reasons import NotExtended
from bot.domain.sla.targets.metric import Metric
from bot.domain.sla.targets.sla_target import Severity, SlaTarget
from bot.domain.sla.targets.target import BusinessDays, ClockTime, CoveredTime, NoClock, Target

HOUR = timedelta(hours=1)
ALWAYS = Calendar("always", "UTC", tuple(Window(day, 0, 1440) for day in range(7)))
OFFICE = Calendar("office", "UTC", tuple(Window(day, 9 * 60, 17 * 60) for day in range(5)))

Lines = Mapping[str, tuple[Target, Calendar]]


def negotiated(first_response: Lines, **further: Lines) -> Plan:
    """Return a plan with a line per severity, the most severe first; `further` is by metric."""
    return Plan(
        catalog="test",
        id="negotiated",
        name="Negotiated",
        rank=1,
        zone="UTC",
        price=None,
        sla_targets=_sla_targets(first_response),
        quota=Quota(None, None),
        channels=("slack",),
        where_to_write="Here.",
        named_engineer=False,
        categories=(),
        covers=(),
        further={Metric(name): _sla_targets(lines) for name, lines in further.items()},
    )


def march(text: str) -> datetime:
    """Return an instant in UTC: "2 10:00" is Monday 2 March 2026, 10:00."""
    day, wall = text.split()
    return datetime.fromisoformat(f"2026-03-{int(day):02d}T{wall}").replace(tzinfo=UTC)


def then(text: str, kind: ClockEventKind) -> ClockEvent:
    return ClockEvent(march(text), kind)


def triaged(text: str, severity: str, *, from_now: bool = False) -> ClockEvent:
    return ClockEvent(march(text), ClockEventKind.TRIAGED, severity, from_now)


def _sla_targets(lines: Lines) -> tuple[SlaTarget, ...]:
    return tuple(
        SlaTarget(Severity(name, name.title(), f"It is {name}."), target, calendar, {})
        for name, (target, calendar) in lines.items()
    )


WORDS = NoClock("as capacity allows")
RESPONSES = {
    "critical": (ClockTime(2 * HOUR), ALWAYS),
    "high": (ClockTime(4 * HOUR), ALWAYS),
    "low": (ClockTime(24 * HOUR), ALWAYS),
}
PLAN = negotiated(
    RESPONSES,
    next_response=RESPONSES,
    update={"critical": (ClockTime(HOUR), ALWAYS), "high": (ClockTime(8 * HOUR), ALWAYS)},
    resolution={
        "critical": (ClockTime(8 * HOUR), ALWAYS),
        "high": (CoveredTime(16 * HOUR), OFFICE),
        "low": (BusinessDays(5), OFFICE),
    },
)
OPENED = then("2 10:00", ClockEventKind.OPENED)  # a Monday
STANDS = NotExtended()


def clock(name: str, *events: ClockEvent, plan: Plan = PLAN) -> SlaClock:
    """Return the clock with this name, after the opening of the ticket and these events."""
    (named,) = (clock for clock in clocks_of(plan, (OPENED, *events)) if clock.name == name)
    return named


def due(name: str, *events: ClockEvent, plan: Plan = PLAN) -> datetime | None:
    return clock(name, *events, plan=plan).deadline.due_at


def state(sla_clock: SlaClock, now: str) -> tuple[ClockState, datetime | None]:
    """Return the state at `now` and the instant of the breach, if none was recorded before."""
    broken_at = sla_clock.broken_at(march(now))
    return sla_clock.state(broken_at), broken_at
