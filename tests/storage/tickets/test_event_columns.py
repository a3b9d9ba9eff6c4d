"""Tests that stored events and actors are read unchanged, also from earlier versions."""

import json
from dataclasses import fields
from datetime import timedelta
from typing import Any, get_args

import pytest

from bot.domain import ticket_events as events
from bot.domain.actor import Actor, ClientPerson, Operator, Staff, System
from bot.domain.ids import UserId
from bot.domain.ticket import Side, Source, TicketState
from bot.domain.ticket_events import Change, ChangeEvent, NoteEvent, TicketChanges, TicketEvent
from bot.slack_ts import MessageTs
from storage.repositories.tickets.event_columns import (
    actor_columns,
    actor_of,
    event_columns,
    event_of,
)
from tests.storage.desk_rows import NOON

EVERY_FIELD = TicketChanges(
    opened_at=Change(NOON, NOON - timedelta(hours=1)),
    opened_by=Change("U0ANN", "U0BEN"),
    thread_ts=Change(None, MessageTs.parse("1773057600.000100")),
    severity=Change(None, "high"),
    severity_by=Change(Side.CLIENT, Side.STAFF),
    state=Change(TicketState.OPEN, TicketState.RESOLVED),
    assignee=Change(None, UserId("U0DANA")),
    counted=Change(True, False),
    first_response_at=Change(None, NOON),
    first_response_by=Change(None, UserId("U0DANA")),
    resolved_at=Change(None, NOON),
    resolution=Change(None, "Restarted it"),
    rating=Change(5, None),
    waiting_since=Change(NOON, None),
    snoozed_until=Change(NOON, None),
    found_at=Change(None, NOON),
    category=Change(None, "bug"),
    merged_into=Change(None, "ACME-1"),
    fault=Change("Our update", None),
    cause=Change(None, "outage"),
    cause_words=Change(None, "The power failed"),
    taken=Change(False, True),
    waived=Change(None, "A gift"),
)
FACTS: dict[str, Any] = {
    "changes": EVERY_FIELD,
    "source": Source.PHONE,
    "severity": "low",
    "words": "They restart it on Monday",
    "key": "ACME-2",
    "how": TicketState.DISMISSED,
    "clock": "resolution:1",
    "noticed_at": NOON,
    "message": MessageTs.parse("1773057600.000100"),
    "since": MessageTs.parse("1773057601.000200"),
    "from_now": True,
}
EVENTS: list[TicketEvent] = [
    kind(**{field.name: FACTS[field.name] for field in fields(kind)})
    for kind in (events.Opened, *get_args(ChangeEvent), *get_args(NoteEvent))
]


def test_this_file_changes_every_field_of_a_ticket() -> None:
    assert all(getattr(EVERY_FIELD, field.name) for field in fields(TicketChanges))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_a_stored_event_is_read_unchanged(event: TicketEvent) -> None:
    columns = json.loads(json.dumps(event_columns(event)))
    assert event_of(columns["kind"], columns["before"], columns["after"]) == event


def test_each_event_type_has_its_own_kind() -> None:
    assert len({event_columns(event)["kind"] for event in EVENTS}) == len(EVENTS)


@pytest.mark.parametrize("actor", [Staff(UserId("U1")), ClientPerson(UserId("Ann")), Operator()])
def test_a_stored_actor_is_read_unchanged(actor: Actor) -> None:
    columns = actor_columns(actor)
    assert actor_of(columns["actor_kind"], UserId(columns["actor"])) == actor


def test_the_system_is_stored_without_a_name() -> None:
    assert actor_columns(System()) == {"actor_kind": "system", "actor": ""}
    assert actor_of("system", UserId("")) == System()


def test_an_actor_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="'ghost'"):
        actor_of("ghost", UserId("U1"))


def test_the_columns_are_unchanged_since_earlier_versions() -> None:
    changes = TicketChanges(severity=Change(None, "high"), first_response_at=Change(None, NOON))
    assert event_columns(events.SeverityDecided(changes, from_now=True)) == {
        "kind": "severity_decided",
        "before": {"severity": None, "first_response_at": None},
        "after": {"severity": "high", "first_response_at": NOON.isoformat(), "from": "now"},
    }


def test_an_empty_text_of_an_earlier_version_is_read_as_none() -> None:
    event = event_of("own_fault", {"fault": "", "counted": True}, {"fault": "x", "counted": False})
    changes = TicketChanges(fault=Change(None, "x"), counted=Change(True, False))
    assert event == events.FaultRecorded(changes)


def test_a_breach_without_a_clock_is_of_the_first_response() -> None:
    event = event_of("breached", {}, {"noticed_at": NOON.isoformat()})
    assert event == events.Breached("first_response:1", NOON)


def test_former_fields_of_events_are_ignored() -> None:
    event = event_of("began_earlier", {"summary": "Down"}, {"summary": "It is down"})
    assert event == events.BeganEarlier(TicketChanges())
