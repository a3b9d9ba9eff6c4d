"""Actors: who or what changed something."""

from dataclasses import dataclass

from bot.domain.ids import UserId


@dataclass(frozen=True, slots=True)
class Staff:
    """A person on the vendor's staff."""

    user_id: UserId


@dataclass(frozen=True, slots=True)
class ClientPerson:
    """A person on a client's side: a Slack user ID, or a name for reports that staff entered."""

    user_id: UserId


@dataclass(frozen=True, slots=True)
class Operator:
    """The person at the command line, who may do anything."""


@dataclass(frozen=True, slots=True)
class System:
    """Deskbell itself, for everything that time brings."""


Person = Staff | ClientPerson
Actor = Person | Operator | System


def user_id_of(actor: Actor) -> UserId | None:
    """Return the ID of the person, or None for the operator and for Deskbell itself."""
    return actor.user_id if isinstance(actor, Person) else None
