"""Several clocks and metrics per ticket, terms of an agreement, and waiting on the client.

Existing clocks become first-response clocks; recorded breaches are kept.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_UNREPORTED = sa.text("noticed_at IS NOT NULL AND reported_at IS NULL")
_COPY = """\
INSERT INTO clocks (ticket_id, metric, number, begins_at, stops_at, cancelled, paused, severity,
    starts_at, due_at, warn_at, breach_at, why, breached_at, noticed_at, reported_at)
SELECT t.id, 'first_response', 1, t.opened_at, t.first_response_at, false, false, t.severity,
    starts_at, due_at, warn_at, breach_at, why, breached_at, noticed_at, reported_at
FROM clocks_before c JOIN tickets t ON t.id = c.ticket_id ORDER BY t.id"""


def upgrade() -> None:
    op.add_column("tickets", sa.Column("waiting_since", sa.BigInteger()))
    op.add_column("agreements", sa.Column("terms", sa.Text(), nullable=False, server_default=""))
    op.add_column("timers", sa.Column("clock", sa.Text()))
    op.execute("UPDATE timers SET clock = 'first_response:1' WHERE ticket_id IS NOT NULL")
    op.drop_index("ix_clocks_due_at", "clocks")
    op.drop_index("ix_clocks_unreported", "clocks")
    op.rename_table("clocks", "clocks_before")
    op.create_table(
        "clocks",
        sa.Column("id", _ID, nullable=False),
        sa.Column("ticket_id", _ID, nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("begins_at", sa.BigInteger(), nullable=False),
        sa.Column("stops_at", sa.BigInteger()),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("severity", sa.Text()),
        sa.Column("starts_at", sa.BigInteger()),
        sa.Column("due_at", sa.BigInteger()),
        sa.Column("warn_at", sa.BigInteger()),
        sa.Column("breach_at", sa.BigInteger()),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("breached_at", sa.BigInteger()),
        sa.Column("noticed_at", sa.BigInteger()),
        sa.Column("reported_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_clocks_ticket_id_tickets"),
        sa.PrimaryKeyConstraint("id", name="pk_clock"),
        sa.UniqueConstraint(
            "ticket_id", "metric", "number", name="uq_clocks_ticket_id_metric_number"
        ),
    )
    op.execute(_COPY)
    op.drop_table("clocks_before")
    op.create_index("ix_clocks_due_at", "clocks", ["due_at"])
    op.create_index(
        "ix_clocks_unreported",
        "clocks",
        ["noticed_at"],
        sqlite_where=_UNREPORTED,
        postgresql_where=_UNREPORTED,
    )
