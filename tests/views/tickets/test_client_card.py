"""Tests of the client's card in each state of the ticket."""

from dataclasses import replace

import pytest

from bot.domain.agreements.money import Money
from bot.domain.agreements.quota import Standing
from bot.domain.ticket import Side, TicketState
from bot.domain.tickets.ticket_view import ClientTicketView, TicketView, client_ticket_view
from bot.views.text import moment
from bot.views.tickets.client_card import client_card
from tests.ids import NOT_SOLVED, WITHDRAW, client_severity, severity_of
from tests.views.slack_limits import buttons, check_message, elements, shown
from tests.views.ticket_views import (
    ANSWERED,
    CRITICAL,
    CRITICAL_SHEET,
    DUE,
    ENGINEER,
    LATE,
    OPENED,
    PLAN,
    RESOLVED,
    UNTRIAGED,
    ZONE,
    ticket_view,
)


def lines(of: ClientTicketView) -> list[str]:
    message = client_card(of)
    check_message(message)
    return shown(message).splitlines()


def test_a_new_ticket_shows_its_key_its_due_time_and_its_place_in_the_quota() -> None:
    assert lines(client_ticket_view(UNTRIAGED)) == [
        "We have your request as *ACME-3*.",
        f"First response by {moment(DUE, ZONE)}.",
        "Severity: not chosen yet, so your plan's earliest time is kept",
        "State: received",
        "Who has it: our support team",
        "Ticket 7 of 20 this month",
    ]


def test_the_notification_contains_the_essential_facts() -> None:
    text = client_card(client_ticket_view(CRITICAL_SHEET)).text
    assert text == (
        f"We have your request as *ACME-3*. First response by {moment(DUE, ZONE)}."
        " Severity: *Critical*"
    )


def test_a_severity_proposed_by_the_client_is_shown_as_theirs() -> None:
    proposed = client_ticket_view(ticket_view(severity="critical", severity_by=Side.CLIENT))
    assert "Severity: *Critical* (you said)" in lines(proposed)
    assert "Severity: *Critical*" in lines(client_ticket_view(CRITICAL_SHEET))


def test_a_severity_without_a_clock_shows_the_plans_words() -> None:
    wish = replace(ticket_view(severity="wish"), deadline=replace(UNTRIAGED.deadline, due_at=None))
    shown_lines = lines(client_ticket_view(wish))
    assert "Your plan promises: Handled as capacity allows." in shown_lines
    assert not any("First response" in line for line in shown_lines)


def test_an_answered_ticket_shows_the_time_of_the_response_and_the_assignee() -> None:
    shown_lines = lines(client_ticket_view(ANSWERED))
    given = moment(OPENED.replace(hour=10), ZONE)
    assert f"First response given {given}." in shown_lines
    assert "State: answered, and still open" in shown_lines
    assert f"Who has it: <@{ENGINEER}>" in shown_lines
    assert not any("First response by" in line for line in shown_lines)


def test_a_taken_ticket_shows_its_engineer_before_the_first_response() -> None:
    assert "State: an engineer is on it" in lines(
        client_ticket_view(ticket_view(assignee=ENGINEER))
    )


def test_an_overdue_ticket_still_shows_its_due_time() -> None:
    assert f"First response by {moment(DUE, ZONE)}." in lines(client_ticket_view(LATE))


def test_a_resolved_ticket_shows_its_resolution_and_asks_for_a_rating() -> None:
    message = client_card(client_ticket_view(RESOLVED))
    assert shown(message).startswith("*ACME-3* is resolved.")
    assert ">The posting period was closed; it is open again." in shown(message)
    ratings = {"rate:1": "1 (badly)", "rate:5": "5 (very well)"}
    assert buttons(message) == {NOT_SOLVED: "It's not solved"} | ratings | {
        f"rate:{given}": str(given) for given in (2, 3, 4)
    }


def test_a_ticket_resolved_without_a_response_shows_no_due_time() -> None:
    unanswered = client_ticket_view(ticket_view(ticket_view=RESOLVED, first_response_at=None))
    assert not any("First response" in line for line in lines(unanswered))


def test_an_open_ticket_does_not_show_an_old_resolution() -> None:
    reopened = client_ticket_view(ticket_view(ticket_view=ANSWERED, resolution="The old answer."))
    assert "The old answer." not in shown(client_card(reopened))


@pytest.mark.parametrize(
    ("standing", "line"),
    [
        (Standing(1, 20, None), "Ticket 1 of 20 this month"),
        (Standing(20, 20, None), "Ticket 20 of 20 this month"),
        (
            Standing(21, 20, Money(2500, "USD")),
            "Ticket 21: beyond the 20 included this month, USD 25.00",
        ),
        (
            Standing(21, 20, None),
            "Ticket 21: beyond the 20 included this month, at no extra charge",
        ),
    ],
)
def test_the_place_in_the_quota_and_the_overage_price_are_shown(
    standing: Standing, line: str
) -> None:
    assert line in lines(client_ticket_view(replace(UNTRIAGED, standing=standing)))


@pytest.mark.parametrize("standing", [None, Standing(7, None, None)])
def test_uncounted_and_unlimited_tickets_show_no_quota(standing: Standing | None) -> None:
    card = client_card(client_ticket_view(replace(UNTRIAGED, standing=standing)))
    assert "this month" not in shown(card)


def test_each_severity_is_a_button_confirmed_with_the_plans_definition() -> None:
    message = client_card(client_ticket_view(UNTRIAGED))
    assert buttons(message) == {
        client_severity("critical"): "Critical",
        client_severity("low"): "Low",
        client_severity("wish"): "Wish",
        WITHDRAW: "Withdraw",
    }
    first = next(elements(message.blocks[-1]))
    assert first["value"] == "ACME-3"
    assert first["confirm"]["title"]["text"] == "Critical?"
    assert first["confirm"]["text"]["text"] == CRITICAL.definition


def test_the_action_id_of_a_severity_is_parsed_back_to_the_severity() -> None:
    assert severity_of(client_severity("p1:urgent")) == "p1:urgent"


def test_the_card_of_a_plan_without_severities_has_only_the_withdraw_button() -> None:
    bare = client_ticket_view(replace(UNTRIAGED, plan=replace(PLAN, sla_targets=())))
    assert buttons(client_card(bare)) == {WITHDRAW: "Withdraw"}


@pytest.mark.parametrize(
    ("state", "heading"),
    [
        (TicketState.WITHDRAWN, "*ACME-3* is withdrawn, and we do no more about it."),
        (TicketState.DISMISSED, "*ACME-3* was taken for a request by mistake, and is closed."),
    ],
)
def test_a_withdrawn_ticket_says_so_costs_nothing_and_can_be_reopened(
    state: TicketState, heading: str
) -> None:
    back = client_ticket_view(ticket_view(state=state, counted=False))
    assert lines(back) == [heading, "It does not count against your plan."]
    assert buttons(client_card(back)) == {NOT_SOLVED: "We need it after all"}


@pytest.mark.parametrize(("of", "counts"), [(UNTRIAGED, "for nothing"), (ANSWERED, "still")])
def test_withdrawing_asks_for_confirmation_and_says_whether_the_ticket_counts(
    of: TicketView, counts: str
) -> None:
    last = list(elements(client_card(client_ticket_view(of)).blocks[-1]))[-1]
    assert last["action_id"] == WITHDRAW
    assert counts in last["confirm"]["text"]["text"]
