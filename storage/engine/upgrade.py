"""Migration of a database to the newest schema."""

from functools import cache
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

UPGRADE_LOCK = 0x6465736B62656C6C  # "deskbell"


async def upgrade(engine: AsyncEngine) -> None:
    """Apply all pending migrations or none; only one of several starting replicas does so."""
    async with engine.begin() as connection:
        if connection.dialect.name != "sqlite":
            await connection.execute(select(func.pg_advisory_xact_lock(UPGRADE_LOCK)))
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection, revision: str = "head") -> None:
    config = _config()
    if revision == "head" and _heads(connection) == {_newest()}:
        return
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("storage") / "migrations"))
    config.set_main_option("recursive_version_locations", "true")  # fifteen migrations a folder
    return config


def _heads(connection: Connection) -> set[str]:
    """The revisions that the database is at."""
    return set(MigrationContext.configure(connection).get_current_heads())


@cache
def _newest() -> str | None:
    """The revision of the newest migration."""
    return ScriptDirectory.from_config(_config()).get_current_head()
