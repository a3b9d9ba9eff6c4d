"""Format targets and promises as text."""

from bot.domain.sla.targets.metric import Metric
from bot.domain.sla.targets.sla_target import SlaTarget
from bot.domain.sla.targets.target import (
    BusinessDays,
    ClockTime,
    CoveredTime,
    NextBusinessDay,
    NoClock,
    Target,
)
from bot.views.sla.calendar_words import count_words, length_words, weekdays_words


def target_words(target: Target) -> str:
    """Return a target as "4 hours" or "2 business days"."""
    match target:
        case ClockTime(length):
            return length_words(length)
        case CoveredTime(length):
            return f"{length_words(length)} of covered time"
        case BusinessDays(days):
            return count_words(days, "business day")
        case NextBusinessDay():
            return "the close of the next business day"
        case NoClock(words):
            return words


def sla_target_words(sla_target: SlaTarget) -> str:
    """Return a target with its exceptions: "2 hours (4 hours on Sat and Sun)"."""
    exceptions: dict[Target, list[int]] = {}
    for weekday, target in sla_target.by_weekday.items():
        exceptions.setdefault(target, []).append(weekday)
    words = ", ".join(
        f"{target_words(target)} on {weekdays_words(weekdays)}"
        for target, weekdays in exceptions.items()
    )
    return (
        f"{target_words(sla_target.target)} ({words})" if words else target_words(sla_target.target)
    )


def target_line(plan_name: str, sla_target: SlaTarget, metric: Metric) -> str:
    """Return the line of the plan: "Standard, Critical: first response within 4 hours"."""
    if isinstance(sla_target.target, NextBusinessDay):
        within = f"{metric.words} by "
    elif not isinstance(sla_target.target, NoClock):
        within = f"{metric.words} within "
    elif metric is Metric.FIRST_RESPONSE:
        within = ""
    else:
        within = f"{metric.words}, "
    return f"{plan_name}, {sla_target.severity.label}: {within}{sla_target_words(sla_target)}"
