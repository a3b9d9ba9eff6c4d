"""Clients as scripts read them."""

from datetime import datetime
from typing import Any

from bot.domain.client import Agreement
from bot.domain.money import Money
from bot.usecases.desk import Desk
from bot.usecases.listing import account, client_by_key


async def client_shown(desk: Desk, key: str) -> dict[str, Any]:
    """One client with all that is agreed, what is planned, and what it has used of its period;
    instants in ISO 8601, money in minor units. Raises Refusal with the keys there are."""
    client = await client_by_key(desk, key)
    now = await account(desk, client)
    versions = await desk.work.clients.versions(client.id)
    used = now.usage
    return {
        "key": client.key,
        "name": client.name,
        "channel": client.channel_id,
        "intake": client.intake.value,
        "join_minutes": client.join_minutes,
        "plan": now.plan.id if now.plan else None,
        "used": used.used if used else None,
        "included": used.included if used else None,
        "to_pay": _money(used.overage) if used else None,
        "agreements": [_version(one) for one in versions],
    }


def _version(one: Agreement) -> dict[str, Any]:
    return {
        "in_force_from": _instant(one.effective_from),
        "kind": str(one.kind),
        "catalog": one.catalog,
        "plan": one.plan_id or None,
        "ends_at": _instant(one.ends_at),
        "withdrawn_at": _instant(one.withdrawn_at),
        "engineer": one.engineer,
        "backup": one.backup,
        "billing_day": one.anchor_day,
        "zone": one.zone,
        "statements_to_client": one.statement_to_client,
        "terms": one.terms or None,
        "agreed_by": one.agreed_by or None,
    }


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat().replace("+00:00", "Z")


def _money(amount: Money | None) -> dict[str, Any] | None:
    return None if amount is None else {"minor": amount.minor, "currency": amount.currency}


async def client_lines(desk: Desk) -> list[dict[str, str | bool | None]]:
    """Each client with the plan that is in force, and whether its agreement has own terms."""
    lines: list[dict[str, str | bool | None]] = []
    for client in await desk.work.clients.all():
        agreement = await desk.work.clients.agreement_at(client.id, desk.now)
        lines.append(
            {
                "key": client.key,
                "name": client.name,
                "plan": (agreement.plan_id or None) if agreement else None,
                "channel": client.channel_id,
                "engineer": agreement.engineer if agreement else None,
                "backup": agreement.backup if agreement else None,
                "terms": agreement is not None and bool(agreement.terms),
            }
        )
    return lines
