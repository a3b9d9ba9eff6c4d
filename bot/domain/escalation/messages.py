"""The messages of an escalation ladder: pings in Slack, and pages outside Slack."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NamedTuple

from bot.domain.escalation.decision import Audience, Rung
from bot.domain.escalation.ladder import Step, Tell
from bot.domain.ids import TicketId, UserId


class ClockStep(NamedTuple):
    """An escalation step of a clock (by its name), and the instant (aware, UTC) of the step."""

    clock: str
    step: Step
    at: datetime

    @property
    def rung(self) -> Rung:
        """Return the step without its clock."""
        return Rung(self.step, self.at)


@dataclass(frozen=True, slots=True)
class PingMessage:
    """A ping about escalation steps of a ticket, to an audience.

    `steps` has at most one step of each clock, the most urgent first. `tells` names the audience of
    these steps in the ladder, and `readers` the people to mention. `instead_of` counts the earlier
    reminders that this ping replaces. `to_all` is true if the whole channel sees the ping.
    `noticed_at` (aware, UTC) is when the steps were noticed.
    """

    kind: ClassVar[str] = "ping"
    ticket: TicketId
    steps: tuple[ClockStep, ...]
    audience: Audience
    readers: tuple[UserId, ...]
    noticed_at: datetime
    tells: frozenset[Tell] = frozenset()
    instead_of: int = 0
    to_all: bool = False


@dataclass(frozen=True, slots=True)
class PingsTogether:
    """Several pings to the same reader in a single message. `noticed_at` is aware, in UTC."""

    kind: ClassVar[str] = "pings"
    parts: tuple[PingMessage, ...]
    noticed_at: datetime

    @property
    def audience(self) -> Audience:
        """Return the audience that all parts share."""
        return self.parts[0].audience


@dataclass(frozen=True, slots=True)
class Page:
    """A page about an escalation step of a ticket, sent outside Slack.

    `noticed_at` (aware, UTC) is when the step was noticed.
    """

    kind: ClassVar[str] = "page"
    ticket: TicketId
    clock_step: ClockStep
    noticed_at: datetime


Reminder = PingMessage | PingsTogether
