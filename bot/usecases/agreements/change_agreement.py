"""Changing a client's agreement: confirm a proposed change, or withdraw a planned downgrade."""

from dataclasses import replace

from bot.domain.actor import Actor, user_id_of
from bot.domain.agreements.agreement import NOT_STORED, Agreement, ChangeKind
from bot.domain.agreements.billing_cycles import standing_versions
from bot.domain.agreements.proposal import Downgrade, Proposal
from bot.domain.agreements.refusals import ChangedMeanwhile, NoDowngradePlanned
from bot.domain.operations.client import Client
from bot.domain.operations.staff import Role, StaffMember
from bot.usecases.access import check_manages, ticket_by_key
from bot.usecases.agreements.billing_periods import arm_billing_timer, tell_agreed, update_billing
from bot.usecases.agreements.plan_in_force import plan_in_force
from bot.usecases.agreements.propose_change import Wanted, current, fingerprint, propose
from bot.usecases.desk import Desk


async def agree(
    desk: Desk, actor: Actor, key: str, wanted: Wanted, shown: str | None = None
) -> Proposal:
    """Put the change `wanted` into force as it was `shown`, and tell the managers and the client.

    `shown` is the fingerprint of the proposal that the actor saw, None if none was shown. Managers
    and the operator only. Raises Refusal if the proposal would be different now.
    """
    await check_manages(desk, actor)
    proposal = await propose(desk, key, wanted)
    if shown is not None and shown != fingerprint(proposal):
        raise ChangedMeanwhile
    clients = desk.work.clients
    for version in proposal.withdrawn:
        await clients.withdraw(version, desk.now)
    by = user_id_of(actor)
    agreed = await clients.agree(replace(proposal.version, agreed_by=by))
    for version in (*proposal.kept, *filter(None, [proposal.then])):
        await clients.agree(replace(version, id=NOT_STORED, agreed_by=by, agreed_at=desk.now))
    await _become_staff(desk, agreed)
    for ticket_key in proposal.open_keys:  # the engineers named now act for them too
        await desk.refresh_cards(await ticket_by_key(desk, ticket_key))
    await update_billing(desk, proposal.client.id)
    await tell_agreed(desk, proposal.client, agreed, proposal.before)
    return replace(proposal, version=agreed)


async def downgrade_planned(desk: Desk, key: str) -> Downgrade:
    """Return the planned downgrade that can still be withdrawn. Raises Refusal if there is none."""
    client, now = await current(desk, key)
    downgrades = [
        version for version in await planned(desk, client) if version.kind == ChangeKind.DOWNGRADE
    ]
    if not downgrades:
        raise NoDowngradePlanned(client.name, client.key)
    names = [
        (await plan_in_force(desk, version, desk.now)).name for version in (now, downgrades[0])
    ]
    return Downgrade(client, now, downgrades[0], *names)


async def withdraw_downgrade(desk: Desk, actor: Actor, key: str, shown: int | None = None) -> None:
    """Withdraw a planned downgrade: "can be withdrawn until then".

    `shown` is the version ID of the downgrade that the actor saw. Managers and the operator only.
    Raises Refusal if another downgrade is planned now.
    """
    await check_manages(desk, actor)
    downgrade = await downgrade_planned(desk, key)
    if shown not in {None, downgrade.version.id}:
        raise ChangedMeanwhile
    for version in await planned(desk, downgrade.client):
        if version.effective_from >= downgrade.version.effective_from:
            await desk.work.clients.withdraw(version, desk.now)
    await _ends_again(desk, downgrade.now, actor)
    await tell_agreed(desk, downgrade.client, downgrade.now, downgrade.version)
    await arm_billing_timer(desk, downgrade.client)


async def _ends_again(desk: Desk, now: Agreement, actor: Actor) -> None:
    """Restore the version that follows the end of the current term.

    A downgrade before that end had withdrawn it.
    """
    versions = await desk.work.clients.versions(now.client_id)
    following = [version for version in versions if version.effective_from == now.ends_at]
    if following and all(version.withdrawn_at is not None for version in following):
        again = replace(following[-1], id=NOT_STORED, withdrawn_at=None)
        by = user_id_of(actor)
        await desk.work.clients.agree(replace(again, agreed_by=by, agreed_at=desk.now))


async def planned(desk: Desk, client: Client) -> list[Agreement]:
    """Return the versions of a client's agreement that are not in force yet."""
    versions = standing_versions(await desk.work.clients.versions(client.id))
    return [version for version in versions if version.effective_from > desk.now]


async def _become_staff(desk: Desk, agreed: Agreement) -> None:
    """Add the named engineers to the staff, so that they can answer."""
    for user_id in filter(None, (agreed.engineer, agreed.backup)):
        if await desk.work.staff.get(user_id) is None:
            await desk.work.staff.put(StaffMember(user_id, Role.ENGINEER, None))
