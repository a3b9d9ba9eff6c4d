"""The sections of a catalogue file: each table by itself, then what they say of each other.

What tables say of each other is read as it stands in the file, so that a fault in a table hides
none of these.
"""

from collections.abc import Iterator, Mapping
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
from bot.catalog_file.words import parse_windows
from bot.domain.parse_target import parse_target
from bot.domain.window import Window, overlaps

Tables = Mapping[str, Any]

_SECTIONS = {"calendar": "calendars", "category": "categories", "severity": "severities"}


def check_severities(faults: Faults, tables: Tables) -> dict[str, SeverityTable]:
    """The severities, in the file's order: the most severe first."""
    _refuse_twice(faults, tables, "severities", "label")
    return faults.check_each(SeverityTable, "severities", tables.get("severities"))


def check_calendars(faults: Faults, tables: Tables) -> dict[str, CalendarTable]:
    """The calendars. Windows that overlap are refused: nobody can say which one counts."""
    for name, calendar in _tables(tables, "calendars"):
        for first, second in overlaps(list(_windows(calendar.get("windows")))):
            faults.add(
                f"calendars.{name}.windows",
                f"{first} and {second} overlap; end the one before the other starts",
            )
    return faults.check_each(CalendarTable, "calendars", tables.get("calendars"))


def check_categories(faults: Faults, tables: Tables) -> dict[str, CategoryTable]:
    """The kinds of work."""
    return faults.check_each(CategoryTable, "categories", tables.get("categories"))


def check_plans(faults: Faults, tables: Tables) -> dict[str, PlanTable]:
    """The plans. Two of one rank are refused: a change between them is neither up nor down."""
    for name, plan in _tables(tables, "plans"):
        key = f"plans.{name}"
        _refuse_unknown(faults, f"{key}.calendar", "calendar", plan.get("calendar"), tables)
        left_out = plan.get("not_covered")
        for category in left_out if isinstance(left_out, list) else ():
            _refuse_unknown(faults, f"{key}.not_covered", "category", category, tables)
        _need_one(faults, key, plan, {"price": "'USD 299.00'", "price_words": "'Negotiated'"})
        _check_quota(faults, f"{key}.quota", plan.get("quota"))
    _refuse_twice(faults, tables, "plans", "name")
    _refuse_twice(faults, tables, "plans", "rank")
    return faults.check_each(PlanTable, "plans", tables.get("plans"))


def check_targets(faults: Faults, tables: Tables) -> dict[str, dict[str, TargetTable]]:
    """The targets of each plan, by severity. Each severity needs one, and no other has any."""
    return {
        name: _check_targets(faults, f"plans.{name}.targets", plan["targets"], tables)
        for name, plan in _tables(tables, "plans")
        if "targets" in plan
    }


def _check_targets(
    faults: Faults, key: str, entries: object, tables: Tables
) -> dict[str, TargetTable]:
    if not isinstance(entries, Mapping):
        faults.add(key, f"is no table; write [{key}] and a target for each severity below it")
        return {}
    for severity in _ids(tables, "severity"):
        if severity not in entries:
            faults.add(f"{key}.{severity}", f"is missing; write {severity} = '4h', or its words")
    found = {
        severity: _check_target(faults, f"{key}.{severity}", entry, tables)
        for severity, entry in entries.items()
    }
    for severity in found:
        _refuse_unknown(faults, f"{key}.{severity}", "severity", severity, tables)
    return {severity: target for severity, target in found.items() if target is not None}


def _check_target(faults: Faults, key: str, entry: object, tables: Tables) -> TargetTable | None:
    if isinstance(entry, str):
        try:
            parse_target(entry)
        except ValueError as error:
            faults.add(key, str(error))
            return None
        return faults.check(TargetTable, key, {"target": entry})
    if isinstance(entry, Mapping):
        _need_one(faults, key, entry, {"target": "'4h'", "words": "'Prioritised handling'"})
        _refuse_unknown(faults, f"{key}.calendar", "calendar", entry.get("calendar"), tables)
        if "words" in entry and "on" in entry:
            faults.add(f"{key}.on", "stands beside words, which have no clock; leave it out")
    return faults.check(TargetTable, key, entry)


def _check_quota(faults: Faults, key: str, quota: object) -> None:
    if not isinstance(quota, Mapping) or "included" not in quota:
        return
    unlimited, priced = quota["included"] == "unlimited", "overage" in quota
    if unlimited and priced:
        faults.add(f"{key}.overage", "stands beside an unlimited number of tickets; leave it out")
    if not unlimited and not priced:
        faults.add(
            f"{key}.overage",
            "is missing; write the price of each further ticket, 'USD 25.00' or 'USD 0.00'",
        )


def _tables(tables: Tables, section: str) -> Iterator[tuple[str, Tables]]:
    entries = tables.get(section)
    for name, entry in entries.items() if isinstance(entries, Mapping) else ():
        if isinstance(entry, Mapping):
            yield name, entry


def _ids(tables: Tables, kind: str) -> list[str]:
    section = tables.get(_SECTIONS[kind])
    return list(section) if isinstance(section, Mapping) else []


def _windows(texts: object) -> Iterator[Window]:
    """Those that can be read; the others are noted as faults where the table is checked."""
    for text in texts if isinstance(texts, list) else ():
        try:
            yield from parse_windows(str(text))
        except ValueError:
            continue


def _need_one(faults: Faults, key: str, table: Tables, keys: Mapping[str, str]) -> None:
    """Of two keys exactly one; each is given with an example."""
    given = [name for name in keys if name in table]
    examples = " or ".join(f"{name} = {example}" for name, example in keys.items())
    if not given:
        faults.add(key, f"has neither {' nor '.join(keys)}; write {examples}")
    elif len(given) > 1:
        faults.add(key, f"has both {' and '.join(given)}; write only one: {examples}")


def _refuse_unknown(faults: Faults, key: str, kind: str, name: object, tables: Tables) -> None:
    known = _ids(tables, kind)
    if isinstance(name, str) and name not in known:
        faults.add(key, f"there is no {kind} {name!r}; {instead_of(name, known)}")


def _refuse_twice(faults: Faults, tables: Tables, section: str, key: str) -> None:
    first_with: dict[str, str] = {}
    for name, table in _tables(tables, section):
        if key not in table:
            continue
        first = first_with.setdefault(str(table[key]).casefold(), name)
        if first != name:
            faults.add(
                f"{section}.{name}.{key}", f"{table[key]!r} is that of {first} too; write another"
            )
