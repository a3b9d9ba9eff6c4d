"""The reasons why a new catalogue version does not fit a ticket or an agreement."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlanGone:
    """The new version has no plan with this ID."""

    plan: str


@dataclass(frozen=True, slots=True)
class SeverityGone:
    """The plan's new version has no severity with this ID, which the ticket had once."""

    severity: str


@dataclass(frozen=True, slots=True)
class TermsUnfit:
    """The agreement's own terms do not fit the plan's new version. `faults` are the parser's."""

    faults: tuple[str, ...]


MisfitReason = PlanGone | SeverityGone | TermsUnfit
