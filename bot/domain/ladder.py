"""The escalation ladder of a plan: at which moments of a clock who is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar


class Tell(StrEnum):
    """Whom a step of a ladder tells."""

    ASSIGNEE = "assignee"
    ENGINEER = "engineer"  # the named account engineer, where the plan promises one
    BACKUP = "backup"  # of the named account engineer
    TRIAGE = "triage"  # the triage channel as a whole
    MANAGER = "manager"  # each manager
    PAGER = "pager"  # phone, WhatsApp, PagerDuty …


class Step(str):
    """The name of a moment: a share of the clock ("75%"), "due", so long after it ("+30m"), or
    "last": untriaged, and now late whatever the severity."""

    __slots__ = ()
    WARNING: ClassVar["Step"]
    DUE: ClassVar["Step"]
    LAST: ClassVar["Step"]
    HELD: ClassVar["Step"]  # what came outside the readers' hours, told when those begin

    @property
    def is_before_due(self) -> bool:
        return self.endswith("%")

    @property
    def is_after_due(self) -> bool:
        return self.startswith("+")


Step.WARNING = Step("75%")
Step.DUE = Step("due")
Step.LAST = Step("last")
Step.HELD = Step("held")


@dataclass(frozen=True, slots=True)
class LadderStep:
    """At `percent` of the clock, or (None) so long `after` it is due; then `every` so often until
    so long after it (`until`), where that is given."""

    tell: tuple[Tell, ...]
    percent: int | None = None
    after: timedelta = timedelta(0)
    every: timedelta | None = None
    until: timedelta = timedelta(0)

    def late_by(self) -> Iterator[timedelta]:
        """How long after the due instant it comes, each time that it does."""
        late = self.after
        yield late
        while self.every is not None and late + self.every <= self.until:
            late += self.every
            yield late

    def names(self) -> list[Step]:
        """Of each time that it comes."""
        if self.percent is not None:
            return [Step(f"{self.percent}%")]
        return [late_step(late) for late in self.late_by()]


Ladder = tuple[LadderStep, ...]
_EVERYBODY = (Tell.ENGINEER, Tell.ASSIGNEE, Tell.TRIAGE)
# Of a catalogue that says nothing of it.
USUAL: Ladder = (LadderStep(_EVERYBODY, percent=75), LadderStep(_EVERYBODY))


def late_step(late: timedelta) -> Step:
    """The name of the step that comes so long after the due instant."""
    return Step(f"+{late // timedelta(minutes=1)}m") if late else Step.DUE
