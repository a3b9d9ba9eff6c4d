"""Edits and deletions of messages, and deliveries that were parked."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("messages", sa.Column("edited_ts", sa.Text()))
    op.add_column("messages", sa.Column("deleted_at", sa.BigInteger()))
    op.add_column("inbox", sa.Column("parked_at", sa.BigInteger()))
    op.create_table(
        "wordings",
        sa.Column("id", _ID, nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("ts", sa.Text(), nullable=False),
        sa.Column("since_ts", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file_names", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wordings"),
        sa.UniqueConstraint(
            "channel_id", "ts", "since_ts", name="uq_wordings_channel_id_ts_since_ts"
        ),
    )
