"""The escalation ladder of a plan: whom it tells at each step of a clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar


class Tell(StrEnum):
    """The people or channels that an escalation step can tell."""

    ASSIGNEE = "assignee"
    ENGINEER = "engineer"  # the named account engineer, where the plan promises one
    BACKUP = "backup"  # the account engineer's backup
    TRIAGE = "triage"  # the triage channel as a whole
    MANAGER = "manager"  # each manager
    PAGER = "pager"  # phone, WhatsApp, PagerDuty …


class Step(str):
    """The name of an escalation step.

    A share of the clock ("75%"), "due", a delay after the due time ("+30m"), or "last": the
    severity is not set, and the promise is breached for every possible severity.
    """

    __slots__ = ()
    WARNING: ClassVar["Step"]
    DUE: ClassVar["Step"]
    LAST: ClassVar["Step"]
    HELD: ClassVar["Step"]  # reminders held until the reader's working hours begin

    @property
    def is_before_due(self) -> bool:
        """Return whether the step is a share of the clock."""
        return self.endswith("%")

    @property
    def is_after_due(self) -> bool:
        """Return whether the step is a delay after the due time."""
        return self.startswith("+")


Step.WARNING = Step("75%")
Step.DUE = Step("due")
Step.LAST = Step("last")
Step.HELD = Step("held")


@dataclass(frozen=True, slots=True)
class LadderStep:
    """A step at `percent` of the clock or, if that is None, `after` the due time.

    If `every` is set, the step repeats at that interval until it is `until` after the due time.
    """

    tell: tuple[Tell, ...]
    percent: int | None = None
    after: timedelta = timedelta(0)
    every: timedelta | None = None
    until: timedelta = timedelta(0)

    def late_by(self) -> Iterator[timedelta]:
        """Yield the delays after the due time at which the step is reached."""
        late = self.after
        yield late
        while self.every is not None and late + self.every <= self.until:
            late += self.every
            yield late

    def names(self) -> list[Step]:
        """Return the names of the step, a name for each time that it is reached."""
        if self.percent is not None:
            return [Step(f"{self.percent}%")]
        return [late_step(late) for late in self.late_by()]


Ladder = tuple[LadderStep, ...]
_EVERYBODY = (Tell.ENGINEER, Tell.ASSIGNEE, Tell.TRIAGE)
# The ladder of a severity for which the catalogue has no ladder.
USUAL: Ladder = (LadderStep(_EVERYBODY, percent=75), LadderStep(_EVERYBODY))


def late_step(late: timedelta) -> Step:
    """Return the name of the step that is reached this long after the due time."""
    return Step(f"+{late // timedelta(minutes=1)}m") if late else Step.DUE
