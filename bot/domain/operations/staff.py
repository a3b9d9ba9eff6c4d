"""People on the vendor's staff and their working hours."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from bot.domain.actor import Staff
from bot.domain.ids import UserId
from bot.domain.sla.calendars.calendar import Calendar
from bot.domain.sla.calendars.parse_windows import parse_windows


class Role(StrEnum):
    """The role of a staff member. A person without a role is on the client's side."""

    ENGINEER = "engineer"
    MANAGER = "manager"


@lru_cache(maxsize=1024)
def _calendar(hours: str, zone: str) -> Calendar:
    windows = (window for part in hours.split(";") for window in parse_windows(part))
    return Calendar("working hours", zone, tuple(windows))


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A member of the vendor's staff, identified by a Slack user ID.

    Replies show `name` to clients. `hours` are the working hours, "Mon-Fri 09:00-18:00; Sat
    10:00-12:00", in the IANA `zone`; None means at any time.
    """

    user_id: UserId
    role: Role
    name: str | None
    away_until: datetime | None = None  # aware, in UTC; somebody else acts for them until then
    by_group: bool = False  # True if they come from the staff's Slack user group
    cover: UserId | None = None  # who acts for them during the absence, a Slack user ID
    hours: str | None = None
    zone: str | None = None

    @property
    def actor(self) -> Staff:
        """Return the member as the actor of an event."""
        return Staff(self.user_id)

    def is_away(self, now: datetime) -> bool:
        """Return whether the member is away at `now`."""
        return self.away_until is not None and self.away_until > now

    def at_work_from(self, now: datetime) -> datetime:
        """Return when they read messages that are not urgent: now, or when their hours begin."""
        if self.hours is None or self.zone is None:
            return now
        return _calendar(self.hours, self.zone).next_opening(now)
