"""Which steps of a ladder came and were told to nobody: the next one tells whom they name."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.domain.escalation import Rung
from bot.domain.ladder import Step
from bot.ports import Timer


def unsaid(
    each: Sequence[Rung], come: Rung, timers: Collection[Timer], now: datetime
) -> tuple[Rung, ...]:
    """The steps before the one that has come in whose place it stands, the last first: "after an
    outage missed steps collapse into one", and of what was held the last that has come tells.
    `each` and `timers` are those of one clock."""
    by_step = {(one.step, one.due_at): one for one in timers}
    found: list[Rung] = []
    later = come
    for rung in reversed(each[: each.index(come)]):
        timer = by_step.get((rung.step, rung.at))
        if timer is not None:
            falls_to_later = later in {come, *found} and _was_missed(timer, later)
            if falls_to_later or _is_held(timer, by_step, now):
                found.append(rung)
        later = rung
    return tuple(found)


def _was_missed(timer: Timer, later: Rung) -> bool:
    """Whether the next step had come, too, when this one was noticed."""
    return timer.fired_at is None or later.at <= timer.fired_at


def _is_held(
    timer: Timer, by_step: dict[tuple[Step | None, datetime], Timer], now: datetime
) -> bool:
    """Whether it was held until now, or longer, once or several times."""
    until = timer.held_until
    while until is not None:
        held = by_step.get((Step.HELD, until))
        if held is None or held.fired_at is None or held.fired_at == now:
            return True
        until = held.held_until
    return False
