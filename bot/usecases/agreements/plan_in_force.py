"""The agreement and the plan in force at an instant."""

from datetime import datetime

from bot.domain.agreements.agreement import Agreement
from bot.domain.agreements.plan import Plan
from bot.domain.agreements.refusals import AgreementEnded, NoAgreement
from bot.domain.operations.client import Client
from bot.usecases.desk import Desk


async def agreement_at(desk: Desk, client: Client, instant: datetime) -> Agreement:
    """Return the client's agreement in force at `instant`. Raises Refusal if there is none."""
    agreement = await desk.work.clients.agreement_at(client.id, instant)
    if agreement is None:
        raise NoAgreement(client.name)
    return agreement


async def plan_in_force(desk: Desk, agreement: Agreement, instant: datetime) -> Plan:
    """Return the agreement's plan, with its own terms, in the catalogue version in force at
    `instant`.

    Raises Refusal if the agreement has ended and no plan follows.
    """
    plan_id = plan_id_of(agreement)
    version = await desk.work.catalogs.in_force(agreement.catalog, instant)
    return await desk.plans.plan(desk.work, version, plan_id, agreement.terms)


def plan_id_of(agreement: Agreement) -> str:
    """Return the ID of the agreement's plan. Raises Refusal if it has ended and no plan follows."""
    if agreement.plan_id is None:
        raise AgreementEnded
    return agreement.plan_id
