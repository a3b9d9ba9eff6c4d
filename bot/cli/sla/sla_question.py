"""A ticket as the command line describes it, and the deadline that its plan promises."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from bot.catalog import load_catalog
from bot.catalog.choices import name_choices
from bot.domain.agreements.plan import Catalog, Plan
from bot.domain.sla.targets.due_time import DueTime, due_time_of
from bot.domain.sla.targets.sla_target import SlaTarget
from bot.errors import ConfigurationError

# Time zones and holidays are not defined outside these years.
_YEARS = range(1970, 2200)

Load = Callable[[str], Catalog]


class Question(NamedTuple):
    """A question as it was typed. `catalog` may name several catalogues, separated by commas as in
    the desk's setting; the plan may be in any of them."""

    catalog: str
    plan: str
    severity: str
    opened_at: str


class Asked(NamedTuple):
    """The promise of a plan for a severity."""

    plan_name: str
    sla_target: SlaTarget


def answer(question: Question, load: Load = load_catalog) -> DueTime:
    """Return the deadline. Raises ConfigurationError, with the choices, for a plan or severity that
    the catalogue lacks."""
    asked = find_sla_target(question.catalog, question.plan, question.severity, load)
    return due_time_of(asked.plan_name, asked.sla_target, parse_opened(question.opened_at))


def find_sla_target(catalogs: str, plan_id: str, severity_id: str, load: Load) -> Asked:
    """Return the promise. Raises ConfigurationError, with the choices, for a plan or severity that
    the catalogues lack."""
    plan = _find_plan([load(name.strip()) for name in catalogs.split(",")], plan_id)
    _refuse_severity(plan, severity_id)
    return Asked(plan.name, plan.sla_target(severity_id))


def parse_opened(text: str) -> datetime:
    """Return the instant in UTC of an ISO 8601 time with an offset. Raises ConfigurationError for
    other text."""
    try:
        opened_at = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(
            f"{text!r} is no time: write an ISO 8601 time with its offset, 2026-03-13T23:59+05:00."
        ) from None
    if opened_at.tzinfo is None:
        raise ConfigurationError(
            f"{text!r} has no offset, so it could be many instants: write "
            f"{opened_at:%Y-%m-%dT%H:%M}+05:00, or Z for UTC."
        )
    if opened_at.year not in _YEARS:
        raise ConfigurationError(
            f"{text!r} is out of range: write a year from {_YEARS[0]} to {_YEARS[-1]}."
        )
    return opened_at.astimezone(UTC)


def _find_plan(catalogs: list[Catalog], plan_id: str) -> Plan:
    for catalog in catalogs:
        if plan_id in catalog.plans:
            return catalog.plans[plan_id]
    names = name_choices(catalog.name for catalog in catalogs)
    choices = name_choices(plan for catalog in catalogs for plan in catalog.plans)
    raise ConfigurationError(f"There is no plan {plan_id!r} in {names}: choose {choices}.")


def _refuse_severity(plan: Plan, severity_id: str) -> None:
    known = [sla_target.severity.id for sla_target in plan.sla_targets]
    if severity_id not in known:
        raise ConfigurationError(
            f"There is no severity {severity_id!r} in {plan.catalog}'s plan {plan.id}: "
            f"choose {name_choices(known)}."
        )
