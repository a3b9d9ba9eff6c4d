"""How far each client's channel was read in Slack's history, and tickets received late."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "backfills",
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.BigInteger()),
        sa.Column("read_until", sa.BigInteger()),
        sa.PrimaryKeyConstraint("channel_id", name="pk_backfills"),
    )
    op.add_column("tickets", sa.Column("found_at", sa.BigInteger()))
