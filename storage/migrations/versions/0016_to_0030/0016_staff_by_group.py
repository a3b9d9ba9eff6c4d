"""Staff members added by a user group."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column(
        "staff",
        sa.Column("by_group", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
