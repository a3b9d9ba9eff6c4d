"""Clients, their agreements, and the staff that supports them."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ids import ChannelId, ClientId


class Intake(StrEnum):
    """Which posts in a client's channel open a ticket.

    A post in the thread of a ticket always belongs to that ticket. A :ticket: reaction on a message
    opens a ticket in every mode.
    """

    EVERY = "every"
    MENTION = "mention"  # posts that mention the desk
    ASKED = "asked"  # no post: people press the button on the channel's card


@dataclass(frozen=True, slots=True)
class Client:
    """A client of the vendor. `key` is the prefix of its ticket keys (`ACME-12`)."""

    id: ClientId
    key: str
    name: str
    channel_id: ChannelId | None  # None: the plan has no Slack channel, and staff enter the reports
    join_minutes: int  # minutes in which further posts of the same person join the ticket
    intake: Intake = Intake.EVERY
