"""A ticket before the store has given it an ID, a number, and a key."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import AgreementId, ChannelId, ClientId
from bot.domain.ticket import Side, Source
from bot.slack_ts import MessageTs


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A ticket before the store has given it an ID, a number and a key."""

    client_id: ClientId
    source: Source
    opened_at: datetime
    opened_by: str
    summary: str
    agreement_id: AgreementId
    catalog_version_id: int
    plan_id: str
    severity: str | None = None
    severity_by: Side | None = None
    channel_id: ChannelId | None = None
    thread_ts: MessageTs | None = None
    found_at: datetime | None = None
    counted: bool = True
