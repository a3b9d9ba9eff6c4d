"""When each catalogue version came into force; existing versions count from their recording."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "catalogs_in_force",
        sa.Column("id", _ID, nullable=False),
        sa.Column("version_id", _ID, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["catalog_versions.id"], name="fk_catalogs_in_force_version_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalogs_in_force"),
    )
    op.execute(
        "INSERT INTO catalogs_in_force (version_id, since)"
        " SELECT id, recorded_at FROM catalog_versions ORDER BY recorded_at, id"
    )
