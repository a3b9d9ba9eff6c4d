"""Setting up clients with their agreements, and the staff list, from the command line."""

import re
from dataclasses import dataclass

from bot.domain.agreements.agreement import NOT_STORED, Agreement
from bot.domain.agreements.plan import Catalog, Plan
from bot.domain.ids import ChannelId, UserId
from bot.domain.operations.client import Client
from bot.domain.operations.setup_faults import (
    ArgumentFaults,
    ChannelInternal,
    ChannelMalformed,
    ChannelMissing,
    ChannelTaken,
    InternalChannelIsClients,
    KeyMalformed,
    KeyTaken,
    NameEmpty,
    NoSuchRole,
    NotOnStaffList,
    UserMalformed,
)
from bot.domain.operations.staff import Role, StaffMember
from bot.errors import ConfigurationError
from bot.settings import USER_ID
from bot.usecases.agreements.billing_periods import arm_billing_timer
from bot.usecases.agreements.find_plan import find_plan
from bot.usecases.desk import Desk
from bot.usecases.operations.absence import concerned

_KEY = re.compile(r"[A-Z][A-Z0-9]{1,9}")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,}")


@dataclass(frozen=True, slots=True)
class NewClient:
    """The arguments of `client add`.

    `plan` may be written `catalog/plan`. `terms` is the TOML text of the agreement's own terms, ""
    for none.
    """

    name: str
    key: str
    plan: str
    channel: str | None
    engineer: str | None
    backup: str | None
    terms: str | None = None
    anchor_day: int = 1  # day of the month on which billing cycles begin


async def add_client(desk: Desk, new: NewClient) -> Client:
    """Add a client with its first agreement, in force from now on.

    "Every value can be overridden in the client's agreement": the custom terms are applied to the
    plan and checked first. The named engineers join the staff, so that they can answer. Raises
    ConfigurationError with all faults; nothing is written then.
    """
    faults = [*_faults(new), *await _clashes(desk, new)]
    try:
        catalog, plan = find_plan(desk.plans.catalogs, new.plan)
    except ConfigurationError as fault:
        raise ArgumentFaults((fault, *faults)) from None
    try:
        plan = await _as_agreed(desk, catalog, plan, new.terms)
    except ConfigurationError as fault:
        raise ArgumentFaults((*faults, fault)) from None
    if new.channel is None and plan.in_slack:
        faults.append(ChannelMissing(plan.name))
    if faults:
        raise ArgumentFaults(tuple(faults))
    channel = ChannelId(new.channel) if new.channel else None
    client = await desk.work.clients.add(new.key.upper(), new.name.strip(), channel)
    await desk.work.clients.agree(
        Agreement(
            id=NOT_STORED,
            client_id=client.id,
            catalog=catalog.name,
            plan_id=plan.id,
            effective_from=desk.now,
            engineer=UserId(new.engineer) if new.engineer else None,
            backup=UserId(new.backup) if new.backup else None,
            terms=new.terms,
            zone=plan.zone,
            anchor_day=new.anchor_day,
            agreed_at=desk.now,
        )
    )
    await arm_billing_timer(desk, client)
    for user_id in filter(None, (new.engineer, new.backup)):
        if await desk.work.staff.get(UserId(user_id)) is None:
            await desk.work.staff.put(StaffMember(UserId(user_id), Role.ENGINEER, None))
    return client


async def _as_agreed(desk: Desk, catalog: Catalog, plan: Plan, terms: str | None) -> Plan:
    """Return the plan with the agreement's own terms, as its tickets will use it.

    Raises ConfigurationError with all faults of the terms.
    """
    if not terms:
        return plan
    version = await desk.work.catalogs.in_force(catalog.name, desk.now)
    return await desk.plans.plan(desk.work, version, plan.id, terms)


async def check_places(desk: Desk) -> None:
    """Raise ConfigurationError if the triage or managers' channel is a client's channel.

    Rule: "nothing internal reaches a client's channel".
    """
    settings = {
        "DESKBELL_TRIAGE_CHANNEL": desk.places.triage_channel,
        "DESKBELL_MANAGERS_CHANNEL": desk.places.managers_channel,
    }
    owners = {
        name: await desk.work.clients.by_channel_for_update(ChannelId(at))
        for name, at in settings.items()
    }
    faults = [
        InternalChannelIsClients(name, settings[name], owner.key)
        for name, owner in owners.items()
        if owner is not None
    ]
    if faults:
        raise ArgumentFaults(tuple(faults))


async def add_staff(desk: Desk, user_id: UserId, role: str, name: str | None) -> StaffMember:
    """Add a person to the staff list, or change their role.

    Raises ConfigurationError if the role is unknown or the user ID is malformed.
    """
    check_user("user", user_id)
    if role not in list(Role):
        raise NoSuchRole(role)
    member = StaffMember(user_id, Role(role), name)
    await desk.work.staff.put(member)
    return member


async def remove_staff(desk: Desk, user_id: UserId) -> list[str]:
    """Remove a person from the staff list; old cards and dialogs refuse them from now on.

    Return the keys of the open tickets that are still assigned to them. Raises ConfigurationError
    if they are not on the list.
    """
    if await desk.work.staff.get(user_id) is None:
        raise NotOnStaffList(user_id)
    await desk.work.staff.remove(user_id)
    tickets = await concerned(desk, user_id)
    for ticket in tickets:  # the cards name another person who acts
        await desk.refresh_cards(ticket)
    return [ticket.key for ticket in tickets if ticket.assignee == user_id]


def check_user(argument: str, user_id: UserId) -> None:
    """Raise UserMalformed if `user_id` is not a Slack user ID."""
    if not USER_ID.fullmatch(user_id):
        raise UserMalformed(argument, user_id)


def _faults(new: NewClient) -> list[ConfigurationError]:
    """Return the faults of the arguments themselves."""
    faults: list[ConfigurationError] = []
    if not new.name.strip():
        faults.append(NameEmpty())
    if not _KEY.fullmatch(new.key.upper()):
        faults.append(KeyMalformed(new.key))
    if new.channel is not None and not _CHANNEL.fullmatch(new.channel):
        faults.append(ChannelMalformed(new.channel))
    for argument in ("engineer", "backup"):
        user_id = getattr(new, argument)
        if user_id is not None and not USER_ID.fullmatch(user_id):
            faults.append(UserMalformed(argument, user_id))
    return faults


async def _clashes(desk: Desk, new: NewClient) -> list[ConfigurationError]:
    """Return the conflicts with other clients and with the internal channels."""
    faults: list[ConfigurationError] = []
    if await desk.work.clients.by_key_for_update(new.key) is not None:
        faults.append(KeyTaken(new.key))
    if new.channel is not None:
        other = await desk.work.clients.by_channel_for_update(ChannelId(new.channel))
        if other is not None:
            faults.append(ChannelTaken(new.channel, other.key))
        if new.channel in {desk.places.triage_channel, desk.places.managers_channel}:
            faults.append(ChannelInternal(new.channel))
    return faults
