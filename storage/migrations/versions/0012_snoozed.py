"""Tickets that are out of the queue until some time."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("tickets", sa.Column("snoozed_until", sa.BigInteger()))
