"""Catalogue versions, and which version is in force when."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.rows import insert_unless_there
from storage.tables.agreements import catalog_versions, catalogs_in_force

_IN_FORCE = (
    select(catalogs_in_force.c.since, catalogs_in_force.c.version_id)
    .select_from(catalogs_in_force.join(catalog_versions))
    .where(catalog_versions.c.name == bindparam("wanted"))
    .order_by(catalogs_in_force.c.since, catalogs_in_force.c.id)
)


class SqlCatalogVersions:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._versions: dict[
            str, list[tuple[datetime, int]]
        ] = {}  # (in force since, version id) by name, oldest first

    async def record(self, name: str, digest: str, text: str, now: datetime) -> int:
        """Store this version of a catalogue verbatim and put it in force now, unless it already
        is.

        Returns the id of the version.
        """
        row = {"name": name, "digest": digest, "text": text, "recorded_at": now}
        await insert_unless_there(self._connection, catalog_versions, row)
        statement = select(catalog_versions.c.id).where(
            catalog_versions.c.name == name, catalog_versions.c.digest == digest
        )
        version_id: int = (await self._connection.execute(statement)).scalar_one()
        if [version for _, version in await self._versions_of(name)][-1:] != [version_id]:
            since = {"version_id": version_id, "since": now}
            await self._connection.execute(insert(catalogs_in_force).values(since))
            del self._versions[name]
        return version_id

    async def in_force(self, name: str, instant: datetime) -> int:
        """Return the version in force at an instant; the first version for earlier instants."""
        versions = await self._versions_of(name)
        in_force = [version for since, version in versions if since <= instant]
        return in_force[-1] if in_force else versions[0][1]

    async def _versions_of(self, name: str) -> list[tuple[datetime, int]]:
        if name not in self._versions:
            rows = await self._connection.execute(_IN_FORCE, {"wanted": name})
            self._versions[name] = [(row.since, row.version_id) for row in rows]
        return self._versions[name]

    async def text(self, version_id: int) -> tuple[str, str]:
        """Return the name and the text of a version."""
        statement = select(catalog_versions.c.name, catalog_versions.c.text).where(
            catalog_versions.c.id == version_id
        )
        row = (await self._connection.execute(statement)).one()
        return row.name, row.text
