"""From what happened to a ticket to what each metric measures."""

from datetime import datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from bot.domain.sla.clocks.measured_spans import ClockEvent, ClockEventKind, Pause, Span, spans_of
from bot.domain.sla.targets.metric import Metric
from tests.negotiated import march, then

OPENED = then("2 10:00", ClockEventKind.OPENED)

Stretch = tuple[int, str, str | None]  # number, begin and stop, as `march` writes them


def of(metric: Metric, *moments: ClockEvent) -> list[Stretch]:
    """The stretches of one metric, opening included."""
    return [
        (span.number, written(span.begins_at), written(span.stops_at) if span.stops_at else None)
        for span in spans_of((OPENED, *moments))
        if span.metric is metric
    ]


def only(metric: Metric, *moments: ClockEvent) -> Span:
    (found,) = (span for span in spans_of((OPENED, *moments)) if span.metric is metric)
    return found


def written(instant: datetime) -> str:
    return f"{instant.day} {instant:%H:%M}"


def pauses(span: Span) -> list[tuple[str, str | None]]:
    return [(written(one.start), written(one.end) if one.end else None) for one in span.pauses]


def test_opening_starts_the_first_response_and_the_resolution_and_nothing_else() -> None:
    assert spans_of([OPENED]) == (
        Span(Metric.FIRST_RESPONSE, 1, march("2 10:00")),
        Span(Metric.RESOLUTION, 1, march("2 10:00")),
    )


def test_nothing_is_measured_before_there_is_a_ticket() -> None:
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


def test_the_first_words_of_staff_stop_the_first_response_and_later_ones_do_not() -> None:
    written_twice = (
        then("2 11:00", ClockEventKind.STAFF_WROTE),
        then("2 12:00", ClockEventKind.STAFF_WROTE),
    )
    assert of(Metric.FIRST_RESPONSE, *written_twice) == [(1, "2 10:00", "2 11:00")]


def test_waiting_never_pauses_the_first_response() -> None:
    span = only(Metric.FIRST_RESPONSE, then("2 11:00", ClockEventKind.WAITING))
    assert span.pauses == ()
    assert span.runs


def test_the_clients_posts_before_the_first_response_start_no_second_promise() -> None:
    assert of(Metric.NEXT_RESPONSE, then("2 10:30", ClockEventKind.CLIENT_WROTE)) == []


def test_the_next_response_runs_from_the_first_post_without_an_answer() -> None:
    assert of(
        Metric.NEXT_RESPONSE,
        then("2 11:00", ClockEventKind.STAFF_WROTE),
        then("2 12:00", ClockEventKind.CLIENT_WROTE),
        then("2 12:30", ClockEventKind.CLIENT_WROTE),
        then("2 13:00", ClockEventKind.STAFF_WROTE),
        then("2 14:00", ClockEventKind.CLIENT_WROTE),
    ) == [(1, "2 12:00", "2 13:00"), (2, "2 14:00", None)]


def test_waiting_never_pauses_the_next_response() -> None:
    span = only(
        Metric.NEXT_RESPONSE,
        then("2 11:00", ClockEventKind.STAFF_WROTE),
        then("2 12:00", ClockEventKind.CLIENT_WROTE),
        then("2 12:30", ClockEventKind.WAITING),
    )
    assert span.pauses == ()


def test_each_message_of_staff_promises_the_next_update() -> None:
    assert of(
        Metric.UPDATE,
        then("2 11:00", ClockEventKind.STAFF_WROTE),
        then("2 12:00", ClockEventKind.CLIENT_WROTE),
        then("2 15:00", ClockEventKind.STAFF_WROTE),
    ) == [(1, "2 11:00", "2 15:00"), (2, "2 15:00", None)]


def test_an_update_promised_while_the_client_is_waited_for_stands_from_its_beginning() -> None:
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
def test_the_resolution_goes_on_when_the_client_writes_or_staff_wait_no_longer(
    what: ClockEventKind,
) -> None:
    span = only(Metric.RESOLUTION, then("2 11:00", ClockEventKind.WAITING), then("3 08:00", what))
    assert pauses(span) == [("2 11:00", "3 08:00")]


