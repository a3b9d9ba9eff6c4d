"""Catalogues as tables that compare plans, for people who buy or sell them."""

from collections.abc import Iterable, Iterator

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.domain.agreements.plan import Catalog, Plan, Quota
from bot.domain.sla.targets.metric import FURTHER, Metric
from bot.domain.sla.targets.sla_target import Severity, SlaTarget
from bot.views.agreements.ladder_words import ladder_words
from bot.views.sla.calendar_words import windows_words
from bot.views.sla.closure_reasons import extra_dates
from bot.views.sla.target_words import sla_target_words

_CHANNELS = {"slack": "Slack", "email": "e-mail", "portal": "portal", "phone": "phone"}


def show_catalog(catalog: Catalog, console: Console) -> None:
    """Print the plans, the definitions of severities, the covered work, and the escalation
    steps."""
    plans = list(catalog.plans.values())
    console.print(_plans_table(catalog.vendor, plans))
    console.print()
    for severity in (sla_target.severity for sla_target in plans[0].sla_targets):
        console.print(Text.assemble((f"{severity.label}: ", "bold"), severity.definition))
    for plan in plans:
        console.print()
        console.print(Text(f"{plan.name} covers", style="bold"))
        for item in plan.covers:
            console.print(Text(f"  {item}"))
    console.print()
    console.print(Text("Who is told", style="bold"))
    for line in _ladders(plans):
        console.print(Text(f"  {line}"))
    console.print()
    console.print(Text(_fine_print(plans)))


def _plans_table(vendor: str, plans: list[Plan]) -> Table:
    table = Table(
        title=Text(f"{vendor} support plans"),
        box=box.SIMPLE_HEAD,
        show_lines=True,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    table.add_column("")
    for plan in plans:
        table.add_column(Text(plan.name), overflow="fold")
    table.add_row("A month", *(_price(plan) for plan in plans))
    for sla_targets in zip(*(plan.sla_targets for plan in plans), strict=True):
        table.add_row(
            Text(sla_targets[0].severity.label),
            *(_sla_target(sla_target) for sla_target in sla_targets),
        )
    for metric in FURTHER:
        for severity in plans[0].sla_targets:
            _add_further(table, plans, metric, severity.severity)
    table.add_row("Tickets", *(_quota(plan.quota) for plan in plans))
    table.add_row("Channels", *(_channels(plan) for plan in plans))
    table.add_row("Named engineer", *("yes" if plan.named_engineer else "no" for plan in plans))
    table.add_row("Recurring", *(_lines(duty.label for duty in plan.duties) for plan in plans))
    table.add_row("Billed apart", *(_billed_apart(plan) for plan in plans))
    return table


def _ladders(plans: list[Plan]) -> list[str]:
    """Return each escalation ladder once, with the plans and severities that use it."""
    who: dict[str, list[str]] = {}
    for plan in plans:
        for sla_target in plan.sla_targets:
            severity = sla_target.severity
            words = ladder_words(plan.ladder(severity.id))
            who.setdefault(words, []).append(f"{plan.name} {severity.label}")
    return [f"{', '.join(names)}: {words}" for words, names in who.items()]


def _add_further(table: Table, plans: list[Plan], metric: Metric, severity: Severity) -> None:
    sla_targets = [plan.sla_target_for(metric, severity.id) for plan in plans]
    if any(sla_targets):
        words = (
            _sla_target(sla_target) if sla_target else Text("no") for sla_target in sla_targets
        )
        table.add_row(Text(f"{severity.label}: {metric.words}"), *words)


def _price(plan: Plan) -> Text:
    return Text(str(plan.price) if plan.price else plan.price_words or "")


def _sla_target(sla_target: SlaTarget) -> Text:
    words = Text(sla_target_words(sla_target))
    if sla_target.has_clock:
        words.append(f"\n{windows_words(sla_target.calendar)}", style="dim")
    return words


def _quota(quota: Quota) -> Text:
    if quota.included is None:
        return Text("unlimited")
    return Text(f"{quota.included} a month, then {quota.overage} each")


def _billed_apart(plan: Plan) -> Text:
    return _lines(category.label for category in plan.categories if not category.covered)


def _channels(plan: Plan) -> Text:
    return _lines(_CHANNELS.get(channel, channel) for channel in plan.channels)


def _lines(words: Iterable[str]) -> Text:
    return Text("\n".join(words))


def _fine_print(plans: list[Plan]) -> str:
    sla_targets = [
        sla_target for plan in plans for sla_target in (*plan.sla_targets, *_further(plan))
    ]
    calendars = {
        sla_target.calendar.name: sla_target.calendar for sla_target in sla_targets
    }.values()
    zones = ", ".join(dict.fromkeys(calendar.zone for calendar in calendars))
    sentences = [
        f"Times of coverage are {zones}. A target is for the first response where nothing else is "
        "said; it starts when the ticket is opened, or at the next opening of its coverage."
    ]
    for calendar in calendars:
        sentences += extra_dates(calendar)
    return "\n".join(sentences)


def _further(plan: Plan) -> Iterator[SlaTarget]:
    for sla_targets in plan.further.values():
        yield from sla_targets
