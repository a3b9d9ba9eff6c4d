"""An index of open tickets."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    is_open = sa.text("state = 'open'")
    op.create_index(
        "ix_tickets_open",
        "tickets",
        ["client_id", "assignee"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
