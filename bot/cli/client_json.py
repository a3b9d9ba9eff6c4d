"""A client as data for scripts."""

from collections.abc import Sequence
from typing import Any

from bot.cli.catalog_json import money_json
from bot.cli.sla_question import instant_text
from bot.domain.client import Agreement
from bot.usecases.listing import Account


def client_json(now: Account, versions: Sequence[Agreement]) -> dict[str, Any]:
    """With every version of its agreement. Money in minor units; instants in ISO 8601, UTC."""
    client, used = now.client, now.usage
    return {
        "key": client.key,
        "name": client.name,
        "channel": client.channel_id,
        "intake": client.intake.value,
        "join_minutes": client.join_minutes,
        "plan": now.plan.id if now.plan else None,
        "used": used.used if used else None,
        "included": used.included if used else None,
        "to_pay": money_json(used.overage) if used else None,
        "agreements": [_version(one) for one in versions],
    }


def _version(one: Agreement) -> dict[str, Any]:
    return {
        "in_force_from": instant_text(one.effective_from),
        "kind": str(one.kind),
        "catalog": one.catalog,
        "plan": one.plan_id or None,
        "ends_at": instant_text(one.ends_at),
        "withdrawn_at": instant_text(one.withdrawn_at),
        "engineer": one.engineer,
        "backup": one.backup,
        "billing_day": one.anchor_day,
        "zone": one.zone,
        "statements_to_client": one.statement_to_client,
        "terms": one.terms or None,
        "agreed_by": one.agreed_by or None,
    }
