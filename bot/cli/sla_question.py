"""A ticket as the command line describes it, and the deadline that its plan promises."""

from collections.abc import Callable
from datetime import UTC, datetime
from json.encoder import encode_basestring_ascii
from typing import NamedTuple

from bot.catalog_file import load_catalog
from bot.catalog_file.choices import one_of
from bot.domain.deadline import Deadline, deadline_of
from bot.domain.explain import first_sentence
from bot.domain.plan import Catalog, Plan, Promise
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
    """The promise of a plan for a severity, and the first sentence of its explanations."""

    promise: Promise
    first: str


def answer(question: Question, load: Load = load_catalog) -> Deadline:
    """Return the deadline. Raises ConfigurationError, with the choices, for a plan or severity that
    the catalogue lacks."""
    asked = find_promise(question.catalog, question.plan, question.severity, load)
    return deadline_of(asked.promise, asked.first, parse_opened(question.opened_at))


def find_promise(catalogs: str, plan_id: str, severity_id: str, load: Load) -> Asked:
    """Return the promise. Raises ConfigurationError, with the choices, for a plan or severity that
    the catalogues lack."""
    plan = _find_plan([load(name.strip()) for name in catalogs.split(",")], plan_id)
    _refuse_severity(plan, severity_id)
    promise = plan.promise(severity_id)
    return Asked(promise, first_sentence(plan, promise))


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


def answer_json(deadline: Deadline) -> str:
    """Return the JSON object for scripts, on a single line.

    `starts_at` and `due_at` are instants in ISO 8601, UTC, ending in `Z`, or null if there is no
    clock. `why` is a list of sentences.
    """
    # With the json module, a million answers would take twice as long in total.
    return (
        f'{{"starts_at": {_instant_json(deadline.starts_at)}, '
        f'"due_at": {_instant_json(deadline.due_at)}, '
        f'"why": [{", ".join(map(encode_basestring_ascii, deadline.why))}]}}'
    )


def _find_plan(catalogs: list[Catalog], plan_id: str) -> Plan:
    for catalog in catalogs:
        if plan_id in catalog.plans:
            return catalog.plans[plan_id]
    names = one_of(catalog.name for catalog in catalogs)
    choices = one_of(plan for catalog in catalogs for plan in catalog.plans)
    raise ConfigurationError(f"There is no plan {plan_id!r} in {names}: choose {choices}.")


def _refuse_severity(plan: Plan, severity_id: str) -> None:
    known = [promise.severity.id for promise in plan.promises]
    if severity_id not in known:
        raise ConfigurationError(
            f"There is no severity {severity_id!r} in {plan.catalog}'s plan {plan.id}: "
            f"choose {one_of(known)}."
        )


def instant_text(instant: datetime | None) -> str | None:
    """Return a UTC instant as "2026-03-13T18:59:00Z", None for None."""
    return None if instant is None else f"{instant.isoformat().removesuffix('+00:00')}Z"


def _instant_json(instant: datetime | None) -> str:
    return "null" if instant is None else f'"{instant_text(instant)}"'
