"""The escalation steps of a clock."""

from bot.domain.agreements.plan import Plan
from bot.domain.escalation.decision import Rung, rungs
from bot.domain.escalation.ladder import Ladder
from bot.domain.sla.clocks.sla_clock import SlaClock


def rungs_of(plan: Plan, clock: SlaClock) -> tuple[Rung, ...]:
    """Return the escalation steps of a clock with their instants.

    A ticket without a severity uses the severity whose target its clock follows.
    """
    return rungs(clock.deadline, ladder_of(plan, clock))


def ladder_of(plan: Plan, clock: SlaClock) -> Ladder:
    """Return the escalation ladder of the severity whose target the clock follows."""
    return plan.ladder(clock.deadline.severity)
