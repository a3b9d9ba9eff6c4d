"""Properties of every SLA clock under any sequence of events."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.agreements.plan import Plan
from bot.domain.sla.calendars.calendar import Calendar
from bot.domain.sla.clocks.deadline import deadline
from bot.domain.sla.clocks.measured_spans import ClockEvent, ClockEventKind, Pause, Span, spans_of
from bot.domain.sla.clocks.pauses import after_pauses
from bot.domain.sla.clocks.sla_clock import SlaClock, clocks_of
from bot.domain.sla.targets.metric import Metric
from bot.domain.sla.targets.target import (
    BusinessDays,
    ClockTime,
    CoveredTime,
    NextBusinessDay,
    NoClock,
    Target,
)
from tests.negotiated import ALWAYS, HOUR, OFFICE, Lines, march, negotiated

# A noisy machine is sometimes slow, which is no fault of the calculation.
unhurried = settings(deadline=None, max_examples=2 * settings().max_examples)

SEVERITIES = ("critical", "high", "low")
BEGINS = march("2 00:00")

minutes = st.integers(0, 10 * 1440).map(lambda minute: BEGINS + timedelta(minutes=minute))
severities = st.sampled_from(SEVERITIES)
targets: st.SearchStrategy[Target] = st.sampled_from(
    (
        ClockTime(HOUR),
        ClockTime(20 * HOUR),
        CoveredTime(3 * HOUR),
        CoveredTime(20 * HOUR),
        BusinessDays(1),
        BusinessDays(3),
        NextBusinessDay(),
        NoClock("as capacity allows"),
    )
)
clock_targets = targets.filter(lambda target: not isinstance(target, NoClock))
calendars = st.sampled_from((ALWAYS, OFFICE))


def lines(names: st.SearchStrategy[tuple[str, ...]]) -> st.SearchStrategy[Lines]:
    targets_and_calendars = st.tuples(targets, calendars)
    drawn = st.tuples(
        names, st.tuples(targets_and_calendars, targets_and_calendars, targets_and_calendars)
    )
    # The most severe comes first.
    return drawn.map(lambda names_and_lines: dict(zip(*names_and_lines, strict=False)))


further = lines(st.sampled_from((SEVERITIES, SEVERITIES[1:], SEVERITIES[:1])))
plans = st.builds(
    negotiated,
    lines(st.just(SEVERITIES)),
    next_response=further,
    update=further,
    resolution=further,
)
happenings = st.builds(
    ClockEvent, minutes, st.sampled_from(sorted(set(ClockEventKind) - {ClockEventKind.OPENED}))
)
triages = st.builds(ClockEvent, minutes, st.just(ClockEventKind.TRIAGED), severities, st.booleans())
opening = ClockEvent(BEGINS, ClockEventKind.OPENED)
# Events at the same instant count in their given order, so no two events share an instant here.
lives = st.lists(
    st.one_of(happenings.filter(lambda event: event.what is not ClockEventKind.TRIAGED), triages),
    max_size=12,
    unique_by=lambda event: event.at,
).map(lambda moments: [opening, *(event for event in moments if event.at > BEGINS)])


def by_name(plan: Plan, life: list[ClockEvent]) -> dict[str, SlaClock]:
    return {clock.name: clock for clock in clocks_of(plan, life)}


@unhurried
@given(plans, lives)
def test_due_is_not_before_start_and_start_is_not_before_the_beginning(
    plan: Plan, life: list[ClockEvent]
) -> None:
    for clock in clocks_of(plan, life):
        sla_target, span = clock.deadline, clock.span
        if sla_target.starts_at is not None:
            assert span.begins_at <= sla_target.starts_at
            assert clock.paused == (sla_target.due_at is None)
        if sla_target.due_at is not None:
            assert sla_target.starts_at is not None
            assert sla_target.warn_at is not None
            assert sla_target.starts_at <= sla_target.warn_at <= sla_target.due_at
        if sla_target.breach_at is not None:
            assert sla_target.due_at is not None
            assert sla_target.due_at <= sla_target.breach_at


@unhurried
@given(plans, lives, st.randoms(use_true_random=False))
def test_the_order_in_which_events_are_given_does_not_matter(
    plan: Plan, life: list[ClockEvent], dice: Random
) -> None:
    shuffled = list(life)
    dice.shuffle(shuffled)
    assert clocks_of(plan, shuffled) == clocks_of(plan, life)


@unhurried
@given(lives)
def test_pauses_lie_within_their_span_in_order(life: list[ClockEvent]) -> None:
    for span in spans_of(life):
        reached = span.begins_at
        for pause in span.pauses:
            assert reached <= pause.start
            reached = pause.start if pause.end is None else pause.end
            assert pause.start <= reached
        assert span.stops_at is None or reached <= span.stops_at
        assert all(pause.end is not None for pause in span.pauses[:-1])
        assert span.runs or all(pause.end is not None for pause in span.pauses)


@unhurried
@given(clock_targets, calendars, st.lists(minutes, max_size=8, unique=True), st.integers(0, 3))
def test_an_additional_pause_makes_no_deadline_earlier(
    target: Target, calendar: Calendar, instants: list[datetime], left_out: int
) -> None:
    """The last pause may be open, and then nothing is due at all."""
    instants.sort()
    ends: list[datetime | None] = [*instants[1::2]]
    ends += [None] * (len(instants) % 2)
    pauses = tuple(map(Pause, instants[::2], ends))
    plan = negotiated({"high": (target, calendar)}, resolution={"high": (target, calendar)})
    sla_target = deadline(plan, "high", BEGINS, Metric.RESOLUTION)
    span = Span(Metric.RESOLUTION, 1, BEGINS, pauses=pauses)
    fewer = replace(span, pauses=(*pauses[:left_out], *pauses[left_out + 1 :]))
    more_due = after_pauses(plan, span, sla_target).due_at
    fewer_due = after_pauses(plan, fewer, sla_target).due_at
    assert sla_target.due_at is not None
    assert fewer_due is None or sla_target.due_at <= fewer_due
    assert more_due is None or (fewer_due is not None and fewer_due <= more_due)


def assert_no_later(plan: Plan, life: list[ClockEvent], change: ClockEvent) -> None:
    """Assert that no clock of the original history became due later."""
    after = by_name(plan, [*life, change])
    for name, before in by_name(plan, life).items():
        if before.deadline.starts_at is not None:
            was, now = before.deadline.due_at, after[name].deadline.due_at
            assert after[name].deadline.starts_at is not None
            assert was is None or (now is not None and now <= was)


@unhurried
@given(plans, lives, severities, severities, st.booleans())
def test_raising_the_severity_moves_no_deadline_later(
    plan: Plan, life: list[ClockEvent], first_severity: str, second_severity: str, from_now: bool
) -> None:
    """The severity is raised from now or from the start."""
    assume(first_severity != second_severity)
    raised, lower = sorted((first_severity, second_severity), key=SEVERITIES.index)
    end = max(moment.at for moment in life)
    known = [*life, ClockEvent(end + HOUR, ClockEventKind.TRIAGED, lower)]
    assert_no_later(
        plan, known, ClockEvent(end + 2 * HOUR, ClockEventKind.TRIAGED, raised, from_now)
    )


@unhurried
@given(plans, lives, severities, st.timedeltas(timedelta(), timedelta(days=5)))
def test_a_severity_change_from_now_makes_no_deadline_later(
    plan: Plan, life: list[ClockEvent], severity: str, later: timedelta
) -> None:
    assume(any(moment.what is ClockEventKind.TRIAGED for moment in life))
    end = max(moment.at for moment in life)
    assert_no_later(
        plan, life, ClockEvent(end + later, ClockEventKind.TRIAGED, severity, from_now=True)
    )


@unhurried
@given(plans, lives, st.lists(happenings, max_size=6), severities)
def test_events_after_a_clock_stops_do_not_change_it(
    plan: Plan, life: list[ClockEvent], later: list[ClockEvent], severity: str
) -> None:
    """Exceptions: a resolution may be reopened, and a severity may apply from the start."""
    assume(any(moment.what is ClockEventKind.TRIAGED for moment in life))
    end = max(moment.at for moment in life)
    beyond = [
        replace(event, at=end + (event.at - BEGINS))
        for event in later
        if event.what not in (ClockEventKind.TRIAGED, ClockEventKind.REOPENED)
    ]
    change = ClockEvent(end, ClockEventKind.TRIAGED, severity, from_now=True)
    after = by_name(plan, [*life, *beyond, change])
    for name, clock in by_name(plan, life).items():
        if clock.span.stops_at is not None:
            assert after[name] == clock


@unhurried
@given(plans, lives, minutes)
def test_silence_breaches_at_one_instant_and_remains_a_breach_with_that_instant(
    plan: Plan, life: list[ClockEvent], now: datetime
) -> None:
    for clock in clocks_of(plan, life):
        broken_at = clock.broken_at(now)
        if broken_at is not None:
            assert broken_at <= max(now, clock.span.stops_at or now)
            assert clock.broken_at(now + HOUR) == broken_at
