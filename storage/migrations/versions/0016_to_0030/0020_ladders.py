"""Named escalation steps, taken tickets, backups and working hours."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    for name, table, where in (
        ("ix_timers_held", "timers", sa.text("step = 'held'")),
        ("ix_clocks_running", "clocks", sa.text("stops_at IS NULL")),
    ):
        op.create_index(name, table, ["due_at"], sqlite_where=where, postgresql_where=where)
    op.execute("UPDATE timers SET step = '75%' WHERE step = 'warning'")
    taken: sa.Column[bool] = sa.Column(
        "taken", sa.Boolean(), nullable=False, server_default=sa.text("false")
    )
    op.add_column("tickets", taken)
    # An answer proves that the assignee took the ticket; for other tickets it is unknown.
    op.execute("UPDATE tickets SET taken = true WHERE first_response_by = assignee")
    op.add_column("staff", sa.Column("cover", sa.Text()))
    for name in ("hours", "zone"):
        op.add_column("staff", sa.Column(name, sa.Text(), nullable=False, server_default=""))
