"""`deskbell catalog check FILE --against-open`: the effect of a catalogue file on open tickets."""

import asyncio
import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import typer

from bot.catalog import override_plan
from bot.cli.session import sentences
from bot.domain.agreements.plan import Catalog, Plan
from bot.domain.sla.clocks.sla_clock import SlaClock
from bot.errors import ConfigurationError
from bot.settings import Settings
from bot.usecases.agreements.compare_catalogs import AsAgreed, Comparison, Misfit, Move
from bot.views.agreements.misfits import misfit_words
from bot.views.instant_text import instant_text
from bot.views.sla.calendar_words import count_words, instant_words

_SQLITE = "sqlite+aiosqlite:///"


def compare(catalog: Catalog, name: str) -> tuple[Comparison, datetime]:
    """Return the comparison with the open tickets of the settings' database, and its instant (UTC).

    The database's schema may be upgraded, but no catalogue version is recorded, so checking the
    desk's own file does not bring it into force.
    """
    from bot.runtime import Runtime
    from bot.settings import load_settings
    from bot.time_source import SystemTimeSource
    from bot.usecases.agreements.compare_catalogs import compare_open

    async def run(settings: Settings) -> tuple[Comparison, datetime]:
        office = Runtime(settings, SystemTimeSource())
        try:
            await office.store.upgrade()
            async with office.read() as desk:
                return await compare_open(desk, name, catalog, _as_agreed(catalog)), desk.now
        finally:
            await office.close()

    with sentences():
        settings = load_settings()
        _need_database(settings.database_url)
        return asyncio.run(run(settings))


def print_comparison(comparison: Comparison, now: datetime, name: str) -> None:
    """Print a line for each difference, then the counts."""
    for misfit in comparison.misfits:
        typer.echo(f"{misfit.subject} {misfit_words(misfit.why)}.")
    for move in comparison.moves:
        typer.echo(_move_words(move, now))
    typer.echo(_count(comparison))
    if not comparison.looked_at and comparison.elsewhere:
        typer.echo(
            f"No open ticket is of the catalogue “{name}”: name the one that this file replaces, "
            f"--catalog {' or '.join(comparison.elsewhere)}."
        )


def print_comparison_json(comparison: Comparison) -> None:
    """Print a JSON object for each difference, each on a line.

    Instants are ISO 8601 in UTC and end in `Z`. `due_now` and `due_then` are null where nothing is
    due. `fault` is a sentence if the file does not fit the ticket or its agreement, null otherwise.
    """
    for misfit in comparison.misfits:
        typer.echo(json.dumps(_misfit_json(misfit)))
    for move in comparison.moves:
        typer.echo(json.dumps(_move_json(move)))


def _as_agreed(catalog: Catalog) -> AsAgreed:
    @lru_cache(maxsize=1024)
    def plan(plan_id: str, terms: str | None) -> Plan:
        if not terms:
            return catalog.plans[plan_id]
        return override_plan(catalog, plan_id, terms, source="its agreement")

    return plan


def _need_database(url: str) -> None:
    """Raise ConfigurationError if the SQLite file does not exist, because opening it would create
    it."""
    path = Path(url.removeprefix(_SQLITE).partition("?")[0])
    if url.startswith(_SQLITE) and not path.exists():
        raise ConfigurationError(
            f"there is no database {path} yet, so there are no open tickets: leave out"
            " --against-open, or set DATABASE_URL to that of your desk"
        )


def _move_words(move: Move, now: datetime) -> str:
    ticket, zone = move.ticket, move.plan.zone
    severity = _label(move.plan, ticket.severity) if ticket.severity else "no severity yet"
    dues = f"{_due_words(move.before, zone)} → {_due_words(move.after, zone)} ({zone})"
    metric = move.clock.span.metric.words
    return f"{ticket.key}  {move.client}  {severity}  {metric}: {dues}{_late_words(move, now)}"


def _label(plan: Plan, severity: str) -> str:
    return plan.sla_target(severity).severity.label


def _due_words(clock: SlaClock | None, zone: str) -> str:
    if clock is None or clock.deadline.due_at is None:
        return "paused" if clock and clock.paused else "no clock"
    return instant_words(clock.deadline.due_at.astimezone(ZoneInfo(zone)))


def _late_words(move: Move, now: datetime) -> str:
    """Return the words about lateness. Without a severity, a ticket is late for certain only after
    the last of the plan's deadlines."""
    if move.late_after:
        return ", would be late already" if move.would_breach else ", late as it stands"
    deadline = move.after.deadline if move.after else None
    if deadline and deadline.severity and deadline.due_at and deadline.due_at <= now:
        return f", would be late already if it is {_label(move.plan, deadline.severity)}"
    return ""


def _count(comparison: Comparison) -> str:
    earlier = {move.ticket.key for move in comparison.moves if move.is_earlier}
    later = {move.ticket.key for move in comparison.moves if move.is_later}
    breaching = {move.ticket.key for move in comparison.moves if move.would_breach}
    return (
        f"{count_words(comparison.looked_at, 'ticket')} looked at: "
        f"{len(earlier)} would move earlier, {len(later)} later; {len(breaching)} would breach."
    )


def _move_json(move: Move) -> dict[str, object]:
    return {
        "key": move.ticket.key,
        "client": move.client,
        "severity": move.ticket.severity,
        "clock": move.clock.name,
        "due_now": instant_text(move.before.deadline.due_at if move.before else None),
        "due_then": instant_text(move.after.deadline.due_at if move.after else None),
        "would_breach": move.would_breach,
        "fault": None,
    }


def _misfit_json(misfit: Misfit) -> dict[str, object]:
    nothing = dict.fromkeys(("severity", "clock", "due_now", "due_then", "would_breach"))
    key, fault = misfit.subject, f"{misfit.subject} {misfit_words(misfit.why)}."
    return {"key": key, "client": misfit.client, **nothing, "fault": fault}
