"""Random marks as the invisible metadata of messages."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("mark", sa.Text(), nullable=False, server_default=""))
    # Messages that may be in Slack already carry their key as the mark.
    op.execute("UPDATE outbox SET mark = key")
