"""A plan as staff look it up: what it promises, for how many tickets, and what it covers."""

from itertools import accumulate

from bot.domain.ladder_words import ladder_words
from bot.domain.metric import FURTHER
from bot.domain.plan import Plan
from bot.domain.promise_words import promise_words
from bot.views.blocks import MESSAGE_TEXT
from bot.views.text import clip, inline, width


def plan_text(plan: Plan) -> str:
    """As much of it as a message holds."""
    price = str(plan.price) if plan.price else plan.price_words
    named = f"{plan.catalog}, {price} a month" if plan.price else f"{plan.catalog}, {price}"
    lines = [f"*{inline(plan.name, 80, otherwise=plan.id)}* ({inline(named, 200, otherwise='?')})"]
    lines += [_promised(one.severity.label, promise_words(one)) for one in plan.promises]
    for metric in FURTHER:
        for one in plan.promises_of(metric):
            label = f"{one.severity.label}, {metric.words}"
            lines.append(_promised(label, promise_words(one)))
    lines += [_tickets(plan), f"• Channels: {inline(', '.join(plan.channels), 200, otherwise='–')}"]
    lines.append(f"• Named engineer: {'yes' if plan.named_engineer else 'no'}")
    billed = ", ".join(one.label for one in plan.categories if not one.covered)
    if billed:
        lines.append(f"• Billed apart: {inline(billed, 300, otherwise='–')}")
    told: dict[str, list[str]] = {}
    for one in plan.promises:
        told.setdefault(ladder_words(plan.ladder(one.severity.id)), []).append(one.severity.label)
    lines += [_promised(f"Told of {', '.join(who)}", words) for words, who in told.items()]
    if plan.duties:
        duties = ", ".join(one.label for one in plan.duties)
        lines.append(f"• Recurring: {inline(duties, 300, otherwise='–')}")
    return _fitting(lines)


def _promised(label: str, words: str) -> str:
    return f"• {inline(label, 75, otherwise='?')}: {clip(words, 300)}"


def _tickets(plan: Plan) -> str:
    if plan.quota.included is None:
        return "• Tickets: unlimited"
    beyond = f", then {plan.quota.overage} each" if plan.quota.overage else ""
    return f"• Tickets: {plan.quota.included} a month{beyond}"


def plans_text(plans: list[Plan]) -> str:
    """The plans that are sold, by name."""
    names = [
        f"• {inline(one.name, 80, otherwise=one.id)} ({one.catalog}/{one.id})" for one in plans
    ]
    return _fitting(["*Plans*: */desk plan NAME* or */desk plan CLIENT* shows one", *names])


def _fitting(lines: list[str]) -> str:
    """As many of the lines as a message holds."""
    room = accumulate(width(line) + 1 for line in lines)
    return "\n".join(line for line, sum_ in zip(lines, room, strict=True) if sum_ <= MESSAGE_TEXT)
