"""Tests of the spans that each metric measures, derived from a ticket's events."""

from datetime import datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from bot.domain.sla.clocks.measured_spans import ClockEvent, ClockEventKind, Pause, Span, spans_of
from bot.domain.sla.targets.metric import Metric
from tests.negotiated import march, then

OPENED = then("2 10:00", ClockEventKind.OPENED)

Stretch = tuple[int, str, str | None]  # number, begin and stop, as `march` writes them


def spans_after(metric: Metric, *moments: ClockEvent) -> list[Stretch]:
    """Return the spans of a metric, after an opening event and the given events."""
    return [
        (
            span.number,
            wall_text(span.begins_at),
            wall_text(span.stops_at) if span.stops_at else None,
        )
        for span in spans_of((OPENED, *moments))
        if span.metric is metric
    ]


def only_span(metric: Metric, *moments: ClockEvent) -> Span:
    (matching_span,) = (span for span in spans_of((OPENED, *moments)) if span.metric is metric)
    return matching_span


def wall_text(instant: datetime) -> str:
    return f"{instant.day} {instant:%H:%M}"


def pauses(span: Span) -> list[tuple[str, str | None]]:
    return [
        (wall_text(pause.start), wall_text(pause.end) if pause.end else None)
        for pause in span.pauses
    ]


def test_opening_a_ticket_starts_the_first_response_and_the_resolution_only() -> None:
    assert spans_of([OPENED]) == (
        Span(Metric.FIRST_RESPONSE, 1, march("2 10:00")),
        Span(Metric.RESOLUTION, 1, march("2 10:00")),
    )


def test_nothing_is_measured_before_the_ticket_is_opened() -> None:
    early = [
        then("2 09:00", what)
        for what in (
            ClockEventKind.STAFF_WROTE,
            ClockEventKind.CLIENT_WROTE,
            ClockEventKind.WAITING,
        )
    ]
    assert spans_of(early) == ()
    assert spans_of([*early, OPENED]) == spans_of([OPENED])


def test_the_first_staff_message_stops_the_first_response_and_later_ones_do_not() -> None:
    written_twice = (
        then("2 11:00", ClockEventKind.STAFF_WROTE),
        then("2 12:00", ClockEventKind.STAFF_WROTE),
    )
    assert spans_after(Metric.FIRST_RESPONSE, *written_twice) == [(1, "2 10:00", "2 11:00")]


def test_waiting_never_pauses_the_first_response() -> None:
    span = only_span(Metric.FIRST_RESPONSE, then("2 11:00", ClockEventKind.WAITING))
    assert span.pauses == ()
    assert span.runs


def test_client_messages_before_the_first_response_start_no_second_promise() -> None:
    assert spans_after(Metric.NEXT_RESPONSE, then("2 10:30", ClockEventKind.CLIENT_WROTE)) == []


def test_the_next_response_runs_from_the_first_unanswered_message() -> None:
    assert spans_after(
        Metric.NEXT_RESPONSE,
        then("2 11:00", ClockEventKind.STAFF_WROTE),
        then("2 12:00", ClockEventKind.CLIENT_WROTE),
        then("2 12:30", ClockEventKind.CLIENT_WROTE),
        then("2 13:00", ClockEventKind.STAFF_WROTE),
        then("2 14:00", ClockEventKind.CLIENT_WROTE),
    ) == [(1, "2 12:00", "2 13:00"), (2, "2 14:00", None)]


def test_waiting_never_pauses_the_next_response() -> None:
    span = only_span(
        Metric.NEXT_RESPONSE,
        then("2 11:00", ClockEventKind.STAFF_WROTE),
        then("2 12:00", ClockEventKind.CLIENT_WROTE),
        then("2 12:30", ClockEventKind.WAITING),
    )
    assert span.pauses == ()


def test_each_staff_message_promises_the_next_update() -> None:
    assert spans_after(
        Metric.UPDATE,
        then("2 11:00", ClockEventKind.STAFF_WROTE),
        then("2 12:00", ClockEventKind.CLIENT_WROTE),
        then("2 15:00", ClockEventKind.STAFF_WROTE),
    ) == [(1, "2 11:00", "2 15:00"), (2, "2 15:00", None)]


def test_an_update_promised_while_waiting_on_the_client_is_paused_from_its_beginning() -> None:
    first, second = (
        span
        for span in spans_of(
            [
                OPENED,
                then("2 11:00", ClockEventKind.STAFF_WROTE),
                then("2 11:30", ClockEventKind.WAITING),
                then("2 15:00", ClockEventKind.STAFF_WROTE),
                then("2 16:00", ClockEventKind.CLIENT_WROTE),
            ]
        )
        if span.metric is Metric.UPDATE
    )
    assert pauses(first) == [("2 11:30", "2 15:00")]
    assert pauses(second) == [("2 15:00", "2 16:00")]


