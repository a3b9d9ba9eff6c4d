"""Format an escalation ladder as text for people who buy, sell or work a plan."""

from bot.domain.escalation.ladder import Ladder, LadderStep
from bot.domain.sla.calendars.calendar_words import length_words


def ladder_words(ladder: Ladder) -> str:
    """Return a ladder as text.

    Example: "at 75 %: engineer, triage; when it is due: engineer, triage; 30 minutes late, then
    every 30 minutes until 2 hours late: manager".
    """
    return "; ".join(f"{_when(step)}: {', '.join(step.tell)}" for step in ladder)


def _when(step: LadderStep) -> str:
    if step.percent is not None:
        return f"at {step.percent} %"
    first = f"{length_words(step.after)} late" if step.after else "when it is due"
    if step.every is None:
        return first
    return f"{first}, then every {length_words(step.every)} until {length_words(step.until)} late"
