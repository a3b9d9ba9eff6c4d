"""Check the targets of a catalogue file: what each plan promises for each severity."""

from collections.abc import Mapping

from bot.catalog.faults import Faults
from bot.catalog.schema import TargetTable
from bot.catalog.tables import Tables, ids, need_one, refuse_unknown, sections
from bot.domain.sla.targets.metric import FURTHER, Metric
from bot.domain.sla.targets.parse_target import parse_target
from bot.domain.sla.text_faults import TextFault
from bot.views.refusals import sentence_of

FurtherTables = Mapping[Metric, Mapping[str, TargetTable]]


def check_targets(faults: Faults, tables: Tables) -> dict[str, dict[str, TargetTable]]:
    """Check and return the first-response targets of each plan, by severity.

    Each severity of the catalogue needs a target, and unknown severities are faults.
    """
    by_plan: dict[str, dict[str, TargetTable]] = {}
    for name, plan in sections(tables, "plans"):
        if "targets" not in plan:
            continue
        key = f"plans.{name}.targets"
        _refuse_missing(faults, key, plan["targets"], tables)
        by_plan[name] = _check_table(faults, key, plan["targets"], tables)
    return by_plan


def check_further(faults: Faults, tables: Tables) -> dict[str, FurtherTables]:
    """Check and return the further targets of each plan, by metric and severity.

    All are optional.
    """
    return {
        name: {
            metric: _check_table(faults, f"plans.{name}.{metric}", plan[metric], tables)
            for metric in FURTHER
            if metric in plan
        }
        for name, plan in sections(tables, "plans")
    }


def _refuse_missing(faults: Faults, key: str, entries: object, tables: Tables) -> None:
    for severity in ids(tables, "severity"):
        if isinstance(entries, Mapping) and severity not in entries:
            faults.add(f"{key}.{severity}", f"is missing; write {severity} = '4h', or its words")


def _check_table(
    faults: Faults, key: str, entries: object, tables: Tables
) -> dict[str, TargetTable]:
    if not isinstance(entries, Mapping):
        faults.add(key, f"is no table; write [{key}] and a target for each severity below it")
        return {}
    checked = {
        severity: _check_target(faults, f"{key}.{severity}", entry, tables)
        for severity, entry in entries.items()
    }
    for severity in checked:
        refuse_unknown(faults, f"{key}.{severity}", "severity", severity, tables)
    return {severity: target for severity, target in checked.items() if target is not None}


def _check_target(faults: Faults, key: str, entry: object, tables: Tables) -> TargetTable | None:
    if isinstance(entry, str):
        try:
            parse_target(entry)
        except TextFault as fault:
            faults.add(key, sentence_of(fault))
            return None
        return faults.check(TargetTable, key, {"target": entry})
    if isinstance(entry, Mapping):
        need_one(faults, key, entry, {"target": "'4h'", "words": "'Prioritised handling'"})
        refuse_unknown(faults, f"{key}.calendar", "calendar", entry.get("calendar"), tables)
        if "words" in entry and "on" in entry:
            faults.add(f"{key}.on", "stands beside words, which have no clock; leave it out")
    return faults.check(TargetTable, key, entry)
