"""Decide who gets a ping at an escalation step, and when, as pure functions of values."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.escalation.ladder import Ladder, LadderStep, Step, Tell, late_step
from bot.domain.ids import UserId
from bot.domain.operations.staff import Role, StaffMember
from bot.domain.sla.clocks.deadline import WARNING_PERCENT, Deadline
from bot.domain.ticket import Ticket


class Audience(StrEnum):
    """The way in which a ping is sent."""

    TRIAGE = "triage"  # the ticket's thread in the triage channel
    ENGINEER = "engineer"  # a direct message
    MANAGERS = "managers"  # the managers' channel
    PAGER = "pager"


@dataclass(frozen=True, slots=True)
class Ping:
    """A message to send. `readers` are the Slack user IDs that it mentions.

    `to_all` is true if the whole channel sees it, not only the followers of the thread.
    """

    step: Step
    audience: Audience
    readers: tuple[UserId, ...]
    to_all: bool = False


@dataclass(frozen=True, slots=True)
class Rung:
    """An escalation step, the instant (aware, UTC) when it is reached, and whom it tells."""

    step: Step
    at: datetime
    tell: tuple[Tell, ...] = field(default=(), compare=False)


def rungs(deadline: Deadline, ladder: Ladder) -> tuple[Rung, ...]:
    """Return the escalation steps of a deadline in order of time; none without a clock.

    The step `Step.LAST`, when the target is breached for every possible severity, tells the same
    people as the step at the due time.
    """
    if deadline.due_at is None or deadline.warn_at is None:
        return ()
    steps = [rung for step in ladder for rung in _of_step(deadline, step, deadline.due_at)]
    if deadline.breach_at is not None and deadline.breach_at > deadline.due_at:
        tell: tuple[Tell, ...] = next((rung.tell for rung in steps if rung.step == Step.DUE), ())
        steps.append(Rung(Step.LAST, deadline.breach_at, tell))
    return tuple(sorted(steps, key=lambda rung: rung.at))


def _of_step(deadline: Deadline, step: LadderStep, due_at: datetime) -> list[Rung]:
    if step.percent is not None:
        at = _share(deadline, due_at, step.percent)
        return [Rung(Step(f"{step.percent}%"), at, step.tell)]
    return [Rung(late_step(late), due_at + late, step.tell) for late in step.late_by()]


def _share(deadline: Deadline, due_at: datetime, percent: int) -> datetime:
    """Return the instant when `percent` of the clock is used up.

    Waiting on the client moved the warning and the due time by the same length, so the share
    follows from the time between these two.
    """
    starts_at, warn_at = deadline.starts_at, deadline.warn_at
    if starts_at is None or warn_at is None:
        raise LookupError("a share of no clock")
    length = due_at - starts_at
    if warn_at == starts_at + length * WARNING_PERCENT // 100:
        return starts_at + length * percent // 100
    return due_at - (due_at - warn_at) * (100 - percent) // (100 - WARNING_PERCENT)


def later_steps(step: Step, deadline: Deadline, ladder: Ladder, now: datetime) -> tuple[Rung, ...]:
    """Return the steps after this step that were reached by `now`, for example after an outage."""
    ladder_rungs = rungs(deadline, ladder)
    order = [rung.step for rung in ladder_rungs]
    following = ladder_rungs[order.index(step) + 1 :] if step in order else ()
    return tuple(rung for rung in following if rung.at <= now)


@dataclass(frozen=True, slots=True)
class People:
    """The people whom a step can tell: account engineer, backup and staff by Slack user ID.

    `engineer` and `backup` are None if the plan does not name them.
    """

    engineer: UserId | None
    backup: UserId | None
    staff: Mapping[UserId, StaffMember]

    @property
    def managers(self) -> tuple[UserId, ...]:
        """Return the Slack user IDs of all managers, sorted."""
        members = self.staff.values()
        return tuple(sorted(m.user_id for m in members if m.role is Role.MANAGER))

    def named(self, now: datetime) -> UserId | None:
        """Return who acts as the account engineer: the engineer, their cover, or the backup."""
        if self.engineer is None:
            return None
        return self.acts_for(self.engineer, now) or self.acts_for(self.backup, now)

    def acts_for(self, user_id: UserId | None, now: datetime) -> UserId | None:
        """Return the user, or the person who covers for them while they are away.

        Returns None if nobody does.
        """
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
    """The pings to send now, and when to decide again.

    `held_until` is the next start of the working hours of a reader who is outside them; None if
    there is no such reader.
    """

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
    """Decide the pings of a step at `now`.

    `tells` are the people of this step, followed by the people of each later step: "a rung with
    nobody on it falls to the next at once, never silently skipped".

    If somebody has taken the ticket, only they are told until it is due. A snoozed ticket sends no
    reminders while it is overdue, until the snooze ends. "Outside the reader's hours only what the
    plan covers then is sent": the plan covers from `covered_from` on.
    """
    if ticket.sleeps(now) and step.is_after_due:
        return Decision()
    tell = next((t for t in tells if _is_manned(ticket, t, people, now)), (Tell.TRIAGE,))
    taken_by = people.acts_for(ticket.assignee, now) if ticket.taken else None
    if taken_by is not None and step.is_before_due:
        tell = (Tell.ASSIGNEE,)
    candidates = _readers(ticket, tell, people, now)
    reads_from = {
        reader: min(covered_from, people.staff[reader].at_work_from(now)) for reader in candidates
    }
    readers = tuple(reader for reader in candidates if reads_from[reader] <= now)
    held_until = min((at for at in reads_from.values() if at > now), default=None)
    if held_until is not None and not readers:
        return Decision((), held_until)
    to_all = not readers or (Tell.TRIAGE in tell and not step.is_before_due)
    pings = [Ping(step, Audience.TRIAGE, readers, to_all)]
    pings += [Ping(step, Audience.ENGINEER, (reader,)) for reader in readers]
    if Tell.PAGER in tell:
        pings.append(Ping(step, Audience.PAGER, readers))
    return Decision(tuple(pings), held_until)


def _is_manned(ticket: Ticket, tell: Collection[Tell], people: People, now: datetime) -> bool:
    """Return whether the step can tell anybody. A channel or a pager always counts."""
    channels = {Tell.TRIAGE, Tell.PAGER}
    return bool(channels.intersection(tell) or _readers(ticket, tell, people, now))


def _readers(
    ticket: Ticket, tell: Collection[Tell], people: People, now: datetime
) -> tuple[UserId, ...]:
    """Return the people whom a step can tell, the account engineer first.

    A ticket routes "first to your Account Engineer". The cover is told for a person who is away;
    without a cover, the backup is told for the account engineer.
    """
    candidates: list[UserId | None] = []
    if Tell.ENGINEER in tell:
        candidates.append(people.named(now))
    if Tell.ASSIGNEE in tell:
        candidates.append(people.acts_for(ticket.assignee, now))
    if Tell.BACKUP in tell:
        candidates.append(people.acts_for(people.backup, now))
    if Tell.MANAGER in tell:
        present = (user for user in people.managers if people.acts_for(user, now) == user)
        candidates += present
    return tuple(dict.fromkeys(user_id for user_id in candidates if user_id))
