"""Changing what a client has bought: confirmed as it was looked at, told, and taken back."""

from dataclasses import replace

from bot.domain.billing import standing_versions
from bot.domain.client import Agreement, Came, Client, Role, StaffMember
from bot.domain.proposal import Downgrade, Proposal
from bot.errors import Refusal
from bot.usecases.books import arm_books, keep_books, tell_agreed
from bot.usecases.desk import Desk, ticket_by_key
from bot.usecases.opening import plan_in_force
from bot.usecases.proposing import Wanted, current, fingerprint, propose
from bot.usecases.setting import manager

CHANGED_MEANWHILE = "Something has changed meanwhile: look at the change once more."


async def agree(desk: Desk, actor: str, key: str, wanted: Wanted, shown: str = "") -> Proposal:
    """Confirm a change as it was `shown` (its `fingerprint`; "" where nobody has seen one). Raises
    Refusal where it would be another one by now."""
    if actor:
        await manager(desk, actor)
    proposal = await propose(desk, key, wanted)
    if shown and shown != fingerprint(proposal):
        raise Refusal(CHANGED_MEANWHILE)
    clients = desk.work.clients
    for one in proposal.withdrawn:
        await clients.withdraw(one, desk.now)
    agreed = await clients.agree(replace(proposal.version, agreed_by=actor))
    for one in (*proposal.kept, *filter(None, [proposal.then])):
        await clients.agree(replace(one, id=0, agreed_by=actor, agreed_at=desk.now))
    await _become_staff(desk, agreed)
    for ticket_key in proposal.open_keys:  # whoever is named now has them, too
        await desk.refresh_cards(await ticket_by_key(desk, ticket_key))
    await keep_books(desk, proposal.client.id)
    await tell_agreed(desk, proposal.client, agreed, proposal.before)
    return replace(proposal, version=agreed)


async def downgrade_planned(desk: Desk, key: str) -> Downgrade:
    """The downgrade that could be taken back now. Raises Refusal where none is planned."""
    client, now = await current(desk, key)
    found = [one for one in await planned(desk, client) if one.kind == Came.DOWNGRADE]
    if not found:
        raise Refusal(f"No downgrade of {client.name} is planned: */desk plan {client.key}* says.")
    names = [(await plan_in_force(desk, one, desk.now)).name for one in (now, found[0])]
    return Downgrade(client, now, found[0], *names)


async def withdraw_downgrade(desk: Desk, actor: str, key: str, shown: int | None = None) -> None:
    """Take back a downgrade that is not in force yet: "can be withdrawn until then". Raises Refusal
    where another one than was `shown` (the ID of its version) is planned by now."""
    if actor:
        await manager(desk, actor)
    found = await downgrade_planned(desk, key)
    if shown not in {None, found.version.id}:
        raise Refusal(CHANGED_MEANWHILE)
    for one in await planned(desk, found.client):
        if one.effective_from >= found.version.effective_from:
            await desk.work.clients.withdraw(one, desk.now)
    await _ends_again(desk, found.now, actor)
    await tell_agreed(desk, found.client, found.now, found.version)
    await arm_books(desk, found.client)


async def _ends_again(desk: Desk, now: Agreement, actor: str) -> None:
    """What was to follow the term of the version in force, and was taken back for a downgrade that
    would have come before, follows it after all."""
    versions = await desk.work.clients.versions(now.client_id)
    following = [one for one in versions if one.effective_from == now.ends_at]
    if following and all(one.withdrawn_at is not None for one in following):
        again = replace(following[-1], id=0, withdrawn_at=None)
        await desk.work.clients.agree(replace(again, agreed_by=actor, agreed_at=desk.now))


async def planned(desk: Desk, client: Client) -> list[Agreement]:
    """The versions of a client's agreement that are still to come."""
    versions = standing_versions(await desk.work.clients.versions(client.id))
    return [one for one in versions if one.effective_from > desk.now]


async def _become_staff(desk: Desk, agreed: Agreement) -> None:
    """The named engineers must be able to answer."""
    for user_id in filter(None, (agreed.engineer, agreed.backup)):
        if await desk.work.staff.get(user_id) is None:
            await desk.work.staff.put(StaffMember(user_id, Role.ENGINEER, ""))
