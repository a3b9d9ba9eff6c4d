"""Since when each message has been owed: a card that is to be shown anew is young again."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("owed_since", sa.BigInteger()))
    op.execute("UPDATE outbox SET owed_since = not_before")
