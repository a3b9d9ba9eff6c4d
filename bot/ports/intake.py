"""Store interfaces for clients' messages and for the backfill."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from bot.domain.ids import ChannelId, TicketId, UserId
from bot.domain.intake.channel_message import ChannelMessage, Deletion, Kept, OnRecord, Written
from bot.domain.ticket import Side
from bot.slack_ts import MessageTs


class Messages(Protocol):
    """Recorded messages of clients' channels, and the ticket that each belongs to."""

    async def record(self, message: ChannelMessage, received_at: datetime) -> bool: ...
    async def record_stub(
        self, deletion: Deletion, received_at: datetime, because: str
    ) -> None: ...
    async def settle(
        self, message: ChannelMessage, side: Side, ticket_id: TicketId | None, because: str
    ) -> None: ...
    async def ticket_of(self, channel_id: ChannelId, ts: MessageTs) -> TicketId | None: ...
    async def of_staff(
        self, channel_id: ChannelId, thread_ts: MessageTs, since_ts: MessageTs
    ) -> list[Written]: ...
    async def join(self, channel_id: ChannelId, ts: MessageTs, ticket_id: TicketId) -> None: ...
    async def joined_near(
        self,
        channel_id: ChannelId,
        user_id: UserId,
        since_ts: MessageTs,
        ts: MessageTs,
        until_ts: MessageTs,
    ) -> TicketId | None: ...


class Wordings(Protocol):
    """The texts of recorded messages, as last edited."""

    async def current(self, channel_id: ChannelId, ts: MessageTs) -> OnRecord | None: ...
    async def of_ticket(
        self, ticket_id: TicketId, user_id: UserId | None, since_ts: MessageTs, until_ts: MessageTs
    ) -> list[OnRecord]: ...
    async def keep(self, message: ChannelMessage, since_ts: MessageTs) -> None: ...
    async def reword(self, message: ChannelMessage, since_ts: MessageTs) -> None: ...
    async def erase(self, channel_id: ChannelId, ts: MessageTs, deleted_at: datetime) -> None: ...


class Backfill(Protocol):
    """How far Slack's history of each channel has been compared with the recorded messages."""

    async def claim(self, read_before: datetime) -> list[ChannelId]: ...
    async def read_until(self, channel_id: ChannelId) -> datetime | None: ...
    async def move(self, channel_id: ChannelId, read_until: datetime) -> None: ...
    async def threads(self, channel_id: ChannelId, resolved_since: datetime) -> list[MessageTs]: ...
    async def kept(
        self, channel_id: ChannelId, since_ts: MessageTs, roots: Collection[MessageTs]
    ) -> list[Kept]: ...
