"""A ticket's category, and whether the vendor caused it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("tickets", sa.Column("category", sa.Text()))
    op.add_column("tickets", sa.Column("fault", sa.Text(), nullable=False, server_default=""))
