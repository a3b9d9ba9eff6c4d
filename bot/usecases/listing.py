"""What staff look up: their queue, lists of tickets, what a client has used of its quota."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.client import Agreement, Client
from bot.domain.plan import Plan
from bot.domain.quota import Usage
from bot.domain.sheet import TicketSheet
from bot.domain.statement import sum_up
from bot.errors import Refusal
from bot.usecases.books import running
from bot.usecases.desk import Desk, staff_member
from bot.usecases.opening import plan_in_force
from bot.usecases.reading import sheets_of

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Account:
    """A client with the agreement in force and what it has used of the running period."""

    client: Client
    agreement: Agreement | None
    plan: Plan | None
    usage: Usage | None


async def queue(desk: Desk, actor: str) -> list[TicketSheet]:
    """The open tickets that the actor must act on: those they have, and those nobody has of the
    clients whose named engineer they are. What is due first comes first."""
    await staff_member(desk, actor)
    sheets = await sheets_in_order(desk, await open_for(desk, [actor]))
    return [one for one in sheets if is_for(one, actor, desk.now)]


async def open_for(desk: Desk, people: Collection[str]) -> list[int]:
    """The open tickets that these people may have to act on, and a few more."""
    staff = await desk.work.staff.all()
    present = [one.user_id for one in staff if not one.is_away(desk.now)]
    return await desk.work.tickets.open_for(people, present)


def is_for(sheet: TicketSheet, user_id: str, now: datetime) -> bool:
    """Whether it is for them to act on now."""
    pressing = sheet.is_late or sheet.is_at_risk(now)
    return sheet.has_it == user_id and (pressing or not sheet.ticket.sleeps(now))


async def all_open(desk: Desk, actor: str, client_key: str | None = None) -> list[TicketSheet]:
    """The open tickets of one client or of all, what is due first first."""
    await staff_member(desk, actor)
    client = await client_by_key(desk, client_key) if client_key is not None else None
    return await open_sheets(desk, client)


async def at_risk(desk: Desk, actor: str) -> list[TicketSheet]:
    """Those of which three quarters of some time are gone."""
    await staff_member(desk, actor)
    return [one for one in await pressing(desk) if one.is_at_risk(desk.now)]


async def late(desk: Desk, actor: str) -> list[TicketSheet]:
    """Those that have broken a promise and are open."""
    await staff_member(desk, actor)
    return [one for one in await pressing(desk) if one.is_late]


async def pressing(desk: Desk) -> list[TicketSheet]:
    """What is open and late or at risk, what is due first first."""
    return await sheets_in_order(desk, await desk.work.clocks.pressing(desk.now))


async def accounts(desk: Desk, actor: str, client_key: str | None = None) -> list[Account]:
    """One client or all, as of now."""
    await staff_member(desk, actor)
    if client_key is not None:
        return [await account(desk, await client_by_key(desk, client_key))]
    return [await account(desk, client) for client in await desk.work.clients.all()]


async def plan_of(desk: Desk, actor: str, name: str) -> Plan:
    """A client's plan by the client's key, with its own terms in it, or one by its name as the
    catalogue in force has it. Raises Refusal with what there is."""
    await staff_member(desk, actor)
    client = await desk.work.clients.by_key(name)
    if client is not None:
        found = (await account(desk, client)).plan
        if found is None:
            raise Refusal(f"{client.name} has no agreement now: a manager can give it a plan.")
        return found
    plans = [one for catalog in desk.plans.catalogs for one in catalog.plans.values()]
    for one in plans:
        if name.casefold() in {one.id, one.name.casefold(), f"{one.catalog}/{one.id}"}:
            return one
    known = ", ".join(one.id for one in plans)
    raise Refusal(f"There is no client or plan “{name}”: choose a client's key or one of {known}.")


async def account(desk: Desk, client: Client) -> Account:
    agreement = await desk.work.clients.agreement_at(client.id, desk.now)
    if agreement is None or not agreement.has_plan:
        return Account(client, agreement, None, None)
    plan = await plan_in_force(desk, agreement, desk.now)
    period = await desk.billing_period(client.id, desk.now)
    used = await desk.work.tickets.used(client.id, plan.id, period)
    return Account(client, agreement, plan, await _usage(desk, client, plan, used))


async def _usage(desk: Desk, client: Client, plan: Plan, used: int) -> Usage:
    """What is to pay is the sum of each ticket's own price, less what was waived."""
    included, each = plan.quota.included, plan.quota.overage
    if included is None or each is None or used <= included:
        return Usage(used, included, None)
    _, lines = await running(desk, client)
    sums = sum_up(line.amount for line in lines if line.amount is not None)
    to_pay = next((one for one in sums if one.currency == each.currency), None)
    return Usage(used, included, to_pay)


async def client_by_key(desk: Desk, key: str) -> Client:
    """Raises Refusal with the keys there are."""
    client = await desk.work.clients.by_key(key)
    if client is None:
        known = [one.key for one in await desk.work.clients.all()]
        choices = ", ".join(known[:50]) or "one once it is added"
        raise Refusal(f"There is no client {key.upper()}: choose {choices}.")
    return client


async def open_sheets(desk: Desk, client: Client | None = None) -> list[TicketSheet]:
    """The open tickets of one client or of all, what is due first first."""
    return await sheets_in_order(
        desk, await desk.work.tickets.open_ids(client.id if client else None)
    )


async def sheets_in_order(desk: Desk, ticket_ids: Collection[int]) -> list[TicketSheet]:
    """What is due first first."""
    sheets = await sheets_of(desk, ticket_ids) if ticket_ids else {}
    return sorted(sheets.values(), key=lambda one: (one.next_due or _NEVER, one.ticket.opened_at))
