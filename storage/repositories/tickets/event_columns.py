"""Ticket events as the columns of their table: the kind, JSON before and after, and the actor."""

from collections.abc import Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Annotated, Any

from pydantic import Discriminator, Tag, TypeAdapter

from bot.domain import ticket_events as domain
from bot.domain.actor import Actor, ClientPerson, Operator, Staff, System, user_id_of
from bot.domain.ids import UserId
from bot.domain.ticket_events import TicketEvent
from storage.tables.tickets import NONE_IF_EMPTY

# The kinds are stored: a class may be renamed, but its kind stays.
_KINDS: Mapping[type[TicketEvent], str] = {
    domain.Opened: "opened",
    domain.BeganEarlier: "began_earlier",
    domain.StaffWrote: "staff_wrote",
    domain.ClientWrote: "client_wrote",
    domain.FirstResponse: "first_response",
    domain.SeverityProposed: "severity_proposed",
    domain.SeverityDecided: "severity_decided",
    domain.ProposalNoted: "proposal_noted",
    domain.Taken: "taken",
    domain.Assigned: "assigned",
    domain.Waiting: "waiting",
    domain.Resumed: "resumed",
    domain.NoLongerWaiting: "no_longer_waiting",
    domain.Snoozed: "snoozed",
    domain.Woken: "woken",
    domain.Categorised: "categorised",
    domain.FaultRecorded: "own_fault",
    domain.CauseRecorded: "cause_said",
    domain.Waived: "waived",
    domain.Noted: "noted",
    domain.Replied: "replied",
    domain.AnswerRecorded: "answer_recorded",
    domain.Merged: "merged",
    domain.Unmerged: "unmerged",
    domain.Joined: "joined",
    domain.Resolved: "resolved",
    domain.Reopened: "reopened",
    domain.Cancelled: "cancelled",
    domain.Rated: "rated",
    domain.Breached: "breached",
    domain.BreachCorrected: "breach_corrected",
    domain.BreachWithdrawn: "breach_withdrawn",
    domain.Flagged: "flagged",
    domain.Edited: "edited",
    domain.Deleted: "deleted",
    domain.TimersRepaired: "timers_repaired",
}


def _kind_of(event: Any) -> str:
    """Return the kind of an event, or of the facts from which an event is made."""
    return str(event["kind"]) if isinstance(event, dict) else _KINDS[type(event)]


_TAGGED: Any = reduce(or_, (Annotated[event, Tag(kind)] for event, kind in _KINDS.items()))
_EVENTS: TypeAdapter[TicketEvent] = TypeAdapter(Annotated[_TAGGED, Discriminator(_kind_of)])

# Stored in another form than the domain has: {"from": "now"} is `from_now`.
_FROM, _NOW = "from", "now"

# The first databases had a single clock, which their events do not name.
_ONLY_CLOCK = "first_response:1"


def event_columns(event: TicketEvent) -> dict[str, Any]:
    """Return the columns `kind`, `before` and `after` of an event."""
    facts = _EVENTS.dump_python(event)
    changes = {
        name: change for name, change in facts.pop("changes", {}).items() if change is not None
    }
    if facts.pop("from_now", False):
        facts[_FROM] = _NOW
    before = {name: _plain(change["before"]) for name, change in changes.items()}
    after = {name: _plain(change["after"]) for name, change in changes.items()}
    after |= {name: _plain(value) for name, value in facts.items()}
    return {"kind": _kind_of(event), "before": before, "after": after}


def _plain(value: Any) -> Any:
    """Return a value for JSON: an instant as ISO 8601, every other value as it is."""
    return value.isoformat() if isinstance(value, datetime) else value


def _value(name: str, value: Any) -> Any:
    """Return the value of a ticket's field; in old events "" stands for None."""
    return None if name in NONE_IF_EMPTY and value == "" else value


def event_of(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> TicketEvent:
    """Return the event that the columns hold; `before` names the fields that it changed."""
    changes = {
        name: {"before": _value(name, old), "after": _value(name, after[name])}
        for name, old in before.items()
        if name in after
    }
    facts = {"kind": kind, "changes": changes, "clock": _ONLY_CLOCK} | dict(after)
    if after.get(_FROM) == _NOW:
        facts["from_now"] = True
    return _EVENTS.validate_python(facts)


_ACTORS: Mapping[type[Actor], str] = {
    Staff: "staff",
    ClientPerson: "client",
    Operator: "operator",
    System: "system",
}


def actor_columns(actor: Actor) -> dict[str, str]:
    """Return the columns `actor_kind` and `actor`: the person's ID, "" for an actor without."""
    return {"actor_kind": _ACTORS[type(actor)], "actor": user_id_of(actor) or ""}


def actor_of(kind: str, user_id: UserId) -> Actor:
    """Return the actor that the columns hold. Raises ValueError for an unknown kind."""
    match kind:
        case "staff":
            return Staff(user_id)
        case "client":
            return ClientPerson(user_id)
        case "operator":
            return Operator()
        case "system":
            return System()
    raise ValueError(f"no actor is of the kind {kind!r}")
