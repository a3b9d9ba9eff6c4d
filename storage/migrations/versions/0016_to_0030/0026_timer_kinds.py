"""Add the kind of each timer, and the client of a billing timer."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    kind = sa.Column("kind", sa.Text(), nullable=False, server_default="ladder")
    op.add_column("timers", kind)
    _add_client_id()
    # Until now, a missing ticket or clock stood for the kind.
    op.execute("UPDATE timers SET kind = 'snooze' WHERE ticket_id IS NOT NULL AND clock IS NULL")
    op.execute("UPDATE timers SET kind = 'digest' WHERE ticket_id IS NULL AND clock IS NULL")
    op.execute(  # "books:7" is the billing of client 7
        "UPDATE timers SET kind = 'billing', client_id = CAST(substr(clock, 7) AS BIGINT),"
        " clock = NULL WHERE ticket_id IS NULL AND clock IS NOT NULL"
    )
    without_ticket = sa.text("ticket_id IS NULL AND fired_at IS NULL")
    op.create_index(
        "ix_timers_without_ticket",
        "timers",
        ["kind", "client_id"],
        sqlite_where=without_ticket,
        postgresql_where=without_ticket,
    )


def _add_client_id() -> None:
    """Add the column with its foreign key, which Alembic cannot do on SQLite without a copy."""
    type_name = _ID.compile(dialect=op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE timers ADD COLUMN client_id {type_name}"
        " CONSTRAINT fk_timers_client_id REFERENCES clients (id)"
    )
