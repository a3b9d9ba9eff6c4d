"""Who is told what, and when: decided from values, acted on elsewhere."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.client import Role, StaffMember
from bot.domain.ladder import Ladder, LadderStep, Step, Tell, late_step
from bot.domain.promised import WARNING_PERCENT, ClockState, Promised
from bot.domain.sheet import TicketSheet
from bot.domain.ticket import Ticket


class Audience(StrEnum):
    """By which way a ping goes."""

    TRIAGE = "triage"  # the ticket's thread in the triage channel
    ENGINEER = "engineer"  # a direct message
    MANAGERS = "managers"  # the managers' channel
    PAGER = "pager"


@dataclass(frozen=True, slots=True)
class Ping:
    """One message that is owed. `readers` are Slack user IDs to be mentioned; `to_all`: the whole
    channel sees it, not only who follows the thread."""

    step: Step
    audience: Audience
    readers: tuple[str, ...]
    to_all: bool = False


@dataclass(frozen=True, slots=True)
class Rung:
    """A step with the instant (aware, UTC) at which it comes, and whom it tells."""

    step: Step
    at: datetime
    tell: tuple[Tell, ...] = field(default=(), compare=False)


def rungs(promise: Promised, ladder: Ladder) -> tuple[Rung, ...]:
    """The steps that a promise calls for, in order of time; none without a clock. What is surely
    late is told as what is due is."""
    if promise.due_at is None or promise.warn_at is None:
        return ()
    found = [rung for step in ladder for rung in _of_step(promise, step, promise.due_at)]
    if promise.breach_at is not None and promise.breach_at > promise.due_at:
        told = next((rung.tell for rung in found if rung.step == Step.DUE), ())
        found.append(Rung(Step.LAST, promise.breach_at, told))
    return tuple(sorted(found, key=lambda rung: rung.at))


def _of_step(promise: Promised, step: LadderStep, due_at: datetime) -> list[Rung]:
    if step.percent is not None:
        at = _share(promise, due_at, step.percent)
        return [Rung(Step(f"{step.percent}%"), at, step.tell)]
    return [Rung(late_step(late), due_at + late, step.tell) for late in step.late_by()]


def _share(promise: Promised, due_at: datetime, percent: int) -> datetime:
    """When so many percent of the clock are gone. What was waited for the client moved the warning
    as it moved the due instant: from the time between the two the rest follows."""
    starts_at, warn_at = promise.starts_at, promise.warn_at
    if starts_at is None or warn_at is None:
        raise LookupError("a share of no clock")
    length = due_at - starts_at
    if warn_at == starts_at + length * WARNING_PERCENT // 100:
        return starts_at + length * percent // 100
    return due_at - (due_at - warn_at) * (100 - percent) // (100 - WARNING_PERCENT)


def later_steps(step: Step, promise: Promised, ladder: Ladder, now: datetime) -> tuple[Rung, ...]:
    """The steps of the same promise after this one that have come by `now`, as after an outage."""
    each = rungs(promise, ladder)
    order = [rung.step for rung in each]
    following = each[order.index(step) + 1 :] if step in order else ()
    return tuple(rung for rung in following if rung.at <= now)


def still_stands(sheet: TicketSheet, rung: Rung) -> bool:
    """Whether a step that is owed is one yet: not of a ticket that has got another deadline, or
    none, or was closed."""
    if sheet.clock in {ClockState.NONE, ClockState.PAUSED} or not sheet.ticket.is_open:
        return False
    return rung in rungs(sheet.promise, sheet.plan.ladder(sheet.promise.severity))


def come_since(sheet: TicketSheet, rung: Rung, now: datetime) -> tuple[Rung, ...]:
    """The later steps of its clock that have come: each owes messages of its own."""
    return later_steps(rung.step, sheet.promise, sheet.plan.ladder(sheet.promise.severity), now)


@dataclass(frozen=True, slots=True)
class People:
    """Who can be told: the named engineer and their backup, where the plan promises them, and the
    staff by Slack user ID."""

    engineer: str | None
    backup: str | None
    staff: Mapping[str, StaffMember]

    @property
    def managers(self) -> tuple[str, ...]:
        found = (one.user_id for one in self.staff.values() if one.role is Role.MANAGER)
        return tuple(sorted(found))

    def named(self, now: datetime) -> str | None:
        """Who acts as the named engineer: for whoever is away their cover, else the backup."""
        if self.engineer is None:
            return None
        return self.acts_for(self.engineer, now) or self.acts_for(self.backup, now)

    def acts_for(self, user_id: str | None, now: datetime) -> str | None:
        """Themselves, or whoever covers for them while they are away; None: neither."""
        seen: set[str] = set()
        while user_id is not None and user_id not in seen:
            seen.add(user_id)
            member = self.staff.get(user_id)
            if member is None or not member.is_away(now):
                return user_id if member else None
            user_id = member.cover
        return None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a step owes now, and when to decide anew for those outside whose hours it came."""

    pings: tuple[Ping, ...] = ()
    held_until: datetime | None = None


