"""A number for each claim of a message."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("claims", sa.Integer(), nullable=False, server_default="0"))
