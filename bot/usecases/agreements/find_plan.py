"""Find a plan by name in the catalogues."""

from collections.abc import Sequence

from bot.domain.agreements.plan import Catalog, Plan
from bot.domain.agreements.refusals import PlanAmbiguous, PlanNotFound


def find_plan(catalogs: Sequence[Catalog], wanted: str) -> tuple[Catalog, Plan]:
    """Return the plan named `plan` or `catalog/plan`. Raises PlanNotFound or
    PlanAmbiguous."""
    catalog_name, _, plan_id = wanted.rpartition("/")
    matches = [
        (catalog, catalog.plans[plan_id])
        for catalog in catalogs
        if plan_id in catalog.plans and catalog_name in {"", catalog.name}
    ]
    if len(matches) == 1:
        return matches[0]
    if matches:
        choices = tuple(f"{catalog.name}/{plan_id}" for catalog, _ in matches)
        raise PlanAmbiguous(wanted, choices)
    raise PlanNotFound(wanted, tuple(plan_id for catalog in catalogs for plan_id in catalog.plans))
