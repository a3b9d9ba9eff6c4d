"""Billing cycles, ends and withdrawals of agreements, waivers and statements."""

import tomllib
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEPT = "id, client_id, catalog, plan_id, effective_from, engineer, backup, terms"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_agreements()
    else:
        op.drop_constraint("uq_agreements_client_id_effective_from", "agreements")
        for column in _new_columns():
            op.add_column("agreements", column)
    op.create_index(
        "ix_agreements_in_force",
        "agreements",
        ["client_id", "effective_from"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    _fill_zones()
    op.add_column("tickets", sa.Column("waived", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "statements",
        sa.Column("id", _ID, nullable=False),
        sa.Column("client_id", _ID, nullable=False),
        sa.Column("period_start", sa.BigInteger(), nullable=False),
        sa.Column("period_end", sa.BigInteger(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_statements"),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name="fk_statements_client_id"),
        sa.UniqueConstraint(
            "client_id", "period_start", name="uq_statements_client_id_period_start"
        ),
    )


def _new_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("kind", sa.Text(), nullable=False, server_default="start"),
        sa.Column("zone", sa.Text(), nullable=False, server_default="UTC"),
        sa.Column("anchor_day", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("ends_at", sa.BigInteger()),
        sa.Column("agreed_at", sa.BigInteger()),
        sa.Column("agreed_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("withdrawn_at", sa.BigInteger()),
        sa.Column("statement_to_client", sa.Boolean(), nullable=False, server_default=sa.false()),
    ]


def _rebuild_agreements() -> None:
    """Rebuild the table, because SQLite cannot drop a constraint.

    References to its rows are checked again at the commit.
    """
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TEMPORARY TABLE kept AS SELECT * FROM agreements")
    op.drop_table("agreements")
    op.create_table(
        "agreements",
        sa.Column("id", _ID, nullable=False),
        sa.Column("client_id", _ID, nullable=False),
        sa.Column("catalog", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.BigInteger(), nullable=False),
        sa.Column("engineer", sa.Text()),
        sa.Column("backup", sa.Text()),
        sa.Column("terms", sa.Text(), nullable=False),
        *_new_columns(),
        sa.PrimaryKeyConstraint("id", name="pk_agreements"),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name="fk_agreements_client_id"),
    )
    op.execute(f"INSERT INTO agreements ({_KEPT}) SELECT {_KEPT} FROM kept")  # noqa: S608 (constant text)
    op.execute("DROP TABLE kept")


def _fill_zones() -> None:
    """Set the zone of each billing cycle to the zone of its plan in the current catalogue."""
    connection = op.get_bind()
    catalogs = {
        name: tomllib.loads(text)
        for name, text in connection.execute(
            sa.text("SELECT name, text FROM catalog_versions ORDER BY id")
        )
    }
    rows = connection.execute(sa.text("SELECT id, catalog, plan_id, terms FROM agreements")).all()
    for row in rows:
        zone = _zone(catalogs.get(row.catalog, {}), row.plan_id, tomllib.loads(row.terms))
        connection.execute(
            sa.text("UPDATE agreements SET zone = :zone WHERE id = :id"),
            {"zone": zone, "id": row.id},
        )


def _zone(catalog: Mapping[str, Any], plan_id: str, terms: Mapping[str, Any]) -> str:
    plan = catalog.get("plans", {}).get(plan_id, {})
    return str(terms.get("zone") or plan.get("zone") or catalog.get("zone") or "UTC")
