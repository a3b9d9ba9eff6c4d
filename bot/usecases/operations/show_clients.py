"""Clients, as the command line shows them."""

from bot.domain.agreements.account import Account
from bot.domain.agreements.agreement import Agreement
from bot.usecases.access import client_by_key
from bot.usecases.agreements.accounts import account
from bot.usecases.desk import Desk


async def client_shown(desk: Desk, key: str) -> tuple[Account, list[Agreement]]:
    """Return a client as of now, with all versions of its agreement, oldest first.

    Withdrawn versions are included. Raises Refusal with the known keys if the key is unknown.
    """
    client = await client_by_key(desk, key)
    return await account(desk, client), await desk.work.clients.versions(client.id)


async def client_lines(desk: Desk) -> list[dict[str, str | bool | None]]:
    """Return a row for each client: its plan in force, its people, and whether it has custom
    terms."""
    lines: list[dict[str, str | bool | None]] = []
    for client in await desk.work.clients.all():
        agreement = await desk.work.clients.agreement_at(client.id, desk.now)
        lines.append(
            {
                "key": client.key,
                "name": client.name,
                "plan": agreement.plan_id if agreement else None,
                "channel": client.channel_id,
                "engineer": agreement.engineer if agreement else None,
                "backup": agreement.backup if agreement else None,
                "terms": agreement is not None and bool(agreement.terms),
            }
        )
    return lines
