"""A plan as staff look it up: promises, quota, channels, escalation and recurring duties."""

from itertools import accumulate

from bot.domain.agreements.plan import Plan
from bot.domain.sla.targets.metric import FURTHER
from bot.views.agreements.ladder_words import ladder_words
from bot.views.blocks import MESSAGE_TEXT
from bot.views.sla.target_words import sla_target_words
from bot.views.text import clip, inline, width

USAGE = "[CLIENT | NAME | CLIENT change | CLIENT withdraw]"
MEANING = "what a plan promises, and for how many tickets; managers change it"


def plan_text(plan: Plan) -> str:
    """Return a plan's terms, within the limit of a message."""
    price = str(plan.price) if plan.price else plan.price_words or ""
    named = f"{plan.catalog}, {price} a month" if plan.price else f"{plan.catalog}, {price}"
    lines = [f"*{inline(plan.name, 80, otherwise=plan.id)}* ({inline(named, 200, otherwise='?')})"]
    lines += [
        _labelled(sla_target.severity.label, sla_target_words(sla_target))
        for sla_target in plan.sla_targets
    ]
    for metric in FURTHER:
        for sla_target in plan.sla_targets_of(metric):
            label = f"{sla_target.severity.label}, {metric.words}"
            lines.append(_labelled(label, sla_target_words(sla_target)))
    lines += [_tickets(plan), f"• Channels: {inline(', '.join(plan.channels), 200, otherwise='–')}"]
    lines.append(f"• Named engineer: {'yes' if plan.named_engineer else 'no'}")
    billed = ", ".join(category.label for category in plan.categories if not category.covered)
    if billed:
        lines.append(f"• Billed apart: {inline(billed, 300, otherwise='–')}")
    escalations: dict[str, list[str]] = {}
    for severity in (sla_target.severity for sla_target in plan.sla_targets):
        escalations.setdefault(ladder_words(plan.ladder(severity.id)), []).append(severity.label)
    lines += [_labelled(f"Told of {', '.join(who)}", words) for words, who in escalations.items()]
    if plan.duties:
        duties = ", ".join(duty.label for duty in plan.duties)
        lines.append(f"• Recurring: {inline(duties, 300, otherwise='–')}")
    return _fitting(lines)


def _labelled(label: str, words: str) -> str:
    return f"• {inline(label, 75, otherwise='?')}: {clip(words, 300)}"


def _tickets(plan: Plan) -> str:
    if plan.quota.included is None:
        return "• Tickets: unlimited"
    beyond = f", then {plan.quota.overage} each" if plan.quota.overage else ""
    return f"• Tickets: {plan.quota.included} a month{beyond}"


def plans_text(plans: list[Plan]) -> str:
    """Return the names of the plans that are sold, within the limit of a message."""
    names = [
        f"• {inline(plan.name, 80, otherwise=plan.id)} ({plan.catalog}/{plan.id})" for plan in plans
    ]
    return _fitting(["*Plans*: */desk plan NAME* or */desk plan CLIENT* shows one", *names])


def _fitting(lines: list[str]) -> str:
    """Join the lines that fit in a message."""
    room = accumulate(width(line) + 1 for line in lines)
    return "\n".join(line for line, total in zip(lines, room, strict=True) if total <= MESSAGE_TEXT)
