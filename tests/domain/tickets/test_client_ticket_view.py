"""Tests of the part of a ticket that its client may see."""

from dataclasses import fields, replace
from datetime import UTC, datetime

from bot.catalog import load_catalog
from bot.domain.agreements.quota import standing
from bot.domain.ids import AgreementId, ChannelId, ClientId, TicketId
from bot.domain.operations.client import Client
from bot.domain.sla.clocks.deadline import ClockState, deadline
from bot.domain.ticket import Side, Source, Ticket, TicketState
from bot.domain.tickets.ticket_view import ClientTicketView, TicketView, client_ticket_view
from bot.slack_ts import MessageTs

STANDARD = load_catalog("ecosire").plans["standard"]
ECOTONE = load_catalog("ecotone").plans["support-agreement"]
OPENED = datetime(2026, 3, 9, 5, 0, tzinfo=UTC)
TICKET = Ticket(
    TicketId(1),
    ClientId(1),
    1,
    "ACME-1",
    Source.SLACK,
    OPENED,
    "UANN",
    "Down",
    AgreementId(1),
    1,
    "standard",
    ChannelId("C1"),
    MessageTs.parse("1.0"),
)
SHEET = TicketView(
    ticket=TICKET,
    client=Client(ClientId(1), "ACME", "Acme", ChannelId("C1"), 5),
    plan=STANDARD,
    deadline=deadline(STANDARD, None, OPENED),
    clock=ClockState.RUNNING,
    breached_at=None,
    standing=standing(STANDARD.quota, 1),
)


def test_the_client_sees_the_deadline_until_the_first_response() -> None:
    assert client_ticket_view(SHEET).due_at == SHEET.deadline.due_at

    answered = replace(SHEET, ticket=replace(TICKET, first_response_at=OPENED))
    assert client_ticket_view(answered).due_at is None
    assert client_ticket_view(answered).answered_at == OPENED


def test_a_proposed_severity_is_shown_as_a_proposal_and_a_decided_one_is_not() -> None:
    proposed = replace(TICKET, severity="high", severity_by=Side.CLIENT)
    assert client_ticket_view(replace(SHEET, ticket=proposed)).proposed
    decided = replace(proposed, severity_by=Side.STAFF)
    assert not client_ticket_view(replace(SHEET, ticket=decided)).proposed


def test_a_severity_without_a_clock_shows_the_agreements_words() -> None:
    ticket = replace(TICKET, severity="p3")
    ticket_view = replace(
        SHEET, ticket=ticket, plan=ECOTONE, deadline=deadline(ECOTONE, "p3", OPENED)
    )

    assert client_ticket_view(ticket_view).words == "Scheduled into a release"
    assert client_ticket_view(ticket_view).due_at is None


def test_a_severity_with_a_clock_has_no_words() -> None:
    critical = replace(SHEET, ticket=replace(TICKET, severity="critical"))

    assert client_ticket_view(critical).words is None


def test_the_client_view_contains_no_breach_and_no_internal_numbers() -> None:
    shown = {field.name for field in fields(ClientTicketView)}

    assert not shown & {"breached_at", "clock", "client", "ticket", "plan", "promise", "summary"}


def test_a_resolved_ticket_shows_its_resolution() -> None:
    ticket = replace(TICKET, state=TicketState.RESOLVED, resolution="Restarted it")
    shown = client_ticket_view(replace(SHEET, ticket=ticket))

    assert (shown.is_open, shown.state, shown.resolution) == (False, "resolved", "Restarted it")
