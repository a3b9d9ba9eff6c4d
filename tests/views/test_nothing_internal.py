"""Tests that no internal information reaches a client's view of a ticket.

Every field of the ticket's view is marked. The few fields that a client may see are named here, so
a new field is internal until it is named.
"""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.agreements.agreement import Agreement
from bot.domain.agreements.money import Money
from bot.domain.agreements.plan import Category, Plan, Quota
from bot.domain.agreements.quota import Standing
from bot.domain.agreements.recurring_task import RecurringTask
from bot.domain.ids import AgreementId, ChannelId, ClientId, TicketId, UserId
from bot.domain.operations.client import Client
from bot.domain.sla.clocks.deadline import ClockState, Deadline
from bot.domain.sla.reasons import EarliestKept
from bot.domain.sla.targets.metric import Metric
from bot.domain.sla.targets.sla_target import Severity
from bot.domain.sla.targets.target import NoClock
from bot.domain.ticket import Side, Source, Ticket, TicketState
from bot.domain.tickets.ticket_view import (
    ClientTicketView,
    ClockLine,
    TicketView,
    client_ticket_view,
)
from bot.slack_ts import MessageTs
from bot.views.intake.where_to_write import where_to_write
from bot.views.tickets.client_card import client_card
from bot.views.tickets.closing.merge import merged_note
from bot.views.tickets.closing.reopen import reopened_note
from bot.views.tickets.closing.resolve import resolution_note
from bot.views.tickets.triage.category import not_covered_note
from tests.views.ticket_views import sla_target

DAY = datetime(2031, 1, 1, tzinfo=UTC)
INSTANTS = {
    name: DAY + timedelta(days=days)
    for days, name in enumerate(
        (
            "opened",
            "answered",
            "resolved",
            "starts",
            "due",
            "warn",
            "breach",
            "breached",
            "next",
            "found",
            "snoozed",
        )
    )
}
NUMBERS = {"id": 910001, "client": 910002, "number": 910003, "agreement": 910004, "version": 910005}

TICKET = Ticket(
    id=TicketId(NUMBERS["id"]),
    client_id=ClientId(NUMBERS["client"]),
    number=NUMBERS["number"],
    key="SEEN-KEY",
    source=Source.PHONE,
    opened_at=INSTANTS["opened"],
    opened_by="HIDDEN opened by",
    summary="HIDDEN summary",
    agreement_id=AgreementId(NUMBERS["agreement"]),
    catalog_version_id=NUMBERS["version"],
    plan_id="HIDDEN plan id",
    channel_id=ChannelId("CHIDDEN"),
    thread_ts=MessageTs.parse("920001.000001"),
    severity="grave",
    severity_by=Side.CLIENT,
    assignee=UserId("USEEN"),
    counted=True,
    first_response_by=UserId("UHIDDEN"),
    waiting_since=INSTANTS["warn"],
    snoozed_until=INSTANTS["snoozed"],
    found_at=INSTANTS["found"],
    category="HIDDEN",
    merged_into=None,
    fault="HIDDEN fault",
    waived="HIDDEN waived",
)
CLIENT = Client(
    ClientId(NUMBERS["client"]), "HIDDEN", "HIDDEN client name", ChannelId("CHIDDEN"), 930001
)
SEVERITY = Severity("grave", "SEEN label", "SEEN definition")
PLAN = Plan(
    catalog="HIDDEN catalog",
    id="HIDDEN plan id",
    name="HIDDEN plan name",
    rank=940001,
    zone="Asia/Karachi",
    price=Money(95000100, "HID"),
    sla_targets=(sla_target(SEVERITY, NoClock("SEEN words")),),
    quota=Quota(960001, Money(96000200, "HID")),
    channels=("HIDDEN",),
    where_to_write="HIDDEN where",
    named_engineer=True,
    categories=(Category("HIDDEN", "SEEN category", True),),
    covers=("HIDDEN covers",),
    price_words="HIDDEN price",
    shortest_months=970001,
    lapses_to="HIDDEN lapse",
    duties=(RecurringTask("HIDDEN", "HIDDEN duty", 1),),
    ladders={"HIDDEN": ()},
)
PROMISE = Deadline(
    INSTANTS["starts"],
    INSTANTS["due"],
    INSTANTS["warn"],
    INSTANTS["breach"],
    (EarliestKept(Severity("HIDDEN why", "HIDDEN why", "HIDDEN why")),),
    "HIDDEN severity",
)
SHEET = TicketView(
    TICKET,
    CLIENT,
    PLAN,
    PROMISE,
    ClockState.BREACHING,
    INSTANTS["breached"],
    Standing(21, 20, Money(2500, "USD")),
    engineer=UserId("UHIDDENNAMED"),
    away=True,
    stand_in="UHIDDENCOVER",
    agreed_at=INSTANTS["starts"],
    further=(
        ClockLine(
            "HIDDEN clock",
            Metric.RESOLUTION,
            replace(PROMISE, due_at=INSTANTS["next"]),
            ClockState.RUNNING,
            INSTANTS["warn"],
            None,
        ),
    ),
)