def test_who_waits_already_does_not_begin_to_wait() -> None:
    again = then("2 11:00", ClockEventKind.WAITING), then("2 12:00", ClockEventKind.WAITING)
    assert pauses(only(Metric.RESOLUTION, *again)) == [("2 11:00", None)]


def test_words_of_staff_do_not_end_the_waiting() -> None:
    span = only(
        Metric.RESOLUTION,
        then("2 11:00", ClockEventKind.WAITING),
        then("2 12:00", ClockEventKind.STAFF_WROTE),
    )
    assert pauses(span) == [("2 11:00", None)]


def test_what_is_resolved_owes_no_update_and_no_next_response() -> None:
    life = (
        then("2 11:00", ClockEventKind.STAFF_WROTE),
        then("2 12:00", ClockEventKind.CLIENT_WROTE),
        then("2 13:00", ClockEventKind.RESOLVED),
        then("2 14:00", ClockEventKind.CLIENT_WROTE),
        then("2 15:00", ClockEventKind.STAFF_WROTE),
    )
    assert of(Metric.NEXT_RESPONSE, *life) == [(1, "2 12:00", "2 13:00")]
    assert of(Metric.UPDATE, *life) == [(1, "2 11:00", "2 13:00")]
    assert of(Metric.RESOLUTION, *life) == [(1, "2 10:00", "2 13:00")]


def test_a_ticket_resolved_without_a_word_still_owes_its_first_response() -> None:
    resolved = then("2 11:00", ClockEventKind.RESOLVED)
    assert of(Metric.FIRST_RESPONSE, resolved) == [(1, "2 10:00", None)]
    answered = then("2 12:00", ClockEventKind.STAFF_WROTE)
    assert of(Metric.FIRST_RESPONSE, resolved, answered) == [(1, "2 10:00", "2 12:00")]
    assert of(Metric.UPDATE, resolved, answered) == []


def test_resolving_while_the_client_is_waited_for_ends_the_waiting() -> None:
    life = (
        then("2 11:00", ClockEventKind.WAITING),
        then("2 12:00", ClockEventKind.RESOLVED),
        then("2 13:00", ClockEventKind.WAITING),
        then("2 14:00", ClockEventKind.REOPENED),
        then("2 15:00", ClockEventKind.STAFF_WROTE),
    )
    assert pauses(only(Metric.RESOLUTION, *life[:2])) == [("2 11:00", "2 12:00")]
    assert pauses(only(Metric.UPDATE, *life)) == []


