"""A client's account: agreement, plan, and usage."""

from dataclasses import dataclass

from bot.domain.agreements.agreement import Agreement
from bot.domain.agreements.plan import Plan
from bot.domain.agreements.quota import Usage
from bot.domain.operations.client import Client


@dataclass(frozen=True, slots=True)
class Account:
    """A client, the agreement in force, and the quota used in the current period."""

    client: Client
    agreement: Agreement | None
    plan: Plan | None
    usage: Usage | None
