"""What people read when a ticket's clock runs out."""

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


def test_a_warning_says_how_long_is_left_and_mentions_its_readers() -> None:
    said = lines(CRITICAL_SHEET, Step.WARNING, Audience.TRIAGE, READER, ENGINEER, now=WARNED)
    assert said == [
        f"*ACME-3* (Acme, Critical) is due in 30 min, {AT_DUE}.",
        f"<@{READER}> <@{ENGINEER}>: Answer in the thread of {THREAD}.",
    ]


def test_where_nobody_is_named_triage_reads_that_nobody_has_it() -> None:
    said = lines(CRITICAL_SHEET, Step.WARNING, Audience.TRIAGE, now=WARNED)
    assert said[1] == f"Nobody has this yet. Answer in the thread of {THREAD}."


def test_a_late_warning_says_nothing_of_when_it_was_noticed() -> None:
    said = lines(CRITICAL_SHEET, Step.WARNING, Audience.TRIAGE, now=WARN + timedelta(minutes=20))
    assert "noticed" not in " ".join(said)


def test_an_untriaged_ticket_raises_an_alarm_that_is_not_yet_a_breach() -> None:
    assert lines(UNTRIAGED, Step.DUE, Audience.TRIAGE) == [
        f"*ACME-3* (Acme, no severity yet) is late if it is Critical: it was due {AT_DUE} then.",
        f"Nobody has this yet. Give it a severity, and answer in the thread of {THREAD}.",
    ]


def test_a_triaged_ticket_past_its_time_is_late() -> None:
    said = lines(LATE, Step.DUE, Audience.TRIAGE, READER)
    assert said[0] == f"*ACME-3* (Acme, Critical) is late. It was due {AT_DUE}."


def test_past_the_last_deadline_an_untriaged_ticket_is_late_whatever_its_severity() -> None:
    of = replace(UNTRIAGED, deadline=replace(UNTRIAGED.deadline, breach_at=LAST), breached_at=LAST)
    said = lines(of, Step.LAST, Audience.TRIAGE, now=LAST)
    assert "is late whatever its severity" in said[0]
    assert f"due {moment(LAST, ZONE)} at the latest" in said[0]


def test_a_direct_message_says_what_to_do_next_and_mentions_nobody() -> None:
    said = lines(LATE, Step.DUE, Audience.ENGINEER, READER)
    assert said[1] == f"Answer in the thread of {THREAD}."


def test_without_a_thread_the_next_step_is_on_the_triage_card() -> None:
    phoned = ticket_view(ticket_view=LATE, source=Source.PHONE, channel_id=None, thread_ts=None)
    said = lines(phoned, Step.DUE, Audience.ENGINEER, READER)
    card = "Answer the client, then press *Record the answer* on its card in triage."
    assert said[1] == card


def test_managers_read_the_breach_with_its_true_instant_and_who_has_it() -> None:
    said = lines(LATE, Step.DUE, Audience.MANAGERS)
    assert said == [
        f"*ACME-3* (Acme, Critical) missed its first response: it was due {AT_DUE}."
        " Its plan: Standard.",
        "Nobody has this yet.",
    ]
    taken = lines(ticket_view(ticket_view=LATE, assignee=ENGINEER), Step.DUE, Audience.MANAGERS)
    assert taken[1] == f"<@{ENGINEER}> has it."


def test_a_breach_of_an_answered_ticket_says_when_it_was_answered() -> None:
    of = replace(ANSWERED, clock=ClockState.BREACHED, breached_at=OPENED + timedelta(minutes=30))
    said = lines(of, Step.DUE, Audience.MANAGERS)
    assert f"it was due {moment(OPENED + timedelta(minutes=30), ZONE)}" in said[0]
    assert said[1] == f"It was answered {moment(OPENED + timedelta(hours=1), ZONE)}."


@pytest.mark.parametrize("audience", list(Audience))
def test_found_more_than_a_minute_late_both_instants_are_said(audience: Audience) -> None:
    noticed = DUE + timedelta(minutes=1) + SECOND
    said = lines(LATE, Step.DUE, audience, READER, now=noticed)
    assert f"due {AT_DUE}" in said[0]
    assert said[0].endswith(f"It was noticed {moment(noticed, ZONE)}.")


