"""A client's agreement, plan, and usage in the current billing period."""

from bot.domain.agreements.account import Account
from bot.domain.agreements.plan import Plan
from bot.domain.agreements.quota import Usage
from bot.domain.agreements.refusals import NoClientOrPlan, NoPlanNow
from bot.domain.agreements.statement import sum_up
from bot.domain.ids import UserId
from bot.domain.operations.client import Client
from bot.usecases.access import staff_member
from bot.usecases.agreements.billing_periods import running
from bot.usecases.agreements.plan_in_force import plan_in_force
from bot.usecases.desk import Desk


async def plan_of(desk: Desk, actor: UserId, name: str) -> Plan:
    """Return the plan of the client with key `name`, or else the plan called `name`. Staff only.

    A client's plan includes the agreement's own terms; a plan by its name or ID is that of the
    catalogue in force. Raises Refusal with the choices if there is neither.
    """
    await staff_member(desk, actor)
    client = await desk.work.clients.by_key_for_update(name)
    if client is not None:
        plan = (await account(desk, client)).plan
        if plan is None:
            raise NoPlanNow(client.name)
        return plan
    plans = [plan for catalog in desk.plans.catalogs for plan in catalog.plans.values()]
    for plan in plans:
        if name.casefold() in {plan.id, plan.name.casefold(), f"{plan.catalog}/{plan.id}"}:
            return plan
    raise NoClientOrPlan(name, tuple(plan.id for plan in plans))


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
