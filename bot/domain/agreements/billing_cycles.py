"""Billing periods of a client, over all versions of its agreement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.agreements.agreement import Agreement
from bot.domain.agreements.period import Period, period_of


@dataclass(frozen=True, slots=True)
class Cycle:
    """A run of monthly billing periods within `[since, until)`.

    Each period begins on the `anchor_day` in the IANA `zone`. Where an agreement changes its cycle,
    the current period ends and a new period begins. `since` None means no start, `until` None means
    no end.
    """

    zone: str
    anchor_day: int
    since: datetime | None
    until: datetime | None

    def has(self, instant: datetime) -> bool:
        """Return whether the cycle contains the instant."""
        began = self.since is None or self.since <= instant
        return began and (self.until is None or instant < self.until)

    def period_of(self, instant: datetime) -> Period:
        """Return the billing period that contains the instant, cut to the bounds of the cycle."""
        month = period_of(instant, self.zone, self.anchor_day)
        start = month.start if self.since is None else max(month.start, self.since)
        return Period(start, month.end if self.until is None else min(month.end, self.until))


def in_force(versions: Sequence[Agreement], instant: datetime) -> Agreement | None:
    """Return the agreement version in force at an instant, or None if there is no agreement.

    An instant before the first version belongs to the first version: Slack may deliver a message
    late.
    """
    standing = standing_versions(versions)
    begun = [version for version in standing if version.effective_from <= instant]
    return begun[-1] if begun else next(iter(standing), None)


def standing_versions(versions: Sequence[Agreement]) -> list[Agreement]:
    """Return the versions that were not withdrawn, ordered by `effective_from`."""
    standing = [version for version in versions if version.withdrawn_at is None]
    return sorted(standing, key=lambda version: version.effective_from)


def cycles(versions: Sequence[Agreement]) -> list[Cycle]:
    """Return the billing cycles in order. Together they cover each instant exactly once."""
    result: list[Cycle] = []
    for version in standing_versions(versions):
        cycle = Cycle(
            version.zone, version.anchor_day, version.effective_from if result else None, None
        )
        if result and (result[-1].zone, result[-1].anchor_day) == (cycle.zone, cycle.anchor_day):
            continue
        if result:
            last = result.pop()
            result.append(Cycle(last.zone, last.anchor_day, last.since, version.effective_from))
        result.append(cycle)
    return result


def cycle_at(versions: Sequence[Agreement], instant: datetime) -> Cycle:
    """Return the cycle that contains an instant.

    Raises LookupError if the client has no agreement.
    """
    for cycle in cycles(versions):
        if cycle.has(instant):
            return cycle
    raise LookupError("there is no agreement")


def billing_period(versions: Sequence[Agreement], instant: datetime) -> Period:
    """Return the billing period that contains an instant.

    Raises LookupError if the client has no agreement.
    """
    return cycle_at(versions, instant).period_of(instant)
