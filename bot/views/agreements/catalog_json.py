"""Catalogues as JSON for scripts."""

from bot.domain.agreements.money import Money
from bot.domain.agreements.plan import Catalog, Plan
from bot.domain.sla.targets.sla_target import SlaTarget
from bot.views.agreements.ladder_words import ladder_words
from bot.views.sla.calendar_words import WEEKDAYS, calendar_words
from bot.views.sla.target_words import target_words


def catalog_json(catalog: Catalog) -> dict[str, object]:
    """Return a catalogue as JSON data. Money is in minor units and targets are in words; `clock` is
    false for a promise that cannot be late."""
    return {
        "name": catalog.name,
        "vendor": catalog.vendor,
        "digest": catalog.digest,
        "plans": [_plan(plan) for plan in catalog.plans.values()],
    }


def _plan(plan: Plan) -> dict[str, object]:
    return {
        "id": plan.id,
        "name": plan.name,
        "rank": plan.rank,
        "zone": plan.zone,
        "price": money_json(plan.price),
        "price_words": plan.price_words,
        "severities": [_sla_target(sla_target) for sla_target in plan.sla_targets],
        "further": {
            metric.value: [_target(sla_target) for sla_target in sla_targets]
            for metric, sla_targets in plan.further.items()
        },
        "quota": {"included": plan.quota.included, "overage": money_json(plan.quota.overage)},
        "channels": list(plan.channels),
        "where_to_write": plan.where_to_write,
        "named_engineer": plan.named_engineer,
        "shortest_months": plan.shortest_months or None,
        "lapses_to": plan.lapses_to,
        "categories": [
            {"id": category.id, "label": category.label, "covered": category.covered}
            for category in plan.categories
        ],
        "ladders": {
            sla_target.severity.id: ladder_words(plan.ladder(sla_target.severity.id))
            for sla_target in plan.sla_targets
        },
        "duties": [
            {"id": duty.id, "label": duty.label, "months": duty.months} for duty in plan.duties
        ],
        "covers": list(plan.covers),
    }


def _sla_target(sla_target: SlaTarget) -> dict[str, object]:
    severity = sla_target.severity
    return {**_target(sla_target), "label": severity.label, "definition": severity.definition}


def _target(sla_target: SlaTarget) -> dict[str, object]:
    return {
        "id": sla_target.severity.id,
        "target": target_words(sla_target.target),
        "by_weekday": {
            WEEKDAYS[weekday]: target_words(target)
            for weekday, target in sla_target.by_weekday.items()
        },
        "clock": sla_target.has_clock,
        "calendar": calendar_words(sla_target.calendar),
    }


def money_json(money: Money | None) -> dict[str, object] | None:
    """Return an amount in minor units with its currency."""
    return None if money is None else {"minor": money.minor, "currency": money.currency}
