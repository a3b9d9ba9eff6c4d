"""A ticket in words, and the deadline that its plan promises."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from bot.catalog_file import load_catalog
from bot.catalog_file.choices import one_of
from bot.domain.deadline import Deadline, deadline
from bot.domain.plan import Catalog, Plan
from bot.errors import ConfigurationError

# Outside these years there are no zones, no holidays and no promises to speak of.
_YEARS = range(1970, 2200)


class Question(NamedTuple):
    """As somebody typed it."""

    catalog: str
    plan: str
    severity: str
    opened_at: str


def answer(question: Question, load: Callable[[str], Catalog] = load_catalog) -> Deadline:
    """The deadline; ConfigurationError, with the choices, for what the catalogue does not have."""
    catalog = load(question.catalog)
    plan = catalog.plans.get(question.plan)
    if plan is None:
        raise ConfigurationError(
            f"There is no plan {question.plan!r} in {catalog.name}: choose {one_of(catalog.plans)}."
        )
    _refuse_severity(plan, question.severity)
    return deadline(plan, question.severity, parse_opened(question.opened_at))


def parse_opened(text: str) -> datetime:
    """The instant, in UTC, of an ISO 8601 time with an offset; else ConfigurationError."""
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


def answer_json(deadline: Deadline) -> dict[str, object]:
    """What scripts read: instants in ISO 8601, UTC, ending in `Z`; null where there is no clock."""
    return {
        "starts_at": instant_text(deadline.starts_at),
        "due_at": instant_text(deadline.due_at),
        "why": list(deadline.why),
    }


def _refuse_severity(plan: Plan, severity_id: str) -> None:
    known = [promise.severity.id for promise in plan.promises]
    if severity_id not in known:
        raise ConfigurationError(
            f"There is no severity {severity_id!r} in {plan.catalog}'s plan {plan.id}: "
            f"choose {one_of(known)}."
        )


def instant_text(instant: datetime | None) -> str | None:
    return None if instant is None else f"{instant.replace(tzinfo=None).isoformat()}Z"
