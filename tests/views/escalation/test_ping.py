"""Tests of the pings about a ticket's clock."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.escalation.decision import Audience
from bot.domain.escalation.ladder import Step
from bot.domain.sla.clocks.deadline import ClockState
from bot.domain.ticket import Source
from bot.domain.tickets.ticket_view import TicketView
from bot.views.durations import time_left
from bot.views.escalation.ping import ping
from bot.views.escalation.pings import breaches, several
from bot.views.text import moment
from tests.ids import ASSIGN, LATE_WHY, MORE, TAKE
from tests.views.slack_limits import check_message, shown
from tests.views.ticket_views import (
    ANSWERED,
    CRITICAL_SHEET,
    DUE,
    ENGINEER,
    LATE,
    OPENED,
    READER,
    UNTRIAGED,
    WARN,
    ZONE,
    ticket_view,
)

AT_DUE = moment(DUE, ZONE)
LAST = DUE + timedelta(hours=44)
THREAD = "<https://slack.com/archives/CACME0001/p1773392400000100|the client's message>"
SECOND = timedelta(seconds=1)
WARNED = DUE - timedelta(minutes=30)


def lines(
    of: TicketView, step: Step, audience: Audience, *readers: str, now: datetime = DUE
) -> list[str]:
    message = ping(of, step, audience, readers, now=now)
    check_message(message)
    assert message.text == shown(message)
    return message.text.splitlines()


def test_a_warning_shows_the_time_left_and_mentions_its_readers() -> None:
    shown_lines = lines(CRITICAL_SHEET, Step.WARNING, Audience.TRIAGE, READER, ENGINEER, now=WARNED)
    assert shown_lines == [
        f"*ACME-3* (Acme, Critical) is due in 30 min, {AT_DUE}.",
        f"<@{READER}> <@{ENGINEER}>: Answer in the thread of {THREAD}.",
    ]


def test_triage_reads_that_the_ticket_is_unassigned_if_nobody_is_named() -> None:
    shown_lines = lines(CRITICAL_SHEET, Step.WARNING, Audience.TRIAGE, now=WARNED)
    assert shown_lines[1] == f"Nobody has this yet. Answer in the thread of {THREAD}."


def test_a_late_warning_does_not_show_when_it_was_noticed() -> None:
    shown_lines = lines(
        CRITICAL_SHEET, Step.WARNING, Audience.TRIAGE, now=WARN + timedelta(minutes=20)
    )
    assert "noticed" not in " ".join(shown_lines)


def test_an_untriaged_tickets_alarm_is_not_yet_a_breach() -> None:
    assert lines(UNTRIAGED, Step.DUE, Audience.TRIAGE) == [
        f"*ACME-3* (Acme, no severity yet) is late if it is Critical: it was due {AT_DUE} then.",
        f"Nobody has this yet. Give it a severity, and answer in the thread of {THREAD}.",
    ]


def test_a_triaged_ticket_past_its_due_time_is_shown_as_late() -> None:
    shown_lines = lines(LATE, Step.DUE, Audience.TRIAGE, READER)
    assert shown_lines[0] == f"*ACME-3* (Acme, Critical) is late. It was due {AT_DUE}."


def test_an_untriaged_ticket_past_its_last_deadline_is_late_whatever_its_severity() -> None:
    of = replace(UNTRIAGED, deadline=replace(UNTRIAGED.deadline, breach_at=LAST), breached_at=LAST)
    shown_lines = lines(of, Step.LAST, Audience.TRIAGE, now=LAST)
    assert "is late whatever its severity" in shown_lines[0]
    assert f"due {moment(LAST, ZONE)} at the latest" in shown_lines[0]


def test_a_direct_message_names_the_next_action_and_mentions_nobody() -> None:
    shown_lines = lines(LATE, Step.DUE, Audience.ENGINEER, READER)
    assert shown_lines[1] == f"Answer in the thread of {THREAD}."


def test_without_a_thread_the_ping_points_to_the_triage_card() -> None:
    phoned = ticket_view(ticket_view=LATE, source=Source.PHONE, channel_id=None, thread_ts=None)
    shown_lines = lines(phoned, Step.DUE, Audience.ENGINEER, READER)
    card = "Answer the client, then press *Record the answer* on its card in triage."
    assert shown_lines[1] == card


def test_managers_read_the_breach_with_its_due_time_and_assignee() -> None:
    shown_lines = lines(LATE, Step.DUE, Audience.MANAGERS)
    assert shown_lines == [
        f"*ACME-3* (Acme, Critical) missed its first response: it was due {AT_DUE}."
        " Its plan: Standard.",
        "Nobody has this yet.",
    ]
    taken = lines(ticket_view(ticket_view=LATE, assignee=ENGINEER), Step.DUE, Audience.MANAGERS)
    assert taken[1] == f"<@{ENGINEER}> has it."


def test_a_breach_of_an_answered_ticket_shows_when_it_was_answered() -> None:
    of = replace(ANSWERED, clock=ClockState.BREACHED, breached_at=OPENED + timedelta(minutes=30))
    shown_lines = lines(of, Step.DUE, Audience.MANAGERS)
    assert f"it was due {moment(OPENED + timedelta(minutes=30), ZONE)}" in shown_lines[0]
    assert shown_lines[1] == f"It was answered {moment(OPENED + timedelta(hours=1), ZONE)}."


@pytest.mark.parametrize("audience", list(Audience))
def test_a_breach_noticed_over_a_minute_late_shows_both_instants(audience: Audience) -> None:
    noticed = DUE + timedelta(minutes=1) + SECOND
    shown_lines = lines(LATE, Step.DUE, audience, READER, now=noticed)
    assert f"due {AT_DUE}" in shown_lines[0]
    assert shown_lines[0].endswith(f"It was noticed {moment(noticed, ZONE)}.")


def test_a_breach_noticed_within_a_minute_shows_only_the_due_time() -> None:
    shown_lines = lines(LATE, Step.DUE, Audience.TRIAGE, READER, now=DUE + timedelta(minutes=1))
    assert "noticed" not in shown_lines[0]


@pytest.mark.parametrize("audience", list(Audience))
def test_a_ticket_received_after_its_due_time_shows_the_delay(audience: Audience) -> None:
    received_at = DUE + timedelta(hours=3)
    late = replace(LATE, ticket=replace(LATE.ticket, found_at=received_at))
    shown_lines = lines(late, Step.DUE, audience, READER, now=received_at + timedelta(minutes=2))
    assert f"due {AT_DUE}" in shown_lines[0]
    assert shown_lines[0].endswith(
        f"*Found late*: it reached us {moment(received_at, ZONE)}, 3 h after that."
    )


def test_a_ticket_received_late_but_before_its_due_time_says_so_to_managers_only() -> None:
    received_at = OPENED + timedelta(minutes=30)
    late = replace(LATE, ticket=replace(LATE.ticket, found_at=received_at))
    first_lines = {
        audience: lines(late, Step.DUE, audience, READER, now=DUE)[0] for audience in Audience
    }
    assert first_lines[Audience.MANAGERS].endswith(f"it reached us {moment(received_at, ZONE)}.")
    assert "ound late" not in first_lines[Audience.TRIAGE] + first_lines[Audience.ENGINEER]


def test_a_ticket_without_a_clock_cannot_be_pinged_about() -> None:
    clockless = replace(
        UNTRIAGED, deadline=replace(UNTRIAGED.deadline, due_at=None, breach_at=None)
    )
    with pytest.raises(ValueError, match="ACME-3 has no clock"):
        ping(clockless, Step.DUE, Audience.TRIAGE, (), now=DUE)


@pytest.mark.parametrize(
    ("count", "words"), [(1, "an earlier reminder"), (3, "3 earlier reminders")]
)
def test_a_message_shows_how_many_earlier_messages_it_replaces(count: int, words: str) -> None:
    message = ping(LATE, Step("+30m"), Audience.ENGINEER, [READER], now=DUE, instead_of=count)
    assert f"\nThis takes the place of {words}.\n" in message.text


def test_readers_who_must_act_get_buttons_and_so_does_a_whole_channel() -> None:
    def action_ids(audience: Audience, *, to_all: bool = False, of: TicketView = LATE) -> list[str]:
        message = ping(of, Step.DUE, audience, (), now=DUE, to_all=to_all)
        elements = [element for block in message.blocks[1:] for element in block["elements"]]
        return [element["action_id"] for element in elements]

    assert action_ids(Audience.ENGINEER) == [TAKE, MORE, ASSIGN]
    assert action_ids(Audience.TRIAGE) == []
    assert action_ids(Audience.TRIAGE, to_all=True) == [TAKE, MORE, ASSIGN]
    assert action_ids(Audience.ENGINEER, of=ticket_view(ticket_view=LATE, assignee=ENGINEER)) == [
        MORE,
        ASSIGN,
    ]
    assert action_ids(Audience.MANAGERS) == [LATE_WHY]


def test_several_tickets_for_the_same_reader_have_a_line_and_a_menu_each() -> None:
    taken = ticket_view(ticket_view=LATE, assignee=ENGINEER)
    message = several([(LATE, Step.DUE), (taken, Step.DUE)], now=DUE)
    check_message(message)
    head, free, had = message.blocks
    assert head["text"]["text"].startswith("2 tickets need you.")
    labels = [option["text"]["text"] for option in free["accessory"]["options"]]
    assert labels == ["Take", "Snooze 30 min", "Snooze 60 min", "Snooze 90 min", "Hand over"]
    assert [option["text"]["text"] for option in had["accessory"]["options"]] == labels[1:]


def test_tickets_that_do_not_fit_into_a_message_are_counted() -> None:
    message = breaches([LATE] * 200, now=DUE)
    check_message(message)
    *listed, more = message.blocks[1:]
    assert more["text"]["text"] == f"and {200 - len(listed)} more in */desk list --breached*"
    assert len(listed) >= 30


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(minutes=30), "in 30 min"),
        (timedelta(minutes=29, seconds=45), "in 30 min"),
        (timedelta(hours=2), "in 2 h"),
        (timedelta(hours=2, minutes=5), "in 2 h 5 min"),
        (timedelta(days=1, hours=3, minutes=9), "in 1 day 3 h"),
        (timedelta(days=2), "in 2 days"),
        (timedelta(seconds=20), "in less than a minute"),
        (timedelta(0), "now"),
        (timedelta(minutes=-5), "now"),
    ],
)
def test_the_time_left_is_written_in_words(left: timedelta, words: str) -> None:
    assert time_left(left) == words
