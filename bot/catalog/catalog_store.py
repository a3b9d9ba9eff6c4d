"""The configured catalogues, and all recorded versions to which tickets are pinned."""

from collections.abc import Sequence
from datetime import datetime

from bot.catalog.override import override_plan
from bot.catalog.parse import parse_catalog
from bot.domain.agreements.plan import Catalog, Plan
from bot.ports.work import Work


class CatalogStore:
    """A cache of catalogue versions.

    Versions never change, so each is read from the store only once.
    """

    def __init__(self, catalogs: Sequence[Catalog]) -> None:
        self.catalogs = tuple(catalogs)
        self._versions: dict[int, Catalog] = {}
        self._negotiated: dict[tuple[int, str, str], Plan] = {}

    async def record(self, work: Work, now: datetime) -> None:
        """Record the configured catalogues.

        An edited catalogue becomes a new version from `now` on.
        """
        for catalog in self.catalogs:
            version = await work.catalogs.record(catalog.name, catalog.digest, catalog.text, now)
            self._versions[version] = catalog

    async def plan(
        self, work: Work, catalog_version_id: int, plan_id: str, terms: str | None = None
    ) -> Plan:
        """Return a plan of a catalogue version, with the terms of an agreement applied.

        Raises KeyError for a plan that the version does not have.
        """
        catalog = await self._version(work, catalog_version_id)
        if not terms:
            return catalog.plans[plan_id]
        key = (catalog_version_id, plan_id, terms)
        if key not in self._negotiated:
            plan = override_plan(catalog, plan_id, terms, source="the agreement")
            self._negotiated[key] = plan
        return self._negotiated[key]

    async def _version(self, work: Work, catalog_version_id: int) -> Catalog:
        if catalog_version_id not in self._versions:
            name, text = await work.catalogs.text(catalog_version_id)
            source = f"{name} (version {catalog_version_id})"
            self._versions[catalog_version_id] = parse_catalog(text, name=name, source=source)
        return self._versions[catalog_version_id]
