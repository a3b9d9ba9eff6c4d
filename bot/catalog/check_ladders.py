"""Check the escalation ladders of a catalogue file, and the ladder of each plan."""

from collections.abc import Mapping
from datetime import timedelta

from bot.catalog.faults import Faults
from bot.catalog.schema import LadderTable, StepTable
from bot.catalog.tables import Tables, ids, refuse_unknown, sections
from bot.domain.escalation.ladder import Ladder, LadderStep, Tell

OTHERS = "others"
MOST_REPEATS = 48


def check_ladders(faults: Faults, tables: Tables) -> dict[str, Ladder]:
    """Check and return the ladders by ID.

    Each ladder needs a step at the due time, so that somebody is told about each overdue ticket.
    """
    ladders = {}
    if "ladders" in tables:
        for name, table in faults.check_each(LadderTable, "ladders", tables["ladders"]).items():
            for step in table.steps:
                _check_repeats(faults, f"ladders.{name}", step)
            if not any(step.at.percent is None and not step.at.late for step in table.steps):
                faults.add(
                    f"ladders.{name}.steps",
                    "has no step that is due; write { at = 'due', tell = ['engineer', 'triage'] }",
                )
            ladders[name] = tuple(_step(step) for step in table.steps)
            _check_once(faults, f"ladders.{name}.steps", ladders[name])
    for name, plan in sections(tables, "plans"):
        _check_of_plan(faults, f"plans.{name}.ladder", plan.get("ladder"), tables)
    return ladders


def _check_repeats(faults: Faults, key: str, step: StepTable) -> None:
    if (step.every is None) != (step.until is None):
        faults.add(f"{key}.every", "needs until, and until needs it; write both or neither")
    elif step.every is not None and step.until is not None:
        if step.at.percent is not None or step.until.percent is not None:
            faults.add(f"{key}.every", "repeats before it is due; write 'due' or '30m late'")
        elif (step.until.late - step.at.late) / step.every > MOST_REPEATS:
            faults.add(f"{key}.every", f"comes over {MOST_REPEATS} times; make it longer")


def _check_once(faults: Faults, key: str, ladder: Ladder) -> None:
    """Report moments with two steps: only a single step can be sent at a moment."""
    moments = [name for step in ladder for name in step.names()]
    for twice in sorted({moment for moment in moments if moments.count(moment) > 1}):
        faults.add(key, f"has two steps at {twice}; put whom they tell into one")


def _step(step: StepTable) -> LadderStep:
    return LadderStep(
        tell=tuple(Tell(name) for name in step.tell),
        percent=step.at.percent,
        after=step.at.late,
        every=step.every,
        until=step.until.late if step.until else timedelta(0),
    )


def _check_of_plan(faults: Faults, key: str, ladder: object, tables: Tables) -> None:
    if not isinstance(ladder, Mapping):
        refuse_unknown(faults, key, "ladder", ladder, tables)
        return
    for severity, name in ladder.items():
        refuse_unknown(faults, f"{key}.{severity}", "ladder", name, tables)
        if severity != OTHERS:
            refuse_unknown(faults, key, "severity", severity, tables)
    if OTHERS not in ladder and set(ids(tables, "severity")) - set(ladder):
        faults.add(key, "leaves severities out; write others = 'usual'")
