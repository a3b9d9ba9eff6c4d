"""Statements as JSON, CSV and Stripe invoice items."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.agreements.money import Money
from bot.domain.agreements.statement import Adjustment, Line, Statement
from bot.views.agreements.adjustments import reason_words
from bot.views.agreements.catalog_json import money_json
from bot.views.csv_text import csv_text
from bot.views.instant_text import instant_text

_COLUMNS = (
    *("client", "first_day", "last_day", "kind", "ticket", "opened_at", "opened_by", "link"),
    *("plan", "position", "included", "price", "amount", "currency", "waived", "why"),
)
_NUMBERS = frozenset({"position", "included", "price", "amount"})


def first_day(statement: Statement) -> str:
    """Return the first local date of the statement's period: `2026-03-01`."""
    return statement.period.start.astimezone(ZoneInfo(statement.zone)).date().isoformat()


def last_day(statement: Statement) -> str:
    """Return the last local date of the statement's period: `2026-03-31`."""
    last = statement.period.end - timedelta(microseconds=1)
    return last.astimezone(ZoneInfo(statement.zone)).date().isoformat()


def heading(statement: Statement) -> dict[str, Any]:
    """Return the totals of a statement, which `deskbell statement list` prints."""
    return {
        "client": statement.client_key,
        "first_day": first_day(statement),
        "last_day": last_day(statement),
        "plans": ", ".join(statement.plans),
        "tickets": len(statement.lines),
        "charged": statement.beyond,
        "adjustments": len(statement.adjustments),
        "to_pay": ", ".join(map(str, statement.totals)) or None,
    }


def as_json(statement: Statement) -> dict[str, Any]:
    """Return a statement as JSON data. Money is in minor units; instants are ISO 8601 in UTC and
    end in `Z`."""
    return heading(statement) | {
        "issued_at": instant_text(statement.issued_at),
        "lines": [_line(line) for line in statement.lines],
        "adjustments": [_adjustment(adjustment) for adjustment in statement.adjustments],
        "to_pay": [money_json(total) for total in statement.totals],
    }


def _line(line: Line) -> dict[str, Any]:
    return _ticket(line) | {
        "plan": line.plan,
        "position": line.position,
        "included": line.included,
        "price": money_json(line.price),
        "amount": money_json(line.amount),
        "waived": line.waived,
    }


def _adjustment(adjustment: Adjustment) -> dict[str, Any]:
    return _ticket(adjustment) | {
        "counted": adjustment.counted,
        "was": money_json(adjustment.was),
        "now": money_json(adjustment.now),
        "why": reason_words(adjustment.why),
    }


def _ticket(line: Line | Adjustment) -> dict[str, Any]:
    return {
        "ticket": line.key,
        "opened_at": instant_text(line.opened_at),
        "opened_by": line.opened_by,
        "link": _link(line),
    }


def _link(line: Line | Adjustment) -> str | None:
    if not (line.channel_id and line.thread_ts):
        return None
    return f"https://slack.com/archives/{line.channel_id}/p{str(line.thread_ts).replace('.', '')}"


def as_csv(statement: Statement) -> str:
    """Return a CSV table with a header row and a row for each line and each adjustment."""
    return csv_text(_COLUMNS, _rows(statement), _NUMBERS)


def _rows(statement: Statement) -> Iterator[dict[str, Any]]:
    common = {
        "client": statement.client_key,
        "first_day": first_day(statement),
        "last_day": last_day(statement),
    }
    for line in statement.lines:
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
    for adjustment in statement.adjustments:
        for amount in adjustment.amounts or (None,):
            yield {
                **common,
                **_ticket(adjustment),
                "kind": "adjustment",
                "amount": _decimal(amount),
                "currency": amount.currency if amount else None,
                "why": reason_words(adjustment.why),
            }


def _decimal(amount: Money | None) -> str | None:
    return None if amount is None else str(amount).partition(" ")[2]


def invoice_items(statement: Statement, customer: str) -> Iterator[dict[str, Any]]:
    """Yield the parameters of Stripe's `invoice_items.create`, an object for each amount.

    Each has an idempotency key, so an item that is sent twice is charged once. `customer` is the
    customer's ID in Stripe (cus_…).
    """
    amounts = [
        (line.key, line.amount, f"beyond the {line.included} included")
        for line in statement.lines
        if line.amount is not None
    ]
    amounts += [
        (adjustment.key, amount, f"of an earlier period: {reason_words(adjustment.why)}")
        for adjustment in statement.adjustments
        for amount in adjustment.amounts
    ]
    for key, amount, why in amounts:
        item = _item(statement, key, amount, f"Support ticket {key}, {why}")
        item["params"]["customer"] = customer
        yield item


def _item(statement: Statement, key: str, amount: Money, description: str) -> dict[str, Any]:
    kind = "credit" if amount.minor < 0 else "charge"
    return {
        "idempotency_key": f"deskbell-{key}-{first_day(statement)}-{kind}",
        "params": {
            "amount": amount.minor,
            "currency": amount.currency.lower(),
            "description": description,
            "metadata": {
                "ticket": key,
                "period": first_day(statement),
                "client": statement.client_key,
            },
        },
    }
