"""How far each client's channel has been read back; tickets that were found late."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("tickets", sa.Column("found_late_at", sa.BigInteger()))
    op.create_table(
        "watermarks",
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("read_to", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_watermarks")),
    )
