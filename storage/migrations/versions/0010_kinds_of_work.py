"""What kind of work a ticket is, and whether it was the vendor's own fault."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("tickets", sa.Column("category", sa.Text()))
    op.add_column("tickets", sa.Column("fault", sa.Text(), nullable=False, server_default=""))
