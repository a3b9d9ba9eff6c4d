"""The changes of a ticket name every field that can change, and can be undone."""

from dataclasses import fields, replace

from bot.domain.ids import UserId
from bot.domain.ticket import Ticket, TicketState
from bot.domain.ticket_events import Change, TicketChanges
from tests.views.ticket_views import ticket_view

TICKET = ticket_view().ticket
FIXED = {
    *("id", "client_id", "number", "key", "source", "agreement_id", "catalog_version_id"),
    *("plan_id", "channel_id"),
    "summary",  # the history leaves a client's words out
}


def test_every_field_that_can_change_has_a_place() -> None:
    changing = {field.name for field in fields(Ticket)} - FIXED
    assert {field.name for field in fields(TicketChanges)} == changing


def test_only_fields_that_differ_are_named() -> None:
    after = replace(TICKET, assignee=UserId("U0ELI"), summary="Other words")
    changes = TicketChanges.between(TICKET, after)
    assert changes == TicketChanges(assignee=Change(TICKET.assignee, UserId("U0ELI")))


def test_undoing_the_changes_gives_the_former_ticket() -> None:
    after = replace(TICKET, state=TicketState.RESOLVED, resolution="Restarted it", counted=False)
    assert TicketChanges.between(TICKET, after).undone(after) == TICKET
    assert TicketChanges().undone(after) == after
