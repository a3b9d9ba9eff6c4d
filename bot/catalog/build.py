"""Build domain values from the validated tables of a catalogue file."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.catalog.check_ladders import OTHERS
from bot.catalog.check_targets import FurtherTables
from bot.catalog.schema import (
    CalendarTable,
    CatalogTable,
    CategoryTable,
    PlanTable,
    SeverityTable,
    TargetTable,
)
from bot.domain.agreements.plan import Category, Plan, Quota
from bot.domain.agreements.recurring_task import RecurringTask
from bot.domain.escalation.ladder import Ladder
from bot.domain.sla.calendars.calendar import Calendar
from bot.domain.sla.calendars.window import Window
from bot.domain.sla.targets.sla_target import Severity, SlaTarget


@dataclass(frozen=True, slots=True)
class Parts:
    """All tables of a catalogue file."""

    head: CatalogTable
    severities: Mapping[str, SeverityTable]
    calendars: Mapping[str, CalendarTable]
    categories: Mapping[str, CategoryTable]
    plans: Mapping[str, PlanTable]
    targets: Mapping[str, Mapping[str, TargetTable]]
    further: Mapping[str, FurtherTables]
    ladders: Mapping[str, Ladder]


def build_plans(catalog: str, parts: Parts) -> dict[str, Plan]:
    """Return the plans by ID, in the order of the file.

    Plans share their calendars, and so also the caches in the calendars.
    """
    calendars = {name: _calendar(name, table) for name, table in parts.calendars.items()}
    return {
        plan_id: _plan(catalog, plan_id, table, calendars, parts)
        for plan_id, table in parts.plans.items()
    }


def _plan(
    catalog: str, plan_id: str, table: PlanTable, calendars: Mapping[str, Calendar], parts: Parts
) -> Plan:
    return Plan(
        catalog=catalog,
        id=plan_id,
        name=table.name,
        rank=table.rank,
        zone=table.zone or parts.head.zone,
        price=table.price,
        sla_targets=_sla_targets(table, parts.targets[plan_id], calendars, parts.severities),
        quota=Quota(table.quota.included, table.quota.overage),
        channels=table.channels,
        where_to_write=table.where_to_write,
        named_engineer=table.named_engineer,
        categories=_categories(table, parts.categories),
        covers=table.covers,
        price_words=table.price_words,
        shortest_months=table.shortest_months or 0,
        lapses_to=table.lapses_to,
        ladders=_ladders(table, parts),
        duties=tuple(
            RecurringTask(name, duty.label, duty.months) for name, duty in table.duties.items()
        ),
        further={
            metric: _sla_targets(table, targets, calendars, parts.severities)
            for metric, targets in parts.further[plan_id].items()
        },
    )


def _ladders(table: PlanTable, parts: Parts) -> dict[str, Ladder]:
    chosen = table.ladder
    if chosen is None:
        return {}
    names = {OTHERS: chosen} if isinstance(chosen, str) else chosen
    return {
        severity: parts.ladders[names.get(severity) or names[OTHERS]]
        for severity in parts.severities
    }


def _sla_targets(
    table: PlanTable,
    targets: Mapping[str, TargetTable],
    calendars: Mapping[str, Calendar],
    severities: Mapping[str, SeverityTable],
) -> tuple[SlaTarget, ...]:
    return tuple(
        SlaTarget(
            severity=Severity(severity_id, severity.label, severity.definition, severity.signs),
            target=targets[severity_id].target_or_words,
            calendar=calendars[targets[severity_id].calendar or table.calendar],
            by_weekday=dict(targets[severity_id].on),
        )
        for severity_id, severity in severities.items()
        if severity_id in targets
    )


def _categories(table: PlanTable, categories: Mapping[str, CategoryTable]) -> tuple[Category, ...]:
    return tuple(
        Category(name, category.label, category.covered and name not in table.not_covered)
        for name, category in categories.items()
    )


def _calendar(name: str, table: CalendarTable) -> Calendar:
    return Calendar(
        name=name,
        zone=table.zone,
        windows=tuple(window for windows in table.windows for window in windows),
        holidays=table.holidays,
        extra_closed=tuple(table.extra_closed.items()),
        extra_open=frozenset(day for day, windows in table.extra_open.items() if not windows),
        extra_windows=tuple(
            (day, Window(day.weekday(), start, end))
            for day, windows in table.extra_open.items()
            for start, end in windows
        ),
    )
