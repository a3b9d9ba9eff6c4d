"""Events name the kind of their actor: staff, client, operator or system.

Until now an actor was a Slack user ID or a name, "deskbell" for everything that time brought, or ""
for the command line. The kind of the old events follows from these rules, the first that applies:

1. "deskbell" is the system, and "" is the operator. Neither has a name any more.
2. Some kinds of event can only be caused by staff, and others only by clients.
3. Anybody who is on the staff, or who has caused an event of staff, is staff: people who have left
   the staff since are still recognised by their deeds.
4. All others are on a client's side.

The history is append-only, so the triggers that refuse changes are taken away for this update and
put back in the same transaction.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

_BY_STAFF = (
    *("staff_wrote", "first_response", "severity_decided", "taken", "assigned", "waiting"),
    *("resumed", "snoozed", "categorised", "own_fault", "cause_said", "waived", "noted"),
    *("replied", "answer_recorded", "merged", "unmerged", "joined", "resolved"),
)
_BY_CLIENTS = (
    *("client_wrote", "severity_proposed", "proposal_noted", "began_earlier", "rated"),
    "no_longer_waiting",
)


def upgrade() -> None:
    op.add_column(
        "events", sa.Column("actor_kind", sa.Text(), nullable=False, server_default="client")
    )
    _allow_changes()
    connection = op.get_bind()
    connection.execute(
        sa.text(_FILL).bindparams(
            sa.bindparam("by_staff", expanding=True), sa.bindparam("by_clients", expanding=True)
        ),
        {"by_staff": _BY_STAFF, "by_clients": _BY_CLIENTS},
    )
    connection.execute(sa.text("UPDATE events SET actor = '' WHERE actor_kind = 'system'"))
    _refuse_changes()


_FILL = """
    UPDATE events SET actor_kind = CASE
        WHEN actor = 'deskbell' THEN 'system'
        WHEN actor = '' THEN 'operator'
        WHEN kind IN :by_staff THEN 'staff'
        WHEN kind IN :by_clients THEN 'client'
        WHEN actor IN (SELECT user_id FROM staff) THEN 'staff'
        WHEN actor IN (SELECT past.actor FROM events AS past WHERE past.kind IN :by_staff)
            THEN 'staff'
        ELSE 'client'
    END
"""


def _allow_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER events_no_update")
    else:
        op.execute("ALTER TABLE events DISABLE TRIGGER events_append_only")


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER events_no_update BEFORE update ON events "
            "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
        )
    else:
        op.execute("ALTER TABLE events ENABLE TRIGGER events_append_only")
