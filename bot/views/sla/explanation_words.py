"""The reasons of a deadline as sentences."""

from collections.abc import Iterable
from itertools import chain
from typing import assert_never

from bot.domain.sla.reasons import (
    Computed,
    EarliestKept,
    NoSeverityHasClock,
    NoTarget,
    NotExtended,
    NothingDue,
    Paused,
    Reason,
    Waiting,
)
from bot.views.sla.calendar_words import instant_words, length_words
from bot.views.sla.due_time_words import due_time_sentences, target_sentence

_InOneSentence = NoTarget | NoSeverityHasClock | EarliestKept | NotExtended | Waiting | Paused
_NOTHING_DUE = "This promise has no clock: nothing is due and nothing can be late."


def explanation_sentences(reasons: Iterable[Reason]) -> tuple[str, ...]:
    """Return the sentences of the reasons, in order, without mrkdwn."""
    return tuple(chain.from_iterable(map(_sentences, reasons)))


def _sentences(reason: Reason) -> tuple[str, ...]:
    match reason:
        case Computed():
            return due_time_sentences(reason)
        case NothingDue(plan_name, target, metric):
            return target_sentence(plan_name, target, metric), _NOTHING_DUE
    return (_sentence(reason),)


def _sentence(reason: _InOneSentence) -> str:
    match reason:
        case NoTarget(metric):
            sentence = f"The plan promises no {metric.words} for this severity."
        case NoSeverityHasClock():
            sentence = "No severity of this plan has a clock."
        case EarliestKept(severity):
            sentence = f"No severity yet: the plan's earliest clock ({severity.label}) is kept."
        case NotExtended():
            sentence = "A deadline never moves later by such a change: the one it had stands."
        case Waiting(calendar, since):
            words = instant_words(calendar.local(since))
            sentence = f"Waiting on the client since {words}: the clock stands."
        case Paused():
            sentence = _pause_sentence(reason)
        case _:
            assert_never(reason)
    return sentence


def _pause_sentence(pause: Paused) -> str:
    local = pause.calendar.local
    paused = f"Paused from {instant_words(local(pause.start))} to {instant_words(local(pause.end))}"
    if not pause.lost:
        return f"{paused}, none of it time of this clock: it is due when it was."
    due = instant_words(local(pause.due_at))
    return f"{paused}, {length_words(pause.lost)} of this clock's time: it is due {due} instead."
