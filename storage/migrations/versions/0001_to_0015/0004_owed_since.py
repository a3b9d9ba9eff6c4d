"""When each message became pending, an index of failed messages, and one row for the audit."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("owed_since", sa.BigInteger(), nullable=True))
    op.execute("UPDATE outbox SET owed_since = not_before")
    failed = sa.text("state = 'failed'")
    op.create_index(
        "ix_outbox_failed", "outbox", ["id"], sqlite_where=failed, postgresql_where=failed
    )
    op.execute("DELETE FROM periods WHERE kind = 'audit'")