def test_found_within_a_minute_only_the_due_instant_is_said() -> None:
    said = lines(LATE, Step.DUE, Audience.TRIAGE, READER, now=DUE + timedelta(minutes=1))
    assert "noticed" not in said[0]


@pytest.mark.parametrize("audience", list(Audience))
def test_a_ticket_that_reached_us_after_it_was_due_says_how_long_after(audience: Audience) -> None:
    found = DUE + timedelta(hours=3)
    late = replace(LATE, ticket=replace(LATE.ticket, found_at=found))
    said = lines(late, Step.DUE, audience, READER, now=found + timedelta(minutes=2))
    assert f"due {AT_DUE}" in said[0]
    assert said[0].endswith(f"*Found late*: it reached us {moment(found, ZONE)}, 3 h after that.")


def test_a_ticket_that_reached_us_late_and_was_due_later_says_so_to_managers_alone() -> None:
    found = OPENED + timedelta(minutes=30)
    late = replace(LATE, ticket=replace(LATE.ticket, found_at=found))
    said = {one: lines(late, Step.DUE, one, READER, now=DUE)[0] for one in Audience}
    assert said[Audience.MANAGERS].endswith(f"it reached us {moment(found, ZONE)}.")
    assert "ound late" not in said[Audience.TRIAGE] + said[Audience.ENGINEER]


def test_a_ticket_without_a_clock_cannot_be_pinged_about() -> None:
    clockless = replace(
        UNTRIAGED, deadline=replace(UNTRIAGED.deadline, due_at=None, breach_at=None)
    )
    with pytest.raises(ValueError, match="ACME-3 has no clock"):
        ping(clockless, Step.DUE, Audience.TRIAGE, (), now=DUE)


@pytest.mark.parametrize(
    ("count", "words"), [(1, "an earlier reminder"), (3, "3 earlier reminders")]
)
def test_a_message_says_for_how_many_earlier_ones_it_stands(count: int, words: str) -> None:
    said = ping(LATE, Step("+30m"), Audience.ENGINEER, [READER], now=DUE, instead_of=count)
    assert f"\nThis takes the place of {words}.\n" in said.text


def test_who_must_act_can_do_so_at_once_and_so_can_a_whole_channel() -> None:
    def acts(audience: Audience, *, to_all: bool = False, of: TicketView = LATE) -> list[str]:
        message = ping(of, Step.DUE, audience, (), now=DUE, to_all=to_all)
        elements = [one for block in message.blocks[1:] for one in block["elements"]]
        return [one["action_id"] for one in elements]

    assert acts(Audience.ENGINEER) == [TAKE, MORE, ASSIGN]
    assert acts(Audience.TRIAGE) == []
    assert acts(Audience.TRIAGE, to_all=True) == [TAKE, MORE, ASSIGN]
    assert acts(Audience.ENGINEER, of=ticket_view(ticket_view=LATE, assignee=ENGINEER)) == [
        MORE,
        ASSIGN,
    ]
    assert acts(Audience.MANAGERS) == [LATE_WHY]


def test_several_for_one_reader_have_a_line_and_a_menu_each() -> None:
    taken = ticket_view(ticket_view=LATE, assignee=ENGINEER)
    message = several([(LATE, Step.DUE), (taken, Step.DUE)], now=DUE)
    check_message(message)
    head, free, had = message.blocks
    assert head["text"]["text"].startswith("2 tickets need you.")
    labels = [one["text"]["text"] for one in free["accessory"]["options"]]
    assert labels == ["Take", "Snooze 30 min", "Snooze 60 min", "Snooze 90 min", "Hand over"]
    assert [one["text"]["text"] for one in had["accessory"]["options"]] == labels[1:]


def test_what_one_message_has_no_room_for_is_counted() -> None:
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
def test_the_time_left_is_in_words(left: timedelta, words: str) -> None:
    assert time_left(left) == words
