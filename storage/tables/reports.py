"""Tables of App Homes and digest subscriptions."""

from sqlalchemy import Column, Table, Text

from storage.tables.columns import Instant, metadata

# People whose App Home is kept current, and when they last opened it.
homes = Table(
    "homes",
    metadata,
    Column("user_id", Text, primary_key=True),
    Column("opened_at", Instant, nullable=False),
)


# Channels that receive a digest of a client or a plan, besides the managers' channel.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("channel_id", Text, primary_key=True),
    Column("subject", Text, primary_key=True),  # a client's key, or a plan's id
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
