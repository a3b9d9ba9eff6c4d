"""Values for the view tests: a client, a plan and a ticket on an afternoon."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.agreements.money import Money
from bot.domain.agreements.plan import Plan, Quota
from bot.domain.agreements.quota import Standing
from bot.domain.ids import AgreementId, ChannelId, ClientId, TicketId
from bot.domain.operations.client import Client
from bot.domain.sla.calendars.calendar import Calendar
from bot.domain.sla.calendars.window import Window
from bot.domain.sla.clocks.deadline import ClockState, Deadline
from bot.domain.sla.clocks.measured_spans import ClockEvent, ClockEventKind
from bot.domain.sla.clocks.sla_clock import clocks_of
from bot.domain.sla.targets.sla_target import Severity, SlaTarget
from bot.domain.sla.targets.target import ClockTime, NoClock, Target
from bot.domain.ticket import Side, Source, Ticket, TicketState
from bot.domain.tickets.ticket_view import TicketView
from bot.slack_ts import MessageTs

ZONE = "Asia/Karachi"
OPENED = datetime(2026, 3, 13, 9, 0, tzinfo=UTC)  # a Friday, 14:00 in Karachi
WARN = OPENED + timedelta(hours=3)
DUE = OPENED + timedelta(hours=4)
ENGINEER = "UENGINEER1"
READER = "UREADER01"
AUTHOR = "UAUTHOR01"

ALWAYS = Calendar("always", ZONE, tuple(Window(day, 0, 1440) for day in range(7)))
CRITICAL = Severity("critical", "Critical", "The system is down and nobody can work.")
LOW = Severity("low", "Low", "A question, or a small thing that can wait.")
WISH = Severity("wish", "Wish", "Something that would be nice to have.")


def sla_target(severity: Severity, target: Target) -> SlaTarget:
    return SlaTarget(severity, target, ALWAYS, {})


PLAN = Plan(
    catalog="ecosire",
    id="standard",
    name="Standard",
    rank=2,
    zone=ZONE,
    price=Money(29900, "USD"),
    sla_targets=(
        sla_target(CRITICAL, ClockTime(timedelta(hours=4))),
        sla_target(LOW, ClockTime(timedelta(hours=48))),
        sla_target(WISH, NoClock("Handled as capacity allows.")),
    ),
    quota=Quota(20, Money(2500, "USD")),
    channels=("slack", "email"),
    where_to_write="Please write to help@vendor.example.",
    named_engineer=False,
    categories=(),
    covers=(),
)
CLIENT = Client(
    id=ClientId(1), key="ACME", name="Acme", channel_id=ChannelId("CACME0001"), join_minutes=5
)
TICKET = Ticket(
    id=TicketId(1),
    client_id=ClientId(1),
    number=3,
    key="ACME-3",
    source=Source.SLACK,
    opened_at=OPENED,
    opened_by=AUTHOR,
    summary="Invoices cannot be posted since noon.",
    agreement_id=AgreementId(1),
    catalog_version_id=1,
    plan_id="standard",
    channel_id=ChannelId("CACME0001"),
    thread_ts=MessageTs.parse("1773392400.000100"),
)
CLOCK = Deadline(starts_at=OPENED, due_at=DUE, warn_at=WARN, breach_at=DUE)
CLOCKS = clocks_of(PLAN, [ClockEvent(OPENED, ClockEventKind.OPENED)])
UNTRIAGED = TicketView(TICKET, CLIENT, PLAN, CLOCK, ClockState.RUNNING, None, Standing(7, 20, None))


def ticket_view(*, ticket_view: TicketView = UNTRIAGED, **ticket: Any) -> TicketView:
    """Return the ticket view with these fields of its ticket changed."""
    return replace(ticket_view, ticket=replace(ticket_view.ticket, **ticket))


CRITICAL_SHEET = ticket_view(severity="critical", severity_by=Side.STAFF)
LATE = replace(CRITICAL_SHEET, clock=ClockState.BREACHING, breached_at=DUE)
ANSWERED = replace(
    ticket_view(
        ticket_view=CRITICAL_SHEET,
        assignee=ENGINEER,
        first_response_at=OPENED + timedelta(hours=1),
        first_response_by=ENGINEER,
    ),
    clock=ClockState.MET,
)
RESOLVED = ticket_view(
    ticket_view=ANSWERED,
    state=TicketState.RESOLVED,
    resolved_at=OPENED + timedelta(hours=2),
    resolution="The posting period was closed; it is open again.",
)