@pytest.mark.parametrize("what", [ClockEventKind.CLIENT_WROTE, ClockEventKind.RESUMED])
def test_the_resolution_clock_resumes_when_the_client_writes_or_staff_end_the_wait(
    what: ClockEventKind,
) -> None:
    span = only_span(
        Metric.RESOLUTION, then("2 11:00", ClockEventKind.WAITING), then("3 08:00", what)
    )
    assert pauses(span) == [("2 11:00", "3 08:00")]


def test_a_second_wait_during_a_wait_has_no_effect() -> None:
    again = then("2 11:00", ClockEventKind.WAITING), then("2 12:00", ClockEventKind.WAITING)
    assert pauses(only_span(Metric.RESOLUTION, *again)) == [("2 11:00", None)]


def test_a_staff_message_does_not_end_the_wait() -> None:
    span = only_span(
        Metric.RESOLUTION,
        then("2 11:00", ClockEventKind.WAITING),
        then("2 12:00", ClockEventKind.STAFF_WROTE),
    )
    assert pauses(span) == [("2 11:00", None)]


def test_a_resolved_ticket_needs_no_update_and_no_next_response() -> None:
    life = (
        then("2 11:00", ClockEventKind.STAFF_WROTE),
        then("2 12:00", ClockEventKind.CLIENT_WROTE),
        then("2 13:00", ClockEventKind.RESOLVED),
        then("2 14:00", ClockEventKind.CLIENT_WROTE),
        then("2 15:00", ClockEventKind.STAFF_WROTE),
    )
    assert spans_after(Metric.NEXT_RESPONSE, *life) == [(1, "2 12:00", "2 13:00")]
    assert spans_after(Metric.UPDATE, *life) == [(1, "2 11:00", "2 13:00")]
    assert spans_after(Metric.RESOLUTION, *life) == [(1, "2 10:00", "2 13:00")]


def test_a_ticket_resolved_without_a_message_still_needs_its_first_response() -> None:
    resolved = then("2 11:00", ClockEventKind.RESOLVED)
    assert spans_after(Metric.FIRST_RESPONSE, resolved) == [(1, "2 10:00", None)]
    answered = then("2 12:00", ClockEventKind.STAFF_WROTE)
    assert spans_after(Metric.FIRST_RESPONSE, resolved, answered) == [(1, "2 10:00", "2 12:00")]
    assert spans_after(Metric.UPDATE, resolved, answered) == []


def test_resolving_while_waiting_on_the_client_ends_the_wait() -> None:
    life = (
        then("2 11:00", ClockEventKind.WAITING),
        then("2 12:00", ClockEventKind.RESOLVED),
        then("2 13:00", ClockEventKind.WAITING),
        then("2 14:00", ClockEventKind.REOPENED),
        then("2 15:00", ClockEventKind.STAFF_WROTE),
    )
    assert pauses(only_span(Metric.RESOLUTION, *life[:2])) == [("2 11:00", "2 12:00")]
    assert pauses(only_span(Metric.UPDATE, *life)) == []


def test_a_reopened_ticket_resumes_its_resolution_with_the_time_between_as_a_pause() -> None:
    span = only_span(
        Metric.RESOLUTION,
        then("2 12:00", ClockEventKind.RESOLVED),
        then("4 09:00", ClockEventKind.REOPENED),
        then("4 10:00", ClockEventKind.WAITING),
    )
    assert (span.number, span.runs) == (1, True)
    assert pauses(span) == [("2 12:00", "4 09:00"), ("4 10:00", None)]


def test_reopening_starts_a_next_response_and_no_second_first_response() -> None:
    life = (
        then("2 11:00", ClockEventKind.STAFF_WROTE),
        then("2 12:00", ClockEventKind.RESOLVED),
        then("4 09:00", ClockEventKind.REOPENED),
    )
    assert spans_after(Metric.NEXT_RESPONSE, *life) == [(1, "4 09:00", None)]
    assert spans_after(Metric.FIRST_RESPONSE, *life) == [(1, "2 10:00", "2 11:00")]


def test_reopening_an_unanswered_ticket_keeps_its_single_first_response() -> None:
    life = then("2 12:00", ClockEventKind.RESOLVED), then("4 09:00", ClockEventKind.REOPENED)
    assert spans_after(Metric.NEXT_RESPONSE, *life) == []
    assert spans_after(Metric.FIRST_RESPONSE, *life) == [(1, "2 10:00", None)]


