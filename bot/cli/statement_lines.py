"""A statement as scripts and billing systems read it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.cli.catalog_json import money_json
from bot.cli.sla_question import instant_text
from bot.domain.money import Money
from bot.domain.statement import Adjustment, Line, Statement
from bot.views.csv_text import csv_text

_COLUMNS = (
    *("client", "first_day", "last_day", "kind", "ticket", "opened_at", "opened_by", "link"),
    *("plan", "position", "included", "price", "amount", "currency", "waived", "why"),
)
_NUMBERS = frozenset({"position", "included", "price", "amount"})


def first_day(of: Statement) -> str:
    """The first local date of its period: `2026-03-01`."""
    return of.period.start.astimezone(ZoneInfo(of.zone)).date().isoformat()


def last_day(of: Statement) -> str:
    last = of.period.end - timedelta(microseconds=1)
    return last.astimezone(ZoneInfo(of.zone)).date().isoformat()


def heading(of: Statement) -> dict[str, Any]:
    return {
        "client": of.client_key,
        "first_day": first_day(of),
        "last_day": last_day(of),
        "plans": ", ".join(of.plans),
        "tickets": len(of.lines),
        "charged": of.beyond,
        "adjustments": len(of.adjustments),
        "to_pay": ", ".join(map(str, of.totals)) or None,
    }


def as_json(of: Statement) -> dict[str, Any]:
    """Money in minor units; instants in ISO 8601, UTC, ending in `Z`."""
    return heading(of) | {
        "issued_at": instant_text(of.issued_at),
        "lines": [_line(one) for one in of.lines],
        "adjustments": [_adjustment(one) for one in of.adjustments],
        "to_pay": [money_json(one) for one in of.totals],
    }


def _line(one: Line) -> dict[str, Any]:
    return _ticket(one) | {
        "plan": one.plan,
        "position": one.position,
        "included": one.included,
        "price": money_json(one.price),
        "amount": money_json(one.amount),
        "waived": one.waived or None,
    }


def _adjustment(one: Adjustment) -> dict[str, Any]:
    return _ticket(one) | {
        "counted": one.counted,
        "was": money_json(one.was),
        "now": money_json(one.now),
        "why": one.why,
    }


def _ticket(one: Line | Adjustment) -> dict[str, Any]:
    return {
        "ticket": one.key,
        "opened_at": instant_text(one.opened_at),
        "opened_by": one.opened_by,
        "link": _link(one),
    }


def _link(one: Line | Adjustment) -> str | None:
    if not (one.channel_id and one.thread_ts):
        return None
    return f"https://slack.com/archives/{one.channel_id}/p{one.thread_ts.replace('.', '')}"


def as_csv(of: Statement) -> str:
    """With a head, a row for each line and each adjustment."""
    return csv_text(_COLUMNS, _rows(of), _NUMBERS)


def _rows(of: Statement) -> Iterator[dict[str, Any]]:
    common = {"client": of.client_key, "first_day": first_day(of), "last_day": last_day(of)}
    for line in of.lines:
        yield {
            **common,
            **_ticket(line),
            "kind": "ticket",
            "plan": line.plan,
            "position": line.position,
            "included": line.included,
            "price": _decimal(line.price),
            "amount": _decimal(line.amount),
            "currency": line.price.currency if line.price else None,
            "waived": line.waived,
        }
    for one in of.adjustments:
        for amount in one.amounts or (None,):
            yield {
                **common,
                **_ticket(one),
                "kind": "adjustment",
                "amount": _decimal(amount),
                "currency": amount.currency if amount else None,
                "why": one.why,
            }


def _decimal(amount: Money | None) -> str | None:
    return None if amount is None else str(amount).partition(" ")[2]


def invoice_items(of: Statement, customer: str) -> Iterator[dict[str, Any]]:
    """What Stripe's `invoice_items.create` takes, an object for each amount, with an idempotency
    key of its own: sent twice, it is one item. `customer` is its ID in Stripe (cus_…)."""
    amounts = [
        (line.key, line.amount, f"beyond the {line.included} included")
        for line in of.lines
        if line.amount is not None
    ]
    amounts += [
        (one.key, amount, f"of an earlier period: {one.why}")
        for one in of.adjustments
        for amount in one.amounts
    ]
    for key, amount, why in amounts:
        item = _item(of, key, amount, f"Support ticket {key}, {why}")
        item["params"]["customer"] = customer
        yield item


def _item(of: Statement, key: str, amount: Money, what: str) -> dict[str, Any]:
    kind = "credit" if amount.minor < 0 else "charge"
    return {
        "idempotency_key": f"deskbell-{key}-{first_day(of)}-{kind}",
        "params": {
            "amount": amount.minor,
            "currency": amount.currency.lower(),
            "description": what,
            "metadata": {"ticket": key, "period": first_day(of), "client": of.client_key},
        },
    }
