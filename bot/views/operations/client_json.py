"""Clients as JSON for scripts."""

from collections.abc import Sequence
from typing import Any

from bot.domain.agreements.account import Account
from bot.domain.agreements.agreement import Agreement
from bot.views.agreements.catalog_json import money_json
from bot.views.instant_text import instant_text


def client_json(now: Account, versions: Sequence[Agreement]) -> dict[str, Any]:
    """Return a client with every version of its agreement. Money is in minor units; instants are
    ISO 8601 in UTC."""
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
        "agreements": [_version(version) for version in versions],
    }


def _version(agreement: Agreement) -> dict[str, Any]:
    return {
        "in_force_from": instant_text(agreement.effective_from),
        "kind": str(agreement.kind),
        "catalog": agreement.catalog,
        "plan": agreement.plan_id,
        "ends_at": instant_text(agreement.ends_at),
        "withdrawn_at": instant_text(agreement.withdrawn_at),
        "engineer": agreement.engineer,
        "backup": agreement.backup,
        "billing_day": agreement.anchor_day,
        "zone": agreement.zone,
        "statements_to_client": agreement.statement_to_client,
        "terms": agreement.terms,
        "agreed_by": agreement.agreed_by,
    }
