"""Tests of a ticket's card in the triage channel."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.agreements.quota import Standing
from bot.domain.sla.clocks.deadline import ClockState
from bot.domain.ticket import Side, Source
from bot.domain.tickets.ticket_view import TicketView
from bot.views.text import moment
from bot.views.tickets.triage_card import triage_card
from tests.ids import (
    ASSIGN,
    CATEGORY,
    MERGE,
    NOTE,
    REOPEN,
    REPLY,
    RESOLVE,
    TAKE,
    TAKE_OVER,
    TRIAGE_SEVERITY,
    chosen_severity,
    chosen_take_over,
    severity_choice,
)
from tests.views.slack_limits import buttons, check_message, elements, shown
from tests.views.ticket_views import (
    ANSWERED,
    AUTHOR,
    CRITICAL_SHEET,
    DUE,
    ENGINEER,
    LATE,
    OPENED,
    RESOLVED,
    UNTRIAGED,
    WARN,
    ZONE,
    ticket_view,
)

MINUTE = timedelta(minutes=1)


def lines(of: TicketView, now: datetime | None = None) -> list[str]:
    message = triage_card(of, now=now)
    check_message(message)
    return shown(message).splitlines()


def menu(of: TicketView) -> dict[str, Any]:
    card_elements = [element for block in triage_card(of).blocks for element in elements(block)]
    return next(element for element in card_elements if element["action_id"] == TRIAGE_SEVERITY)


def test_the_card_shows_all_facts_of_a_new_ticket() -> None:
    link = "<https://slack.com/archives/CACME0001/p1773392400000100|the client's message>"
    assert lines(UNTRIAGED) == [
        "*ACME-3* · Acme · Standard",
        "Waiting for an answer",
        ">Invoices cannot be posted since noon.",
        f"Opened {moment(OPENED, ZONE)} by <@{AUTHOR}> in Slack · {link}",
        "Severity: not chosen yet",
        f"First response due: {moment(DUE, ZONE)}",
        "Who has it: nobody yet",
        "Ticket 7 of 20 this month",
    ]


@pytest.mark.parametrize(
    ("of", "now", "state"),
    [
        (CRITICAL_SHEET, WARN - MINUTE, "Waiting for an answer"),
        (CRITICAL_SHEET, WARN, "*At risk*"),
        (CRITICAL_SHEET, DUE - MINUTE, "*At risk*"),
        (CRITICAL_SHEET, DUE, "*Late*"),
        (UNTRIAGED, WARN, "*At risk*"),
        (UNTRIAGED, DUE, "*Untriaged, and late if Critical*"),
        (LATE, DUE, f"*Late since* {moment(DUE, ZONE)}, not answered yet"),
        (ANSWERED, DUE, f"Answered in time, {moment(OPENED + 60 * MINUTE, ZONE)}"),
        (RESOLVED, DUE, f"Resolved {moment(OPENED + 120 * MINUTE, ZONE)}"),
    ],
)
def test_the_state_is_written_in_words(of: TicketView, now: datetime, state: str) -> None:
    assert lines(of, now)[1] == state


def test_a_late_response_stays_late_after_the_ticket_is_resolved() -> None:
    at = DUE + MINUTE
    late = replace(
        ticket_view(ticket_view=RESOLVED, first_response_at=at),
        clock=ClockState.BREACHED,
        breached_at=DUE,
    )
    late_since = f"*Late since* {moment(DUE, ZONE)}, answered {moment(at, ZONE)}"
    assert lines(late)[1].endswith(late_since)


def test_the_card_shows_who_chose_the_severity() -> None:
    assert "Severity: *Critical* (staff decided)" in lines(CRITICAL_SHEET)
    proposed = ticket_view(severity="critical", severity_by=Side.CLIENT)
    assert "Severity: *Critical* (the client says)" in lines(proposed)


def test_a_severity_without_a_clock_shows_the_plans_words() -> None:
    wish = replace(
        ticket_view(severity="wish"),
        clock=ClockState.NONE,
        deadline=replace(UNTRIAGED.deadline, due_at=None),
    )
    assert "No clock runs. The plan promises: Handled as capacity allows." in lines(wish)


def test_a_report_by_phone_names_the_caller_and_has_no_link() -> None:
    phoned = ticket_view(
        source=Source.PHONE, opened_by="UMA <Rao>", channel_id=None, thread_ts=None
    )
    assert f"Opened {moment(OPENED, ZONE)} by UMA &lt;Rao&gt; by phone" in lines(phoned)


def test_a_name_in_capitals_is_not_a_mention() -> None:
    assert "<@UMA>" not in shown(triage_card(ticket_view(source=Source.PHONE, opened_by="UMA")))


@pytest.mark.parametrize(
    ("standing", "line"),
    [
        (None, "Quota: not counted"),
        (Standing(9, None, None), "Quota: ticket 9 this month, unlimited"),
    ],
)
def test_staff_see_uncounted_and_unlimited_tickets_as_such(
    standing: Standing | None, line: str
) -> None:
    assert line in lines(replace(UNTRIAGED, standing=standing))


def test_an_open_ticket_can_be_taken_answered_and_resolved() -> None:
    assert buttons(triage_card(UNTRIAGED)) == {
        TAKE: "Take",
        REPLY: "Reply to client",
        RESOLVE: "Resolve",
        ASSIGN: "Assign",
        NOTE: "Note",
        CATEGORY: "Category",
        MERGE: "Merge",
    }


def test_an_assigned_ticket_can_be_taken_over_from_its_assignee_only() -> None:
    card_elements = [
        element for block in triage_card(ANSWERED).blocks for element in elements(block)
    ]
    [take_over] = [element for element in card_elements if element.get("action_id") == TAKE_OVER]
    assert chosen_take_over(take_over["value"]) == ("ACME-3", ENGINEER)
    assert TAKE not in buttons(triage_card(ANSWERED))


def test_the_response_to_a_report_from_outside_slack_is_recorded() -> None:
    phoned = ticket_view(source=Source.PHONE, channel_id=None, thread_ts=None)
    assert buttons(triage_card(phoned))[REPLY] == "Record the answer"


def test_a_resolved_ticket_can_only_be_reopened_and_shows_its_resolution() -> None:
    assert buttons(triage_card(RESOLVED)) == {
        REOPEN: "Reopen",
        NOTE: "Note",
        CATEGORY: "Category",
    }
    assert ">The posting period was closed; it is open again." in lines(RESOLVED)


def test_every_button_carries_the_ticket_key() -> None:
    card_elements = [
        element for block in triage_card(UNTRIAGED).blocks for element in elements(block)
    ]
    assert {element["value"] for element in card_elements if element["type"] == "button"} == {
        "ACME-3"
    }


def test_the_menu_has_the_plans_severities_and_selects_the_current_one() -> None:
    options = [option["text"]["text"] for option in menu(CRITICAL_SHEET)["options"]]
    assert options == ["Critical", "Low", "Wish"]
    assert menu(CRITICAL_SHEET)["initial_option"]["value"] == severity_choice("ACME-3", "critical")
    assert "initial_option" not in menu(UNTRIAGED)


def test_a_chosen_option_is_parsed_back_to_the_ticket_and_the_severity() -> None:
    assert chosen_severity(severity_choice("ACME-3", "p1:urgent")) == ("ACME-3", "p1:urgent")


def test_the_menu_gets_a_new_block_id_when_the_severity_changes() -> None:
    before = triage_card(UNTRIAGED).blocks[-1]["block_id"]
    assert triage_card(CRITICAL_SHEET).blocks[-1]["block_id"] != before


def test_the_assignee_is_mentioned() -> None:
    assert f"Who has it: <@{ENGINEER}>" in lines(ANSWERED)


def test_a_message_without_words_is_stated_as_such() -> None:
    assert "(no words: see the message itself)" in lines(ticket_view(summary=" \u200f"))
