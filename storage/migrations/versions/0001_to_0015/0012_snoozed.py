"""Until when a ticket is snoozed."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("tickets", sa.Column("snoozed_until", sa.BigInteger()))
