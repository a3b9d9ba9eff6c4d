"""The response targets that a plan promises for a severity."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.sla.calendars.calendar import Calendar
from bot.domain.sla.targets.target import NoClock, Target


@dataclass(frozen=True, slots=True)
class Severity:
    """A severity of a plan.

    Commands name it by `id` (`critical`, `p1`). `definition` is the agreement's own sentence, shown
    to clients where they choose a severity.
    """

    id: str
    label: str
    definition: str
    signs: tuple[str, ...] = ()  # words in a request that suggest this severity


@dataclass(frozen=True, slots=True)
class SlaTarget:
    """A promise of a plan: a response within `target`, measured in `calendar`, for a severity.

    `by_weekday` replaces the target if the clock starts on that weekday (0 = Monday) in the
    calendar's zone: Priority's "2 hours, 24/5 (weekdays), 4 hours on weekends".
    """

    severity: Severity
    target: Target
    calendar: Calendar
    by_weekday: Mapping[int, Target]

    def __hash__(self) -> int:
        # A mapping has no hash, and hashing the definition of the severity each time is slow.
        return hash((self.severity.id, self.calendar.name))

    @property
    def has_clock(self) -> bool:
        """Return whether a clock can run for this promise. A promise in words has no clock."""
        if not isinstance(self.target, NoClock):
            return True
        return any(not isinstance(target, NoClock) for target in self.by_weekday.values())

    def target_on(self, weekday: int) -> Target:
        """Return the target for a clock that starts on the weekday (0 = Monday)."""
        return self.by_weekday.get(weekday, self.target)