UNCOVERED = Category("training", "SEEN training", covered=False)
STATES = {
    "merged": replace(
        SHEET, ticket=replace(TICKET, state=TicketState.MERGED, merged_into="SEEN-OTHER")
    ),
    "not covered": replace(
        SHEET,
        ticket=replace(TICKET, category="training"),
        plan=replace(PLAN, categories=(*PLAN.categories, UNCOVERED)),
    ),
    "new": SHEET,
    "untriaged": replace(SHEET, ticket=replace(TICKET, severity=None, severity_by=None)),
    "answered": replace(SHEET, ticket=replace(TICKET, first_response_at=INSTANTS["answered"])),
    "resolved": replace(
        SHEET,
        ticket=replace(
            TICKET,
            first_response_at=INSTANTS["answered"],
            state=TicketState.RESOLVED,
            resolved_at=INSTANTS["resolved"],
            resolution="SEEN resolution",
            rating=4,
        ),
    ),
}
SEEN_INSTANTS = {"due", "answered", "next"}


def client_texts(of: ClientTicketView) -> str:
    messages = [build(of) for build in (client_card, resolution_note, reopened_note, merged_note)]
    if note := not_covered_note(of):
        messages.append(note)
    return json.dumps([[message.text, message.blocks, message.username] for message in messages])


@pytest.mark.parametrize("state", STATES)
def test_no_internal_word_number_or_instant_reaches_the_client(state: str) -> None:
    client_text = client_texts(client_ticket_view(STATES[state]))
    assert "SEEN-KEY" in client_text
    assert "HIDDEN" not in client_text
    for number in (*NUMBERS.values(), 920001, 930001, 940001, 950001, 960001, 960002, 970001):
        assert str(number) not in client_text
    for name, instant in INSTANTS.items():
        if name not in SEEN_INSTANTS:
            assert str(int(instant.timestamp())) not in client_text
    for word in ("breach", "late", "phone", "grace"):
        assert word not in client_text.lower()


def test_fields_for_clients_reach_the_client() -> None:
    client_text = client_texts(client_ticket_view(STATES["resolved"]))
    for words in ("SEEN-KEY", "SEEN label", "SEEN resolution", "<@USEEN>", "USD 25.00"):
        assert words in client_text
    assert "SEEN category" in client_text
    assert "SEEN training" in client_texts(client_ticket_view(STATES["not covered"]))
    assert "You gave it 4 of 5" in client_text
    asked = client_texts(client_ticket_view(STATES["new"]))
    for words in ("SEEN definition", str(int(INSTANTS["due"].timestamp()))):
        assert words in asked


def test_the_contact_note_contains_only_the_plans_name_and_words() -> None:
    plan = replace(PLAN, name="SEEN", where_to_write="SEEN where")
    message = where_to_write(plan)
    assert "HIDDEN" not in json.dumps([message.text, message.blocks])


@pytest.mark.parametrize("values", [SHEET, TICKET, CLIENT, PLAN, PROMISE])
def test_every_field_is_marked_or_named(values: Any) -> None:
    """A new field fails here until it is marked above."""
    known = {
        TicketView: "ticket client plan deadline clock breached_at standing engineer away"
        " stand_in metric stopped_at further agreed_at",
        Ticket: "id client_id number key source opened_at opened_by summary agreement_id"
        " catalog_version_id plan_id channel_id thread_ts severity severity_by state assignee"
        " counted first_response_at first_response_by resolved_at resolution rating waiting_since"
        " snoozed_until found_at category merged_into fault cause cause_words taken"
        " waived",
        Client: "id key name channel_id join_minutes intake",
        Plan: "catalog id name rank zone price sla_targets quota channels where_to_write"
        " named_engineer categories covers price_words shortest_months lapses_to further"
        " duties ladders",
        Deadline: "starts_at due_at warn_at breach_at why severity",
    }
    assert [field.name for field in fields(values)] == known[type(values)].split()


def test_no_builder_for_clients_receives_internal_types() -> None:
    """No parameter holds an agreement, a client or a ticket at any depth."""
    inside = {type(value) for value in values_within(client_ticket_view(SHEET))}
    assert Severity in inside
    assert not inside & {Agreement, Client, Ticket, TicketView, Deadline, Plan}


def values_within(value: Any) -> Iterator[Any]:
    yield value
    if is_dataclass(value):
        for field in fields(value):
            yield from values_within(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from values_within(item)