def test_an_open_ticket_cannot_be_reopened() -> None:
    life = then("2 11:00", ClockEventKind.STAFF_WROTE), then("2 12:00", ClockEventKind.REOPENED)
    assert spans_after(Metric.NEXT_RESPONSE, *life) == []


def test_cancelling_ends_running_spans_and_keeps_ended_spans() -> None:
    spans = spans_of(
        [
            OPENED,
            then("2 11:00", ClockEventKind.STAFF_WROTE),
            then("2 12:00", ClockEventKind.CLIENT_WROTE),
            then("2 13:00", ClockEventKind.CANCELLED),
            then("2 14:00", ClockEventKind.CLIENT_WROTE),
            then("2 15:00", ClockEventKind.STAFF_WROTE),
        ]
    )
    assert [(span.metric, span.stops_at, span.cancelled) for span in spans] == [
        (Metric.FIRST_RESPONSE, march("2 11:00"), False),
        (Metric.RESOLUTION, march("2 13:00"), True),
        (Metric.UPDATE, march("2 13:00"), True),
        (Metric.NEXT_RESPONSE, march("2 13:00"), True),
    ]


def test_cancelling_ends_the_wait() -> None:
    life = then("2 11:00", ClockEventKind.WAITING), then("2 12:00", ClockEventKind.CANCELLED)
    assert pauses(only_span(Metric.RESOLUTION, *life)) == [("2 11:00", "2 12:00")]
    again = then("3 09:00", ClockEventKind.REOPENED), then("3 10:00", ClockEventKind.STAFF_WROTE)
    assert pauses(only_span(Metric.UPDATE, *life, *again)) == []


def test_a_cancelled_resolution_does_not_return() -> None:
    life = then("2 11:00", ClockEventKind.CANCELLED), then("2 12:00", ClockEventKind.REOPENED)
    answered = then("2 10:30", ClockEventKind.STAFF_WROTE), *life
    span = only_span(Metric.RESOLUTION, *answered)
    assert (span.stops_at, span.cancelled) == (march("2 11:00"), True)
    assert spans_after(Metric.NEXT_RESPONSE, *answered) == [(1, "2 12:00", None)]


def test_a_first_response_cancelled_unanswered_starts_again_at_the_reopening() -> None:
    life = then("2 11:00", ClockEventKind.CANCELLED), then("2 12:00", ClockEventKind.REOPENED)
    span = only_span(Metric.FIRST_RESPONSE, *life)
    assert (span.number, span.begins_at, span.stops_at, span.cancelled) == (
        1,
        march("2 12:00"),
        None,
        False,
    )
    assert spans_after(Metric.NEXT_RESPONSE, *life) == []


def test_the_order_of_the_events_does_not_change_the_spans() -> None:
    life = (
        OPENED,
        then("2 11:00", ClockEventKind.STAFF_WROTE),
        then("2 12:00", ClockEventKind.WAITING),
        then("3 09:00", ClockEventKind.CLIENT_WROTE),
        then("3 10:00", ClockEventKind.RESOLVED),
        then("4 09:00", ClockEventKind.REOPENED),
    )
    spans_of_every_order = {spans_of(shuffled) for shuffled in permutations(life)}
    assert spans_of_every_order == {spans_of(life)}


def test_events_at_the_same_instant_count_in_their_given_order() -> None:
    asked, answered = (
        then("2 12:00", ClockEventKind.CLIENT_WROTE),
        then("2 12:00", ClockEventKind.STAFF_WROTE),
    )
    first = then("2 11:00", ClockEventKind.STAFF_WROTE)
    assert spans_after(Metric.NEXT_RESPONSE, first, asked, answered) == [(1, "2 12:00", "2 12:00")]
    assert spans_after(Metric.NEXT_RESPONSE, first, answered, asked) == [(1, "2 12:00", None)]


def test_a_naive_instant_is_refused_and_another_zone_is_converted_to_utc() -> None:
    with pytest.raises(ValueError, match="naive"):
        ClockEvent(march("2 10:00").replace(tzinfo=None), ClockEventKind.OPENED)
    karachi = datetime(2026, 3, 2, 15, tzinfo=ZoneInfo("Asia/Karachi"))
    assert ClockEvent(karachi, ClockEventKind.OPENED).at.utcoffset() == timedelta()
    assert ClockEvent(karachi, ClockEventKind.OPENED) == OPENED


def test_an_open_pause_has_no_end() -> None:
    span = only_span(Metric.RESOLUTION, then("2 11:00", ClockEventKind.WAITING))
    assert span.pauses == (Pause(march("2 11:00"), None),)
