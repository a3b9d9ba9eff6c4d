"""The messages about a client's agreement: changes, the end of a term, the quota and statements."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from bot.domain.ids import AgreementId, ClientId


@dataclass(frozen=True, slots=True)
class AgreementChanged:
    """The notice that the version `agreed` follows the version `before`.

    `in_force` is true if a change that was planned earlier has come into force.
    """

    kind: ClassVar[str] = "agreed"
    client: ClientId
    agreed: AgreementId
    before: AgreementId
    in_force: bool


@dataclass(frozen=True, slots=True)
class AgreementEndsSoon:
    """The reminder to the managers that a term ends in `days` days."""

    kind: ClassVar[str] = "ends_soon"
    client: ClientId
    agreed: AgreementId
    days: int


@dataclass(frozen=True, slots=True)
class QuotaNotice:
    """The notice to a client that `percent` of the quota is used.

    `price` is the price of a further ticket, None if it costs nothing. The billing period ends at
    `until` (aware, UTC, exclusive); `zone` (IANA) is that of the plan.
    """

    kind: ClassVar[str] = "quota_notice"
    percent: int
    used: int
    included: int
    price: str | None
    plan: str
    until: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class StatementMessage:
    """The statement of the billing period that began at `start` (aware, UTC)."""

    kind: ClassVar[str] = "statement"
    client: ClientId
    start: datetime


AgreementMessage = AgreementChanged | AgreementEndsSoon | QuotaNotice | StatementMessage
