"""Random plans and ticket histories; the model's clocks and the product's are compared."""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import count

from bot.domain.agreements.plan import Plan, Quota
from bot.domain.sla.calendars.calendar import Calendar
from bot.domain.sla.calendars.window import Window
from bot.domain.sla.clocks.measured_spans import ClockEvent, ClockEventKind
from bot.domain.sla.clocks.sla_clock import SlaClock, clocks_of
from bot.domain.sla.targets.metric import Metric
from bot.domain.sla.targets.sla_target import Severity, SlaTarget
from bot.domain.sla.targets.target import (
    BusinessDays,
    ClockTime,
    CoveredTime,
    NextBusinessDay,
    NoClock,
    Target,
)
from tests.oracle import clock_model as model
from tests.oracle.clock_model import DAY, Answer, Event, Line, Rules

MONDAY = date(2026, 3, 2)
BEGINS = datetime(2026, 3, 2, tzinfo=UTC)
SPAN_DAYS = 90
MINUTE = timedelta(minutes=1)
LIVES_A_PLAN = 10
SEVERITIES = ("critical", "high", "low")
EVENTS = (
    *("staff_wrote", "client_wrote", "waiting", "triaged") * 4,
    *("resumed", "resolved", "reopened") * 2,
    "cancelled",
)
HOURS: tuple[tuple[tuple[int, int], ...], ...] = (
    ((0, DAY),),
    ((9 * 60, 18 * 60),),
    ((8 * 60, 12 * 60), (13 * 60, 17 * 60)),
    ((10 * 60, 10 * 60 + 45),),
    ((14 * 60, DAY),),
)


def compare(seed: int, lives: int) -> int:
    """Compare `lives` random histories and return the number of clocks.

    Raises AssertionError with the history if they differ.
    """
    dice = random.Random(seed)
    compared = 0
    for life in count():
        if life == lives:
            return compared
        if life % LIVES_A_PLAN == 0:
            plan, rules = random_plan(dice)
        log = random_log(dice, rules.severities)
        now = log[-1].minute + dice.choice((0, dice.randrange(DAY), dice.randrange(12 * DAY)))
        expected = model.answers(rules, log, now)
        actual = product_answers(plan, log, now)
        assert actual == expected, (life, plan, log, now)
        compared += len(actual)
    return compared


def product_answers(plan: Plan, log: list[Event], now: int) -> list[Answer]:
    clocks = clocks_of(plan, [moment_of(event) for event in log])
    return model.in_order(_as_answer(clock, BEGINS + now * MINUTE) for clock in clocks)


def _as_answer(clock: SlaClock, now: datetime) -> Answer:
    broken = clock.broken_at(now)
    return Answer(
        clock.span.metric.value,
        (clock.span.begins_at - BEGINS) // MINUTE,
        _minute(clock.deadline.starts_at),
        _minute(clock.deadline.due_at),
        _minute(clock.span.stops_at),
        _minute(broken),
        clock.state(broken).value,
    )


def _minute(instant: datetime | None) -> int | None:
    return None if instant is None else (instant - BEGINS) // MINUTE


def moment_of(event: Event) -> ClockEvent:
    at = BEGINS + event.minute * MINUTE
    return ClockEvent(
        at, ClockEventKind(event.what), event.severity or None, from_now=event.from_now
    )


def random_log(dice: random.Random, severities: tuple[str, ...]) -> list[Event]:
    """Return a history of minutes, hours or days; some events share an instant."""
    minute = dice.randrange(7 * DAY)
    log = [Event(minute, "opened")]
    if dice.random() < 0.4:  # the client states the severity at once
        log.append(Event(minute, "triaged", dice.choice(severities)))
    pace = dice.choice((60, 600, DAY))
    for _ in range(dice.randint(0, 14)):
        minute += dice.choice((0, dice.randrange(10), dice.randrange(pace), dice.randrange(pace)))
        what = dice.choice(EVENTS)
        if what == "triaged":
            log.append(Event(minute, what, dice.choice(severities), dice.random() < 0.5))
        else:
            log.append(Event(minute, what))
    return log


def random_plan(dice: random.Random) -> tuple[Plan, Rules]:
    severities = SEVERITIES[: dice.randint(2, 3)]
    calendars = [random_calendar(dice) for _ in range(2)]
    sla_targets: dict[Metric, tuple[SlaTarget, ...]] = {}
    lines: dict[str, dict[str, Line]] = {}
    for metric in Metric:
        drawn = [random_line(dice, severity, dice.choice(calendars)) for severity in severities]
        if metric is not Metric.FIRST_RESPONSE:  # "each severity is optional there"
            drawn = [severity for severity in drawn if dice.random() < 0.85]
        sla_targets[metric] = tuple(sla_target for sla_target, _ in drawn)
        lines[metric.value] = {sla_target.severity.id: line for sla_target, line in drawn}
    plan = Plan(
        catalog="random",
        id="random",
        name="Random",
        rank=1,
        zone="UTC",
        price=None,
        sla_targets=sla_targets.pop(Metric.FIRST_RESPONSE),
        quota=Quota(None, None),
        channels=("slack",),
        where_to_write="Here.",
        named_engineer=False,
        categories=(),
        covers=(),
        further=sla_targets,
    )
    return plan, Rules(severities, lines)


def random_line(
    dice: random.Random, severity: str, calendar: tuple[Calendar, model.Calendar]
) -> tuple[SlaTarget, Line]:
    target = random_target(dice)
    weekend = random_target(dice)
    days = (5, 6) if dice.random() < 0.2 else ()
    sla_target = SlaTarget(
        Severity(severity, severity.title(), severity),
        as_target(target),
        calendar[0],
        dict.fromkeys(days, as_target(weekend)),
    )
    return sla_target, Line(target, calendar[1], dict.fromkeys(days, weekend))


def random_target(dice: random.Random) -> tuple[str, int]:
    kind = dice.choice(("clock", "clock", "covered", "covered", "days", "close", "words"))
    number = dice.randint(1, 2) if kind == "days" else dice.choice((1, 30, 60, 240, 540, 1000))
    return kind, number


def as_target(target: tuple[str, int]) -> Target:
    kind, number = target
    match kind:
        case "clock":
            return ClockTime(number * MINUTE)
        case "covered":
            return CoveredTime(number * MINUTE)
        case "days":
            return BusinessDays(number)
        case "close":
            return NextBusinessDay()
        case _:
            return NoClock("as capacity allows")


def random_calendar(dice: random.Random) -> tuple[Calendar, model.Calendar]:
    """Return a calendar with hours for some weekdays and some closed dates, in UTC."""
    weekdays = sorted(dice.sample(range(7), dice.choice((3, 5, 6, 7))))
    week = {weekday: dice.choice(HOURS) for weekday in weekdays}
    closed = set(dice.sample(range(20), dice.randint(0, 3)))
    windows = tuple(
        tuple(
            (day * DAY + start, day * DAY + end)
            for start, end in week.get(day % 7, ())
            if day not in closed
        )
        for day in range(SPAN_DAYS)
    )
    covered = bytearray(SPAN_DAYS * DAY)
    for day in windows:
        for start, end in day:
            covered[start:end] = b"\1" * (end - start)
    calendar = Calendar(
        f"random {dice.random()}",
        "UTC",
        tuple(Window(day, start, end) for day, hours in week.items() for start, end in hours),
        extra_closed=tuple((MONDAY + timedelta(days=day), "closed") for day in sorted(closed)),
    )
    return calendar, model.Calendar(windows, bytes(covered))