def test_the_resolution_of_a_reopened_ticket_goes_on_and_the_time_between_is_a_pause() -> None:
    span = only(
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
    assert of(Metric.NEXT_RESPONSE, *life) == [(1, "4 09:00", None)]
    assert of(Metric.FIRST_RESPONSE, *life) == [(1, "2 10:00", "2 11:00")]


def test_reopening_what_was_never_answered_leaves_the_one_promise_that_is_owed() -> None:
    life = then("2 12:00", ClockEventKind.RESOLVED), then("4 09:00", ClockEventKind.REOPENED)
    assert of(Metric.NEXT_RESPONSE, *life) == []
    assert of(Metric.FIRST_RESPONSE, *life) == [(1, "2 10:00", None)]


def test_an_open_ticket_cannot_be_reopened() -> None:
    life = then("2 11:00", ClockEventKind.STAFF_WROTE), then("2 12:00", ClockEventKind.REOPENED)
    assert of(Metric.NEXT_RESPONSE, *life) == []


def test_cancelling_ends_whatever_runs_and_leaves_what_is_over() -> None:
    found = spans_of(
        [
            OPENED,
            then("2 11:00", ClockEventKind.STAFF_WROTE),
            then("2 12:00", ClockEventKind.CLIENT_WROTE),
            then("2 13:00", ClockEventKind.CANCELLED),
            then("2 14:00", ClockEventKind.CLIENT_WROTE),
            then("2 15:00", ClockEventKind.STAFF_WROTE),
        ]
    )
    assert [(one.metric, one.stops_at, one.cancelled) for one in found] == [
        (Metric.FIRST_RESPONSE, march("2 11:00"), False),
        (Metric.RESOLUTION, march("2 13:00"), True),
        (Metric.UPDATE, march("2 13:00"), True),
        (Metric.NEXT_RESPONSE, march("2 13:00"), True),
    ]


def test_cancelling_ends_the_waiting_too() -> None:
    life = then("2 11:00", ClockEventKind.WAITING), then("2 12:00", ClockEventKind.CANCELLED)
    assert pauses(only(Metric.RESOLUTION, *life)) == [("2 11:00", "2 12:00")]
    again = then("3 09:00", ClockEventKind.REOPENED), then("3 10:00", ClockEventKind.STAFF_WROTE)
    assert pauses(only(Metric.UPDATE, *life, *again)) == []


def test_a_cancelled_resolution_does_not_come_back() -> None:
    life = then("2 11:00", ClockEventKind.CANCELLED), then("2 12:00", ClockEventKind.REOPENED)
    answered = then("2 10:30", ClockEventKind.STAFF_WROTE), *life
    span = only(Metric.RESOLUTION, *answered)
    assert (span.stops_at, span.cancelled) == (march("2 11:00"), True)
    assert of(Metric.NEXT_RESPONSE, *answered) == [(1, "2 12:00", None)]


def test_a_first_response_that_was_cancelled_unanswered_is_owed_again_from_the_reopening() -> None:
    life = then("2 11:00", ClockEventKind.CANCELLED), then("2 12:00", ClockEventKind.REOPENED)
    span = only(Metric.FIRST_RESPONSE, *life)
    assert (span.number, span.begins_at, span.stops_at, span.cancelled) == (
        1,
        march("2 12:00"),
        None,
        False,
    )
    assert of(Metric.NEXT_RESPONSE, *life) == []


def test_the_spans_are_the_same_in_whatever_order_the_moments_come() -> None:
    life = (
        OPENED,
        then("2 11:00", ClockEventKind.STAFF_WROTE),
        then("2 12:00", ClockEventKind.WAITING),
        then("3 09:00", ClockEventKind.CLIENT_WROTE),
        then("3 10:00", ClockEventKind.RESOLVED),
        then("4 09:00", ClockEventKind.REOPENED),
    )
    found = {spans_of(shuffled) for shuffled in permutations(life)}
    assert found == {spans_of(life)}


def test_at_the_same_instant_moments_count_as_they_are_given() -> None:
    asked, answered = (
        then("2 12:00", ClockEventKind.CLIENT_WROTE),
        then("2 12:00", ClockEventKind.STAFF_WROTE),
    )
    first = then("2 11:00", ClockEventKind.STAFF_WROTE)
    assert of(Metric.NEXT_RESPONSE, first, asked, answered) == [(1, "2 12:00", "2 12:00")]
    assert of(Metric.NEXT_RESPONSE, first, answered, asked) == [(1, "2 12:00", None)]


def test_a_naive_moment_is_refused_and_another_zone_becomes_utc() -> None:
    with pytest.raises(ValueError, match="naive"):
        ClockEvent(march("2 10:00").replace(tzinfo=None), ClockEventKind.OPENED)
    karachi = datetime(2026, 3, 2, 15, tzinfo=ZoneInfo("Asia/Karachi"))
    assert ClockEvent(karachi, ClockEventKind.OPENED).at.utcoffset() == timedelta()
    assert ClockEvent(karachi, ClockEventKind.OPENED) == OPENED


def test_a_pause_that_lasts_has_no_end() -> None:
    span = only(Metric.RESOLUTION, then("2 11:00", ClockEventKind.WAITING))
    assert span.pauses == (Pause(march("2 11:00"), None),)
