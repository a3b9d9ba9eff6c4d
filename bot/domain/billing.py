"""Billing periods of a client, over all versions of its agreement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.client import Agreement
from bot.domain.period import Period, period_of


@dataclass(frozen=True, slots=True)
class Cycle:
    """Months that begin on the `anchor_day` in the IANA `zone`, within `[since, until)`: where an
    agreement changes its cycle, one period ends and another begins. None: without end."""

    zone: str
    anchor_day: int
    since: datetime | None
    until: datetime | None

    def has(self, instant: datetime) -> bool:
        began = self.since is None or self.since <= instant
        return began and (self.until is None or instant < self.until)

    def period_of(self, instant: datetime) -> Period:
        """The period of an instant that the cycle has."""
        month = period_of(instant, self.zone, self.anchor_day)
        start = month.start if self.since is None else max(month.start, self.since)
        return Period(start, month.end if self.until is None else min(month.end, self.until))


def in_force(versions: Sequence[Agreement], instant: datetime) -> Agreement | None:
    """The version in force at an instant; what is older than the first version (a message that is
    found late) is kept under the first."""
    standing = standing_versions(versions)
    begun = [one for one in standing if one.effective_from <= instant]
    return begun[-1] if begun else next(iter(standing), None)


def standing_versions(versions: Sequence[Agreement]) -> list[Agreement]:
    """Those that were not withdrawn, in the order in which they are in force."""
    standing = [one for one in versions if one.withdrawn_at is None]
    return sorted(standing, key=lambda one: one.effective_from)


def cycles(versions: Sequence[Agreement]) -> list[Cycle]:
    """The cycles one after the other: together they have each instant once."""
    found: list[Cycle] = []
    for one in standing_versions(versions):
        cycle = Cycle(one.zone, one.anchor_day, one.effective_from if found else None, None)
        if found and (found[-1].zone, found[-1].anchor_day) == (cycle.zone, cycle.anchor_day):
            continue
        if found:
            last = found.pop()
            found.append(Cycle(last.zone, last.anchor_day, last.since, one.effective_from))
        found.append(cycle)
    return found


def cycle_at(versions: Sequence[Agreement], instant: datetime) -> Cycle:
    """Raises LookupError where nothing was ever agreed."""
    for cycle in cycles(versions):
        if cycle.has(instant):
            return cycle
    raise LookupError("there is no agreement")


def billing_period(versions: Sequence[Agreement], instant: datetime) -> Period:
    """The period in which an instant falls. Raises LookupError where nothing was ever agreed."""
    return cycle_at(versions, instant).period_of(instant)
