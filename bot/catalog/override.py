"""Apply a client's own terms to a plan.

"Every value can be overridden in the client's agreement."
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.catalog.build import build_plans
from bot.catalog.choices import instead_of, name_choices
from bot.catalog.faults import Faults
from bot.catalog.parse import check_tables, read_toml
from bot.catalog.schema import PlanTable
from bot.domain.agreements.plan import Catalog, Plan
from bot.domain.sla.targets.metric import FURTHER
from bot.errors import ConfigurationError

# `rank` and `lapses_to` relate the plans of a catalogue; a client's terms are for a single plan.
_OF_CATALOG = ("rank", "lapses_to")
_KEYS = (*(key for key in PlanTable.model_fields if key not in _OF_CATALOG), "calendars")
_BY_SEVERITY = ("targets", *FURTHER)
_INSTEAD = {"price": "price_words", "price_words": "price"}


def override_plan(catalog: Catalog, plan_id: str, overrides_toml: str, *, source: str) -> Plan:
    """Return the catalogue's plan with the values of the TOML text in place of its own.

    The text has the keys of `[plans.X]` except `rank` and `lapses_to`: `price = "USD 1500.00"`. A
    target replaces the target for its severity, in `[targets]` or in the table of a further metric,
    and leaves the others. `[calendars.X]` adds a calendar, or redefines a calendar for this plan
    alone. Any other value is replaced as a whole. Severities and categories cannot be changed.

    Raises ConfigurationError with a line for each fault: `source: key: what is wrong; what would be
    right`.
    """
    if plan_id not in catalog.plans:
        raise ConfigurationError(
            f"There is no plan {plan_id!r} in {catalog.name}: choose {name_choices(catalog.plans)}."
        )
    faults = Faults(source, within=f"plans.{plan_id}")
    overrides = read_toml(overrides_toml, source)
    for key in overrides:
        if key not in _KEYS:
            faults.add(key, f"cannot be overridden; {instead_of(key, _KEYS)}")
    tables = _overridden(read_toml(catalog.text, source), plan_id, overrides)
    plan = build_plans(catalog.name, check_tables(tables, faults))[plan_id]
    return replace(plan, lapses_to=catalog.plans[plan_id].lapses_to)


def _overridden(
    tables: Mapping[str, Any], plan_id: str, overrides: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the catalogue's tables without the other plans, which the terms must not affect."""
    plan = dict(tables["plans"][plan_id])
    plan.pop("lapses_to", None)  # the plan that it names is left out here
    for key, value in overrides.items():
        if key in _KEYS and key != "calendars":
            if _INSTEAD.get(key) not in overrides:
                plan.pop(_INSTEAD.get(key), None)
            plan[key] = _added(plan.get(key, {}), value) if key in _BY_SEVERITY else value
    calendars = _added(tables["calendars"], overrides.get("calendars", {}))
    return {**tables, "calendars": calendars, "plans": {plan_id: plan}}


def _added(entries: Mapping[str, Any], more: object) -> object:
    """Return the entries with `more` added.

    A value that is not a table is returned unchanged: the later check reports it.
    """
    return {**entries, **more} if isinstance(more, Mapping) else more
