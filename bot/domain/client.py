"""Clients, their agreements, and the staff that supports them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from bot.domain.calendar import Calendar
from bot.domain.parse_windows import parse_windows


class Role(StrEnum):
    """The role of a staff member. A person without a role is on the client's side."""

    ENGINEER = "engineer"
    MANAGER = "manager"


@lru_cache(maxsize=1024)
def _calendar(hours: str, zone: str) -> Calendar:
    windows = (window for part in hours.split(";") for window in parse_windows(part))
    return Calendar("working hours", zone, tuple(windows))


class Intake(StrEnum):
    """Which posts in a client's channel open a ticket.

    A post in the thread of a ticket always belongs to that ticket. A :ticket: reaction on a message
    opens a ticket in every mode.
    """

    EVERY = "every"
    MENTION = "mention"  # posts that mention the desk
    ASKED = "asked"  # no post: people press the button on the channel's card


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A member of the vendor's staff, identified by a Slack user ID.

    Replies show `name` to clients. `hours` are the working hours, "Mon-Fri 09:00-18:00; Sat
    10:00-12:00", in the IANA `zone`; "" means at any time.
    """

    user_id: str
    role: Role
    name: str
    away_until: datetime | None = None  # aware, in UTC; somebody else acts for them until then
    by_group: bool = False  # True if they come from the staff's Slack user group
    cover: str | None = None  # who acts for them during the absence, a Slack user ID
    hours: str = ""
    zone: str = ""

    def is_away(self, now: datetime) -> bool:
        """Return whether the member is away at `now`."""
        return self.away_until is not None and self.away_until > now

    def at_work_from(self, now: datetime) -> datetime:
        """Return when they read messages that are not urgent: now, or when their hours begin."""
        return _calendar(self.hours, self.zone).next_opening(now) if self.hours else now


@dataclass(frozen=True, slots=True)
class Client:
    """A client of the vendor. `key` is the prefix of its ticket keys (`ACME-12`)."""

    id: int
    key: str
    name: str
    channel_id: str | None  # None: the plan has no Slack channel, and staff enter the reports
    join_minutes: int  # minutes in which further posts of the same person join the ticket
    intake: Intake = Intake.EVERY


class Came(StrEnum):
    """The kind of change that created an agreement version."""

    START = "start"
    UPGRADE = "upgrade"  # "in force at the instant a manager confirms"
    DOWNGRADE = "downgrade"  # "can be withdrawn until then"
    TERMS = "terms"  # the same plan with other terms
    END = "end"  # the version that follows a fixed term


NO_PLAN = ""  # the plan ID after an agreement has ended without a following plan


@dataclass(frozen=True, slots=True)
class Agreement:
    """A version of a client's agreement, in force from `effective_from` on.

    Each change creates a new version. A version that is not in force yet can be withdrawn. Instants
    are aware, in UTC.

    Billing cycles begin on the `anchor_day` of each month, "clamped to its length", at midnight in
    the IANA `zone`.
    """

    id: int
    client_id: int
    # the name of the catalogue; a ticket is pinned to the catalogue version at its opening
    catalog: str
    plan_id: str
    effective_from: datetime
    engineer: str | None  # the named account engineer, a Slack user ID
    backup: str | None
    terms: str = ""  # TOML text: the terms that differ from the plan
    kind: str = Came.START
    zone: str = "UTC"
    anchor_day: int = 1
    # the end of a fixed term, when another version comes into force
    ends_at: datetime | None = None
    agreed_at: datetime | None = None
    agreed_by: str = ""  # the manager, a Slack user ID; "" on the command line
    withdrawn_at: datetime | None = None
    statement_to_client: bool = False  # whether statements are also posted in the client's channel

    @property
    def has_plan(self) -> bool:
        """Return whether a plan is in force under this version."""
        return self.plan_id != NO_PLAN
