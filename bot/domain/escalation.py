"""Who is told what, and when: decided from values, acted on elsewhere."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.client import Agreement
from bot.domain.plan import Plan
from bot.domain.promised import Promised
from bot.domain.ticket import Ticket


class Step(StrEnum):
    """A moment of a ticket's clock at which somebody is told."""

    WARNING = "warning"  # three quarters of the clock are gone
    DUE = "due"
    LAST = "last"  # untriaged, and now late whatever its severity


class Audience(StrEnum):
    TRIAGE = "triage"  # the ticket's thread in the triage channel
    ENGINEER = "engineer"  # a direct message
    MANAGERS = "managers"


@dataclass(frozen=True, slots=True)
class Ping:
    """One message that is owed. `readers` are Slack user IDs to be mentioned."""

    step: Step
    audience: Audience
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rung:
    """A step with the instant (aware, UTC) at which it is due."""

    step: Step
    at: datetime


def rungs(promise: Promised) -> tuple[Rung, ...]:
    """The steps that a promise calls for, in order of time; none without a clock."""
    if promise.due_at is None or promise.warn_at is None:
        return ()
    ladder = [Rung(Step.WARNING, promise.warn_at), Rung(Step.DUE, promise.due_at)]
    if promise.breach_at is not None and promise.breach_at > promise.due_at:
        ladder.append(Rung(Step.LAST, promise.breach_at))
    return tuple(ladder)


def is_overtaken(step: Step, promise: Promised, now: datetime) -> bool:
    """Whether a later step of the same promise has come by `now`, as after an outage: that one says
    all that this one would."""
    ladder = rungs(promise)
    order = [rung.step for rung in ladder]
    return step in order and any(rung.at <= now for rung in ladder[order.index(step) + 1 :])


NOBODY: frozenset[str] = frozenset()


def named_engineer(plan: Plan, agreement: Agreement, away: Collection[str] = NOBODY) -> str | None:
    """Who knows this client's system, where the plan promises such a person; their backup while
    they are `away`, and nobody while both are."""
    if not plan.named_engineer or agreement.engineer is None:
        return None
    people = (agreement.engineer, agreement.backup)
    return next((one for one in people if one and one not in away), None)


def responsible(
    ticket: Ticket, plan: Plan, agreement: Agreement, away: Collection[str] = NOBODY
) -> tuple[str, ...]:
    """Whom the ticket's pings name: "it routes first to your Account Engineer", then whoever has
    taken it; nobody who is `away`. Nobody at all means that the triage channel is told."""
    has_it = ticket.assignee if ticket.assignee not in away else None
    people = (named_engineer(plan, agreement, away), has_it)
    return tuple(dict.fromkeys(person for person in people if person))


def pings(step: Step, readers: Sequence[str]) -> list[Ping]:
    """Whom a step tells, in triage and by direct message."""
    told = [Ping(step, Audience.ENGINEER, (reader,)) for reader in readers]
    return [Ping(step, Audience.TRIAGE, tuple(readers)), *told]
