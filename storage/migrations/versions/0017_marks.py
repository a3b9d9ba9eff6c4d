"""What a message carries unseen is a mark that means nothing to others."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("mark", sa.Text(), nullable=False, server_default=""))
    # What may stand in Slack already carries its key.
    op.execute("UPDATE outbox SET mark = key")
