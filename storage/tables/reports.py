"""Tables of App Homes and digest subscriptions."""

from sqlalchemy import Column, Table, Text

from storage.tables.columns import Instant, metadata

# Whose App Home is kept up to date, and when they last looked at it.
homes = Table(
    "homes",
    metadata,
    Column("user_id", Text, primary_key=True),
    Column("opened_at", Instant, nullable=False),
)


# Which channels read a digest of one client or plan besides the managers'.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("channel_id", Text, primary_key=True),
    Column("subject", Text, primary_key=True),  # a client's key, or a plan's id
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
