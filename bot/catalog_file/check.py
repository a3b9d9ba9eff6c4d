"""The sections of a catalogue file: each table by itself, then what they say of each other."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.catalog_file.choices import instead_of
from bot.catalog_file.faults import Faults
from bot.catalog_file.schema import (
    CalendarTable,
    CategoryTable,
    PlanTable,
    SeverityTable,
    TargetTable,
)
from bot.domain.window import overlaps

Tables = Mapping[str, Any]


def check_severities(faults: Faults, tables: Tables) -> dict[str, SeverityTable]:
    """The severities, in the file's order: the most severe first."""
    found = faults.check_each(SeverityTable, "severities", tables.get("severities"))
    labels = ((key, severity.label) for key, severity in found.items())
    _refuse_twice(faults, "severities.{}.label", labels)
    return found


def check_calendars(faults: Faults, tables: Tables) -> dict[str, CalendarTable]:
    """The calendars. Windows that overlap are refused: nobody can say which one counts."""
    found = faults.check_each(CalendarTable, "calendars", tables.get("calendars"))
    for key, calendar in found.items():
        pairs = overlaps([window for windows in calendar.windows for window in windows])
        for first, second in pairs:
            faults.add(
                f"calendars.{key}.windows",
                f"{first} and {second} overlap; end the one before the other starts",
            )
    return found


def check_categories(faults: Faults, tables: Tables) -> dict[str, CategoryTable]:
    """The kinds of work."""
    return faults.check_each(CategoryTable, "categories", tables.get("categories"))


def check_plans(faults: Faults, tables: Tables) -> dict[str, PlanTable]:
    """The plans. Two of one rank are refused: a change between them is neither up nor down."""
    found = faults.check_each(PlanTable, "plans", tables.get("plans"))
    for key, plan in found.items():
        _refuse_unknown(faults, f"plans.{key}.calendar", "calendar", plan.calendar, tables)
        for category in plan.not_covered:
            _refuse_unknown(faults, f"plans.{key}.not_covered", "category", category, tables)
    names = ((key, plan.name) for key, plan in found.items())
    _refuse_twice(faults, "plans.{}.name", names)
    ranks = ((key, str(plan.rank)) for key, plan in found.items())
    _refuse_twice(faults, "plans.{}.rank", ranks)
    return found


def check_targets(faults: Faults, tables: Tables) -> dict[str, dict[str, TargetTable]]:
    """The targets of each plan, by severity. Each severity needs one, and no other has any."""
    plans = tables.get("plans")
    return {
        plan: _targets(faults, f"plans.{plan}.targets", entry["targets"], tables)
        for plan, entry in (plans.items() if isinstance(plans, Mapping) else ())
        if isinstance(entry, Mapping) and "targets" in entry
    }


def _targets(faults: Faults, key: str, entry: object, tables: Tables) -> dict[str, TargetTable]:
    if isinstance(entry, Mapping):
        entry = {
            severity: {"target": target} if isinstance(target, str) else target
            for severity, target in entry.items()
        }
    found = faults.check_each(TargetTable, key, entry)
    for severity, target in found.items():
        _refuse_unknown(faults, f"{key}.{severity}", "severity", severity, tables)
        if target.calendar is not None:
            _refuse_unknown(
                faults, f"{key}.{severity}.calendar", "calendar", target.calendar, tables
            )
    for severity in _ids(tables, "severity"):
        if isinstance(entry, Mapping) and severity not in entry:
            faults.add(f"{key}.{severity}", f"is missing; write {severity} = '4h', or its words")
    return found


_SECTIONS = {"calendar": "calendars", "category": "categories", "severity": "severities"}


def _ids(tables: Tables, kind: str) -> list[str]:
    section = tables.get(_SECTIONS[kind])
    return list(section) if isinstance(section, Mapping) else []


def _refuse_unknown(faults: Faults, key: str, kind: str, name: str, tables: Tables) -> None:
    known = _ids(tables, kind)
    if name not in known:
        faults.add(key, f"there is no {kind} {name!r}; {instead_of(name, known)}")


def _refuse_twice(faults: Faults, key: str, entries: Iterable[tuple[str, str]]) -> None:
    first_with: dict[str, str] = {}
    for name, value in entries:
        first = first_with.setdefault(value.casefold(), name)
        if first != name:
            faults.add(key.format(name), f"{value!r} is that of {first} too; write another")
