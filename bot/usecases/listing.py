"""Lists for staff: the queue, open tickets, at-risk and overdue tickets, and used quota."""

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
    """A client, the agreement in force, and the quota used in the current period."""

    client: Client
    agreement: Agreement | None
    plan: Plan | None
    usage: Usage | None


async def queue(desk: Desk, actor: str) -> list[TicketSheet]:
    """Return the open tickets that the actor must act on, in order of their due times. Staff only.

    They are the actor's own, and the unassigned tickets of clients whose account engineer the actor
    is.
    """
    await staff_member(desk, actor)
    sheets = await sheets_in_order(desk, await open_for(desk, [actor]))
    return [sheet for sheet in sheets if is_for(sheet, actor, desk.now)]


async def open_for(desk: Desk, people: Collection[str]) -> list[int]:
    """Return the IDs of the open tickets that these people may have to act on, and a few others."""
    staff = await desk.work.staff.all()
    present = [member.user_id for member in staff if not member.is_away(desk.now)]
    return await desk.work.tickets.open_for(people, present)


def is_for(sheet: TicketSheet, user_id: str, now: datetime) -> bool:
    """Return whether the person must act on the ticket now.

    A snoozed ticket can wait, unless it is overdue or at risk.
    """
    pressing = sheet.is_late or sheet.is_at_risk(now)
    return sheet.has_it == user_id and (pressing or not sheet.ticket.sleeps(now))


async def all_open(desk: Desk, actor: str, client_key: str | None = None) -> list[TicketSheet]:
    """Return the open tickets of a client or of all clients, in order of their due times. Staff
    only."""
    await staff_member(desk, actor)
    client = await client_by_key(desk, client_key) if client_key is not None else None
    return await open_sheets(desk, client)


async def at_risk(desk: Desk, actor: str) -> list[TicketSheet]:
    """Return the tickets with a clock that has used 75 % of its time. Staff only."""
    await staff_member(desk, actor)
    return [sheet for sheet in await pressing(desk) if sheet.is_at_risk(desk.now)]


async def late(desk: Desk, actor: str) -> list[TicketSheet]:
    """Return the open tickets with a breached clock. Staff only."""
    await staff_member(desk, actor)
    return [sheet for sheet in await pressing(desk) if sheet.is_late]


async def pressing(desk: Desk) -> list[TicketSheet]:
    """Return the open tickets that are overdue or at risk, in order of their due times."""
    return await sheets_in_order(desk, await desk.work.clocks.pressing(desk.now))


async def accounts(desk: Desk, actor: str, client_key: str | None = None) -> list[Account]:
    """Return a client's account, or the accounts of all clients, as of now. Staff only."""
    await staff_member(desk, actor)
    if client_key is not None:
        return [await account(desk, await client_by_key(desk, client_key))]
    return [await account(desk, client) for client in await desk.work.clients.all()]


async def plan_of(desk: Desk, actor: str, name: str) -> Plan:
    """Return the plan of the client with key `name`, or else the plan called `name`. Staff only.

    A client's plan includes the agreement's own terms; a plan by its name or ID is that of the
    catalogue in force. Raises Refusal with the choices if there is neither.
    """
    await staff_member(desk, actor)
    client = await desk.work.clients.by_key(name)
    if client is not None:
        plan = (await account(desk, client)).plan
        if plan is None:
            raise Refusal(f"{client.name} has no agreement now: a manager can give it a plan.")
        return plan
    plans = [plan for catalog in desk.plans.catalogs for plan in catalog.plans.values()]
    for plan in plans:
        if name.casefold() in {plan.id, plan.name.casefold(), f"{plan.catalog}/{plan.id}"}:
            return plan
    known = ", ".join(plan.id for plan in plans)
    raise Refusal(f"There is no client or plan “{name}”: choose a client's key or one of {known}.")


async def account(desk: Desk, client: Client) -> Account:
    """Return the client's account as of now; without a plan if no agreement is in force."""
    agreement = await desk.work.clients.agreement_at(client.id, desk.now)
    if agreement is None or not agreement.has_plan:
        return Account(client, agreement, None, None)
    plan = await plan_in_force(desk, agreement, desk.now)
    period = await desk.billing_period(client.id, desk.now)
    used = await desk.work.tickets.used(client.id, plan.id, period)
    return Account(client, agreement, plan, await _usage(desk, client, plan, used))


async def _usage(desk: Desk, client: Client, plan: Plan, used: int) -> Usage:
    """Return the quota used, and the overage: the sum of the tickets' own prices, less waived
    amounts."""
    included, price = plan.quota.included, plan.quota.overage
    if included is None or price is None or used <= included:
        return Usage(used, included, None)
    _, lines = await running(desk, client)
    sums = sum_up(line.amount for line in lines if line.amount is not None)
    to_pay = next((amount for amount in sums if amount.currency == price.currency), None)
    return Usage(used, included, to_pay)


async def client_by_key(desk: Desk, key: str) -> Client:
    """Return the client with this key. Raises Refusal with the known keys."""
    client = await desk.work.clients.by_key(key)
    if client is None:
        known = [client.key for client in await desk.work.clients.all()]
        choices = ", ".join(known[:50]) or "one once it is added"
        raise Refusal(f"There is no client {key.upper()}: choose {choices}.")
    return client


async def open_sheets(desk: Desk, client: Client | None = None) -> list[TicketSheet]:
    """Return the open tickets of a client or of all clients, in order of their due times."""
    return await sheets_in_order(
        desk, await desk.work.tickets.open_ids(client.id if client else None)
    )


async def sheets_in_order(desk: Desk, ticket_ids: Collection[int]) -> list[TicketSheet]:
    """Return the tickets in order of their next due times; without a due time they come last."""
    sheets = await sheets_of(desk, ticket_ids) if ticket_ids else {}
    return sorted(
        sheets.values(), key=lambda sheet: (sheet.next_due or _NEVER, sheet.ticket.opened_at)
    )
