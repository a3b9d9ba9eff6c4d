"""Who buys support, and who gives it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from bot.domain.calendar import Calendar
from bot.domain.parse_windows import parse_windows


class Role(StrEnum):
    """What a person on the vendor's staff may do; anybody else is on a client's side."""

    ENGINEER = "engineer"
    MANAGER = "manager"


@lru_cache(maxsize=1024)
def _calendar(hours: str, zone: str) -> Calendar:
    windows = (window for part in hours.split(";") for window in parse_windows(part))
    return Calendar("working hours", zone, tuple(windows))


class Intake(StrEnum):
    """Which posts in a client's channel open a ticket. In the thread of a ticket all are part of
    it, and a :ticket: on a message opens one anywhere."""

    EVERY = "every"
    MENTION = "mention"  # those that mention the desk
    ASKED = "asked"  # none: people press the button on the channel's own card


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A person on the vendor's staff, by Slack user ID. `name` is shown to clients in replies."""

    user_id: str
    role: Role
    name: str
    away_until: datetime | None = None  # aware, UTC; others act for them meanwhile
    by_group: bool = False  # on the list because they are in the staff's user group
    cover: str | None = None  # who acts for them meanwhile, a Slack user ID
    hours: str = ""  # "Mon-Fri 09:00-18:00; Sat 10:00-12:00" in the IANA `zone`; "": at any time
    zone: str = ""

    def is_away(self, now: datetime) -> bool:
        return self.away_until is not None and self.away_until > now

    def at_work_from(self, now: datetime) -> datetime:
        """The instant from which they read what is not pressing: now, or when their hours begin."""
        return _calendar(self.hours, self.zone).next_opening(now) if self.hours else now


@dataclass(frozen=True, slots=True)
class Client:
    """Who bought support. `key` begins the ticket keys (`ACME-12`)."""

    id: int
    key: str
    name: str
    channel_id: str | None  # None: the plan has no Slack channel; staff enter the reports
    join_minutes: int  # follow-ups by the same person within so many minutes join the ticket
    intake: Intake = Intake.EVERY


class Came(StrEnum):
    """How a version of an agreement came to be."""

    START = "start"
    UPGRADE = "upgrade"  # "in force at the instant a manager confirms"
    DOWNGRADE = "downgrade"  # "can be withdrawn until then"
    TERMS = "terms"  # the same plan, agreed otherwise
    END = "end"  # what follows a fixed term


NO_PLAN = ""  # the plan of a client whose agreement has ended, where nothing follows


@dataclass(frozen=True, slots=True)
class Agreement:
    """A client's plan from `effective_from` on. A change is a new version, and one that is not yet
    in force can be withdrawn. Instants are aware, in UTC.

    Billing cycles begin on the `anchor_day` of each month, "clamped to its length", at midnight in
    the IANA `zone`.
    """

    id: int
    client_id: int
    catalog: str  # by name: a ticket is pinned to the version in force when it opens
    plan_id: str
    effective_from: datetime
    engineer: str | None  # the named account engineer, a Slack user ID
    backup: str | None
    terms: str = ""  # TOML: what this client's agreement says otherwise than the plan
    kind: str = Came.START
    zone: str = "UTC"
    anchor_day: int = 1
    ends_at: datetime | None = None  # the end of a fixed term; another version is in force then
    agreed_at: datetime | None = None
    agreed_by: str = ""  # the manager, a Slack user ID; "" on the command line
    withdrawn_at: datetime | None = None
    statement_to_client: bool = False  # statements go to the client's channel, too

    @property
    def has_plan(self) -> bool:
        return self.plan_id != NO_PLAN
