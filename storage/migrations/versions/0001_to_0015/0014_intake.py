"""Which messages in a client's channel open a ticket."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    intake = sa.Column("intake", sa.Text(), nullable=False, server_default="every")
    op.add_column("clients", intake)
