"""The contents of a catalogue: plans, severities, targets and quotas."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.agreements.money import Money
from bot.domain.agreements.recurring_task import RecurringTask
from bot.domain.escalation.ladder import USUAL, Ladder
from bot.domain.sla.targets.metric import Metric
from bot.domain.sla.targets.sla_target import SlaTarget


@dataclass(frozen=True, slots=True)
class Quota:
    """The tickets that a billing period includes.

    `included` None means unlimited. `overage` is the price of each further ticket, None if further
    tickets cost nothing.
    """

    included: int | None
    overage: Money | None


@dataclass(frozen=True, slots=True)
class Category:
    """A category of work.

    A category that is not `covered` is billed as services, not as support.
    """

    id: str
    label: str
    covered: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A support plan of a catalogue.

    `zone` is the IANA zone for displayed times and for billing periods. `rank` orders the plans: a
    change to a higher rank is an upgrade.
    """

    catalog: str
    id: str
    name: str
    rank: int
    zone: str
    price: Money | None  # a month; None if negotiated or free
    sla_targets: tuple[SlaTarget, ...]  # in display order, the most severe first
    quota: Quota
    channels: tuple[str, ...]  # from "slack", "email", "portal", "phone"
    where_to_write: str  # the reply to a client who writes where the plan has no support
    named_engineer: bool  # whether the plan has a named account engineer, who is told first
    categories: tuple[Category, ...]
    covers: tuple[str, ...]  # the agreement's list of covered work, verbatim
    price_words: str | None = None  # replaces a missing price: "Negotiated"
    shortest_months: int = 0  # the minimum length of a fixed term
    lapses_to: str | None = None  # the plan ID after a fixed term
    # Promises beyond the first response. A metric may leave severities out.
    further: Mapping[Metric, tuple[SlaTarget, ...]] = field(default_factory=dict)
    duties: tuple[RecurringTask, ...] = ()
    ladders: Mapping[str, Ladder] = field(default_factory=dict)  # by severity ID; USUAL if missing

    @property
    def in_slack(self) -> bool:
        """Return whether the plan includes support in Slack."""
        return "slack" in self.channels

    def covers_kind(self, category_id: str | None) -> bool:
        """Return whether the category is support. Work without a category counts as support."""
        return all(category.covered for category in self.categories if category.id == category_id)

    def ladder(self, severity_id: str | None) -> Ladder:
        """Return the escalation ladder for a severity, or for no severity yet."""
        return self.ladders.get(severity_id or "", USUAL)

    def sla_target(self, severity_id: str) -> SlaTarget:
        """Return the first-response promise for a severity.

        Raises KeyError for a severity that the plan does not have.
        """
        for sla_target in self.sla_targets:
            if sla_target.severity.id == severity_id:
                return sla_target
        raise KeyError(severity_id)

    def sla_target_for(self, metric: Metric, severity_id: str) -> SlaTarget | None:
        """Return the promise of the metric, or None if the plan makes none for this severity.

        Raises KeyError for a severity that the plan does not have.
        """
        self.sla_target(severity_id)
        matches = (p for p in self.sla_targets_of(metric) if p.severity.id == severity_id)
        return next(matches, None)

    def sla_targets_of(self, metric: Metric) -> tuple[SlaTarget, ...]:
        """Return the promises of the metric; none for most metrics of most plans."""
        if metric is Metric.FIRST_RESPONSE:
            return self.sla_targets
        return self.further.get(metric, ())


@dataclass(frozen=True, slots=True)
class Catalog:
    """A version of a catalogue file. `digest` is the SHA-256 of the file's text."""

    name: str
    vendor: str
    digest: str
    text: str
    plans: Mapping[str, Plan]
