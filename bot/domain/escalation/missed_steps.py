"""Escalation steps that passed without a ping, whose readers the next step includes."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.domain.escalation.decision import Rung
from bot.domain.escalation.ladder import Step
from bot.domain.escalation.timers import LadderTimer


def missed_steps(
    ladder: Sequence[Rung], reached: Rung, timers: Collection[LadderTimer], now: datetime
) -> tuple[Rung, ...]:
    """Return the steps before `reached` that its ping also stands for, the latest first.

    "After an outage missed steps collapse into one": a step counts if the next step had passed when
    it was noticed, or if its ping was held until now. `ladder` are all steps and `timers` all
    timers of a single clock.
    """
    by_step = {(timer.step, timer.due_at): timer for timer in timers}
    missed: list[Rung] = []
    later = reached
    for rung in reversed(ladder[: ladder.index(reached)]):
        timer = by_step.get((rung.step, rung.at))
        if timer is not None:
            falls_to_later = later in {reached, *missed} and _was_missed(timer, later)
            if falls_to_later or _is_held(timer, by_step, now):
                missed.append(rung)
        later = rung
    return tuple(missed)


def _was_missed(timer: LadderTimer, later: Rung) -> bool:
    """Return whether the next step had passed too when this step was noticed."""
    return timer.fired_at is None or later.at <= timer.fired_at


def _is_held(
    timer: LadderTimer, by_step: dict[tuple[Step, datetime], LadderTimer], now: datetime
) -> bool:
    """Return whether the step's ping has been held until now or longer, once or repeatedly."""
    until = timer.held_until
    while until is not None:
        held = by_step.get((Step.HELD, until))
        if held is None or held.fired_at is None or held.fired_at == now:
            return True
        until = held.held_until
    return False
