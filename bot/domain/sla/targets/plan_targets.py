"""The part of a plan that targets and clocks need, so that they depend on no agreement."""

from typing import Protocol

from bot.domain.sla.targets.metric import Metric
from bot.domain.sla.targets.sla_target import SlaTarget


class PlanTargets(Protocol):
    """The targets of a plan, by metric and severity ID. `Plan` implements it."""

    @property
    def name(self) -> str:
        """The plan's name, as clients read it."""

    @property
    def sla_targets(self) -> tuple[SlaTarget, ...]:
        """The first response targets, the most severe first."""

    def sla_target(self, severity_id: str) -> SlaTarget:
        """Return the first response target. Raises KeyError for an unknown severity."""

    def sla_target_for(self, metric: Metric, severity_id: str) -> SlaTarget | None:
        """Return the target of the metric; None if the plan promises none for this severity."""

    def sla_targets_of(self, metric: Metric) -> tuple[SlaTarget, ...]:
        """Return all targets of the metric."""
