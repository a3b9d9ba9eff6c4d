"""Held timers, and the message in which several breaches are reported together."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.add_column("timers", sa.Column("held_until", sa.BigInteger()))
    op.add_column("periods", sa.Column("said_in", sa.Text()))
