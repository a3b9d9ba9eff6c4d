"""The sentences of refusals about times that people type."""

from bot.domain.sla import refusals
from bot.views.sentences import sentence_of


@sentence_of.register
def _(refusal: refusals.NotATime) -> str:
    return f"“{refusal.words}” is not a time: write it like 2h, 3d, tomorrow or 2026-03-13 14:00."


@sentence_of.register
def _(refusal: refusals.NotAWallTime) -> str:
    return f"“{refusal.words}” is not a time: write it like 2026-03-13 14:00."


@sentence_of.register
def _(refusal: refusals.TimeInTheFuture) -> str:
    return (
        f"{refusal.words} lies in the future ({refusal.zone}): give the time at which it happened."
    )


@sentence_of.register
def _(_refusal: refusals.TimeOutOfRange) -> str:
    return "Choose a time that is still to come, within a year."