def decide(
    ticket: Ticket,
    step: Step,
    tells: Sequence[Collection[Tell]],
    people: People,
    now: datetime,
    *,
    covered_from: datetime,
) -> Decision:
    """Whom a step tells, now. `tells` are whom it tells by its ladder, and behind it whom each
    later step does: "a rung with nobody on it falls to the next at once, never silently skipped".

    Whoever has taken the ticket has seen it: until it is due nobody else is told. Of a ticket
    that sleeps nobody is reminded once it is late, until it wakes. "Outside the reader's hours
    only what the plan covers then is sent": it covers from `covered_from` on, or now.
    """
    if ticket.sleeps(now) and step.is_after_due:
        return Decision()
    tell = next((one for one in tells if _is_on(ticket, one, people, now)), (Tell.TRIAGE,))
    taken_by = people.acts_for(ticket.assignee, now) if ticket.taken else None
    if taken_by is not None and step.is_before_due:
        tell = (Tell.ASSIGNEE,)
    on_it = _readers(ticket, tell, people, now)
    reads_from = {one: min(covered_from, people.staff[one].at_work_from(now)) for one in on_it}
    readers = tuple(one for one in on_it if reads_from[one] <= now)
    held_until = min((at for at in reads_from.values() if at > now), default=None)
    if held_until is not None and not readers:
        return Decision((), held_until)
    to_all = not readers or (Tell.TRIAGE in tell and not step.is_before_due)
    pings = [Ping(step, Audience.TRIAGE, readers, to_all)]
    pings += [Ping(step, Audience.ENGINEER, (reader,)) for reader in readers]
    if Tell.PAGER in tell:
        pings.append(Ping(step, Audience.PAGER, readers))
    return Decision(tuple(pings), held_until)


def _is_on(ticket: Ticket, tell: Collection[Tell], people: People, now: datetime) -> bool:
    """Whether there is somebody on this rung: a channel always is."""
    channels = {Tell.TRIAGE, Tell.PAGER}
    return bool(channels.intersection(tell) or _readers(ticket, tell, people, now))


def _readers(
    ticket: Ticket, tell: Collection[Tell], people: People, now: datetime
) -> tuple[str, ...]:
    """The people on a rung who can be told, the named engineer first: "it routes first to your
    Account Engineer". For whoever is away their cover is told, for the engineer else the backup."""
    found: list[str | None] = []
    if Tell.ENGINEER in tell:
        found.append(people.named(now))
    if Tell.ASSIGNEE in tell:
        found.append(people.acts_for(ticket.assignee, now))
    if Tell.BACKUP in tell:
        found.append(people.acts_for(people.backup, now))
    if Tell.MANAGER in tell:
        found += [one for one in people.managers if people.acts_for(one, now) == one]
    return tuple(dict.fromkeys(one for one in found if one))
