"""Causes of late answers, recorded by staff."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    for name in ("cause", "cause_words"):
        op.add_column("tickets", sa.Column(name, sa.Text(), nullable=False, server_default=""))
