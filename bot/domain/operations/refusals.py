"""Refusals about access to the desk, and settings of clients and staff."""

from dataclasses import dataclass

from bot.domain.sla.text_faults import TextFault
from bot.errors import Refusal


class NotStaff(Refusal):
    """The actor is not on the vendor's staff, and only staff may do this."""


class NotManager(Refusal):
    """The actor is on the staff but is not a manager, and only managers may do this."""


@dataclass(eq=False)
class NoSuchClient(Refusal):
    """No client has the key. `known` are the keys of all clients."""

    key: str
    known: tuple[str, ...]


class NoSuchIntake(Refusal):
    """The words do not name a way in which posts open tickets."""


@dataclass(eq=False)
class NoChannel(Refusal):
    """The client has no channel."""

    client: str


@dataclass(eq=False)
class NoSuchJoin(Refusal):
    """The words are not a number of minutes from 0 to `longest`."""

    longest: int


@dataclass(eq=False)
class ClientSettingMissing(Refusal):
    """The command does not say which setting of the client to change."""

    key: str


@dataclass(eq=False)
class NothingParked(Refusal):
    """No parked delivery has the number."""

    number: int


class CoversThemselves(Refusal):
    """A person who goes away names themselves as cover."""


@dataclass(eq=False)
class NotOnTheTeam(Refusal):
    """The person concerned, a Slack user ID, is not on the staff."""

    user_id: str

    @property
    def people(self) -> tuple[str, ...]:
        return (self.user_id,)


@dataclass(eq=False)
class NoSuchZone(Refusal):
    """The words are not the name of an IANA time zone."""

    zone: str


@dataclass(eq=False)
class HoursUnreadable(Refusal):
    """The working hours cannot be parsed."""

    fault: TextFault


class HoursOverlap(Refusal):
    """Two windows of the working hours overlap."""


@dataclass(eq=False)
class PersonUnclear(Refusal):
    """The words name no staff member, or several. `key` is the ticket's key, "" for none."""

    is_ambiguous: bool
    key: str


class StoreUnavailable(Refusal):
    """The database cannot store anything now; nothing was changed."""


@dataclass(eq=False)
class Crashed(Refusal):
    """An unexpected error occurred; nothing was changed. `reference` identifies it in the log."""

    reference: str
