"""Tickets merged into another ticket."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("tickets", sa.Column("merged_into", sa.Text()))
