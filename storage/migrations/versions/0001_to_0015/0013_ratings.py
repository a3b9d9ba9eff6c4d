"""The clients' ratings of tickets."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("tickets", sa.Column("rating", sa.Integer()))
