"""Until when staff members are away."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("staff", sa.Column("away_until", sa.BigInteger()))
