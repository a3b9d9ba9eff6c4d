"""What an operator sets up: clients with their agreements, and the staff."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.client import Agreement, Client, Role, StaffMember
from bot.domain.plan import Catalog, Plan
from bot.errors import ConfigurationError
from bot.settings import USER_ID
from bot.usecases.being_away import concerned
from bot.usecases.books import arm_books
from bot.usecases.desk import Desk

_KEY = re.compile(r"[A-Z][A-Z0-9]{1,9}")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,}")


@dataclass(frozen=True, slots=True)
class NewClient:
    """What `client add` was given; `plan` may be written `catalog/plan`. `terms` is the TOML text
    of what the agreement says otherwise than the plan, "" where it says nothing."""

    name: str
    key: str
    plan: str
    channel: str | None
    engineer: str | None
    backup: str | None
    terms: str = ""
    anchor_day: int = 1  # of the month on which its billing cycles begin


async def add_client(desk: Desk, new: NewClient) -> Client:
    """Add a client with its first agreement, in force from now on. "Every value can be overridden
    in the client's agreement": its terms are read into the plan before it is signed.

    The named engineers become staff if they are not yet: they must be able to answer. Raises
    ConfigurationError with every fault at once; nothing is written then.
    """
    faults = [*_faults(new), *await _clashes(desk, new)]
    try:
        catalog, plan = find_plan(desk.plans.catalogs, new.plan)
    except ConfigurationError as fault:
        raise ConfigurationError("\n".join([str(fault), *faults])) from None
    try:
        plan = await _as_agreed(desk, catalog, plan, new.terms)
    except ConfigurationError as fault:
        raise ConfigurationError("\n".join([*faults, str(fault)])) from None
    if new.channel is None and plan.in_slack:
        faults.append(f"{plan.name} is supported in Slack: give the client's --channel (C…)")
    if faults:
        raise ConfigurationError("\n".join(faults))
    client = await desk.work.clients.add(new.key.upper(), new.name.strip(), new.channel)
    await desk.work.clients.agree(
        Agreement(
            id=0,
            client_id=client.id,
            catalog=catalog.name,
            plan_id=plan.id,
            effective_from=desk.now,
            engineer=new.engineer,
            backup=new.backup,
            terms=new.terms,
            zone=plan.zone,
            anchor_day=new.anchor_day,
            agreed_at=desk.now,
        )
    )
    await arm_books(desk, client)
    for user_id in filter(None, (new.engineer, new.backup)):
        if await desk.work.staff.get(user_id) is None:
            await desk.work.staff.put(StaffMember(user_id, Role.ENGINEER, ""))
    return client


async def _as_agreed(desk: Desk, catalog: Catalog, plan: Plan, terms: str) -> Plan:
    """The plan with the agreement's terms in it, as its tickets will have it. Raises
    ConfigurationError with every fault of the terms."""
    if not terms:
        return plan
    version = await desk.work.catalogs.in_force(catalog.name, desk.now)
    return await desk.plans.plan(desk.work, version, plan.id, terms)


async def check_places(desk: Desk) -> None:
    """Raises ConfigurationError where the vendor's own channels are a client's: "nothing internal
    reaches a client's channel"."""
    settings = {
        "DESKBELL_TRIAGE_CHANNEL": desk.places.triage_channel,
        "DESKBELL_MANAGERS_CHANNEL": desk.places.managers_channel,
    }
    owners = {name: await desk.work.clients.by_channel(at) for name, at in settings.items()}
    faults = [
        f"{name} {settings[name]} is the channel of the client {owner.key}: name an internal one"
        for name, owner in owners.items()
        if owner is not None
    ]
    if faults:
        raise ConfigurationError("\n".join(faults))


async def add_staff(desk: Desk, user_id: str, role: str, name: str) -> StaffMember:
    """Put a person on the staff list, or change their role."""
    check_user("user", user_id)
    if role not in list(Role):
        raise ConfigurationError(f"there is no role “{role}”: choose {' or '.join(Role)}")
    member = StaffMember(user_id, Role(role), name)
    await desk.work.staff.put(member)
    return member


async def remove_staff(desk: Desk, user_id: str) -> list[str]:
    """Take a person off the staff list: from now on they are refused, whatever an old card or
    dialog offers. Returns the keys of the open tickets that they still have."""
    if await desk.work.staff.get(user_id) is None:
        raise ConfigurationError(f"{user_id} is not on the staff list: see `deskbell staff list`")
    await desk.work.staff.remove(user_id)
    tickets = await concerned(desk, user_id)
    for one in tickets:  # somebody else acts for those they were named for
        await desk.refresh_cards(one)
    return [one.key for one in tickets if one.assignee == user_id]


def find_plan(catalogs: Sequence[Catalog], wanted: str) -> tuple[Catalog, Plan]:
    """A plan by `plan` or `catalog/plan`; raises ConfigurationError that names the choices."""
    catalog_name, _, plan_id = wanted.rpartition("/")
    found = [
        (catalog, catalog.plans[plan_id])
        for catalog in catalogs
        if plan_id in catalog.plans and catalog_name in {"", catalog.name}
    ]
    if len(found) == 1:
        return found[0]
    if found:
        each = " or ".join(f"{catalog.name}/{plan_id}" for catalog, _ in found)
        raise ConfigurationError(f"“{wanted}” is a plan of several catalogues: write {each}")
    known = ", ".join(plan_id for catalog in catalogs for plan_id in catalog.plans)
    raise ConfigurationError(f"there is no plan “{wanted}”: choose one of {known}")


def check_user(what: str, user_id: str) -> None:
    if not USER_ID.fullmatch(user_id):
        raise ConfigurationError(
            f"{what} “{user_id}” is not a Slack user ID: copy the member ID (U…) from the person's"
            " Slack profile"
        )


def _faults(new: NewClient) -> list[str]:
    found = []
    if not new.name.strip():
        found.append("the name is empty: give the client's name as people know it")
    if not _KEY.fullmatch(new.key.upper()):
        found.append(
            f"key “{new.key}” does not fit: use 2 to 10 letters and digits, a letter first"
        )
    if new.channel is not None and not _CHANNEL.fullmatch(new.channel):
        found.append(
            f"channel “{new.channel}” is not a Slack channel ID: copy it (C…) from the channel's"
            " details"
        )
    for what in ("engineer", "backup"):
        user_id = getattr(new, what)
        if user_id is not None and not USER_ID.fullmatch(user_id):
            found.append(
                f"{what} “{user_id}” is not a Slack user ID: copy the member ID (U…) from the"
                " person's Slack profile"
            )
    return found


async def _clashes(desk: Desk, new: NewClient) -> list[str]:
    found = []
    if await desk.work.clients.by_key(new.key) is not None:
        found.append(f"the key {new.key.upper()} is taken: choose another one")
    if new.channel is not None:
        other = await desk.work.clients.by_channel(new.channel)
        if other is not None:
            found.append(
                f"channel {new.channel} belongs to {other.key} already: choose another one"
            )
        if new.channel in {desk.places.triage_channel, desk.places.managers_channel}:
            found.append(
                f"channel {new.channel} is internal (triage or managers): a client must never be"
                " in it; choose the client's own channel"
            )
    return found
