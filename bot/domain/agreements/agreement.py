"""A client's agreement: versions, each in force from an instant on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import AgreementId, ClientId, UserId

NOT_STORED = AgreementId(0)  # the ID of a version that the store has not numbered yet


class ChangeKind(StrEnum):
    """The kind of change that created an agreement version."""

    START = "start"
    UPGRADE = "upgrade"  # "in force at the instant a manager confirms"
    DOWNGRADE = "downgrade"  # "can be withdrawn until then"
    TERMS = "terms"  # the same plan with other terms
    END = "end"  # the version that follows a fixed term


@dataclass(frozen=True, slots=True)
class Agreement:
    """A version of a client's agreement, in force from `effective_from` on.

    Each change creates a new version. A version that is not in force yet can be withdrawn. Instants
    are aware, in UTC.

    Billing cycles begin on the `anchor_day` of each month, "clamped to its length", at midnight in
    the IANA `zone`.
    """

    id: AgreementId
    client_id: ClientId
    # the name of the catalogue; a ticket is pinned to the catalogue version at its opening
    catalog: str
    plan_id: str | None  # None after an agreement has ended without a following plan
    effective_from: datetime
    engineer: UserId | None  # the named account engineer, a Slack user ID
    backup: UserId | None
    terms: str | None = None  # TOML text: the terms that differ from the plan
    kind: str = ChangeKind.START
    zone: str = "UTC"
    anchor_day: int = 1
    # the end of a fixed term, when another version comes into force
    ends_at: datetime | None = None
    agreed_at: datetime | None = None
    agreed_by: UserId | None = None  # the manager, or None for the operator at the command line
    withdrawn_at: datetime | None = None
    statement_to_client: bool = False  # whether statements are also posted in the client's channel

    @property
    def has_plan(self) -> bool:
        """Return whether a plan is in force under this version."""
        return self.plan_id is not None
