"""A second implementation of the escalation ladders, which uses none of the desk's code.

All instants, the hours of the catalogue and the hours of people are in UTC.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

DAY = timedelta(days=1)
OFFICE = (range(5), 8 * 60, 20 * 60)  # weekdays, and minutes of the day
ALWAYS = (range(7), 0, 24 * 60)
Hours = tuple[range, int, int]
Step = tuple[datetime, str, str]  # its instant, its name, and its readers

URGENT = [
    ("25%", "backup"),
    ("50%", "engineer"),
    ("75%", "engineer assignee pager"),
    ("due", "engineer assignee triage pager"),
    ("+30m", "manager backup"),
    ("+75m", "manager backup"),
    ("+120m", "manager backup"),
]
USUAL = [("75%", "assignee"), ("due", "assignee triage"), ("+60m", "manager")]
GENTLE = [("75%", "engineer backup"), ("due", "engineer backup assignee"), ("+60m", "manager")]
PLANS: dict[tuple[str, str], tuple[int, Hours, list[tuple[str, str]]]] = {
    ("named", "grave"): (2, ALWAYS, URGENT),
    ("named", "slight"): (4, OFFICE, GENTLE),
    ("plain", "grave"): (3, OFFICE, USUAL),
    ("plain", "slight"): (6, OFFICE, USUAL),
}


@dataclass(frozen=True)
class Ping:
    """A ping; `due_at` is the instant of the step; `to` is a person, "triage" or "pager"."""

    ticket: str
    step: str
    due_at: datetime
    to: str
    at: datetime


@dataclass
class Person:
    manager: bool = False
    away_until: datetime | None = None
    cover: str | None = None
    hours: Hours | None = None


@dataclass
class ModelTicket:
    """A ticket; `taken_by_assignee`: the assignee took it."""

    key: str
    plan: str
    severity: str
    opened_at: datetime
    assignee: str | None = None
    taken_by_assignee: bool = False
    snoozed_until: datetime | None = None
    answered: bool = False
    breached_at: datetime | None = None
    reached_steps: set[tuple[datetime, str]] = field(default_factory=set)
    held_until: list[datetime] = field(default_factory=list)
    superseded_by: dict[Step, Step] = field(default_factory=dict)  # a missed step
    held_steps: dict[Step, datetime] = field(default_factory=dict)  # and the end of the hold

    def steps(self) -> list[Step]:
        """Return the steps with their readers, in order of time."""
        hours, covered, ladder = PLANS[self.plan, self.severity]
        start = next_open(covered, self.opened_at)
        length = timedelta(hours=hours)
        return [(start + _after(length, step), step, readers) for step, readers in ladder]

    @property
    def due_at(self) -> datetime:
        return next(at for at, step, _ in self.steps() if step == "due")


def _after(length: timedelta, step: str) -> timedelta:
    if step.endswith("%"):
        return length * int(step[:-1]) / 100
    return length if step == "due" else length + timedelta(minutes=int(step[1:-1]))


def next_open(hours: Hours, now: datetime) -> datetime:
    """Return `now` if it is within the hours, and else the next start of the hours."""
    weekdays, start, end = hours
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for day in (midnight + number * DAY for number in range(9)):
        begins, closes = day + timedelta(minutes=start), day + timedelta(minutes=end)
        if day.weekday() in weekdays and now < closes:
            return max(now, begins)
    raise AssertionError("these hours never begin")


class Model:
    """The staff, the tickets, and the pings that the desk must have sent."""

    def __init__(self, engineer: str, backup: str, staff: dict[str, Person]) -> None:
        self._named = {"engineer": engineer, "backup": backup}
        self.staff = staff
        self.tickets: dict[str, ModelTicket] = {}
        self.pings: set[Ping] = set()
        self._keys: set[tuple[str, datetime, str, str]] = set()

    def next_look(self, now: datetime) -> datetime | None:
        """Return the instant of the next step or of the next end of a hold."""
        instants = [
            at
            for ticket in self.tickets.values()
            if not ticket.answered
            for at in (
                *(s[0] for s in ticket.steps() if s[:2] not in ticket.reached_steps),
                *ticket.held_until,
            )
        ]
        return min((max(at, now) for at in instants), default=None)

    def look(self, now: datetime) -> None:
        """Ping for all steps that have been reached."""
        for ticket in self.tickets.values():
            reached = [step for step in ticket.steps() if step[0] <= now]
            fresh = [step for step in reached if step[:2] not in ticket.reached_steps]
            ended_holds = [at for at in ticket.held_until if at <= now]
            ticket.held_until = [at for at in ticket.held_until if at > now]
            ticket.reached_steps |= {step[:2] for step in reached}
            was_breached = ticket.breached_at is not None and ticket.breached_at < ticket.due_at
            if (fresh or ended_holds) and reached and not ticket.answered:
                ticket.superseded_by |= dict.fromkeys(fresh[:-1], reached[-1])
                later = None if was_breached else self._ping(ticket, reached[-1], now)
                ended = [step for step, until in ticket.held_steps.items() if until <= now]
                for step in ended:
                    del ticket.held_steps[step]
                if later:
                    ticket.held_steps = (
                        dict.fromkeys([*ended, reached[-1]], later) | ticket.held_steps
                    )
            self.record_breach(ticket, now)

    @staticmethod
    def record_breach(ticket: ModelTicket, now: datetime) -> None:
        """Record a breach; it stays recorded if the ticket gets a later deadline."""
        if not ticket.answered and now >= ticket.due_at:
            ticket.breached_at = min(ticket.breached_at or ticket.due_at, ticket.due_at)

    def _ping(self, ticket: ModelTicket, current: Step, now: datetime) -> datetime | None:
        """Ping the readers of a step; return the end of the shortest hold, if a ping is held."""
        step = current[1]
        is_snoozed = ticket.snoozed_until is not None and ticket.snoozed_until > now
        if is_snoozed and step.startswith("+"):
            return None
        ladder = ticket.steps()
        index = ladder.index(current)
        due = {current, *ticket.held_steps}
        due |= {step for step in ticket.superseded_by if ticket.superseded_by[step] in due}
        own = " ".join(step[2] for step in ladder[: index + 1] if step in due)
        rungs = [own, *(step[2] for step in ladder[index + 1 :])]
        rung = next((rung for rung in rungs if self._has_readers(ticket, rung, now)), "triage")
        taker = self._acting(ticket.assignee, now) if ticket.taken_by_assignee else None
        if taker and step.endswith("%"):
            rung = "assignee"
        people = self._people(ticket, rung, now)
        covered = next_open(PLANS[ticket.plan, ticket.severity][1], now)
        reachable = {name: min(covered, self._next_working_time(name, now)) for name in people}
        later = min((at for at in reachable.values() if at > now), default=None)
        if later:
            ticket.held_until.append(later)
        pinged = [name for name in people if reachable[name] == now]
        if people and not pinged:
            return later
        places = ["triage", *pinged, *(["pager"] if "pager" in rung.split() else [])]
        for to in places:
            if (ticket.key, *current[:2], to) not in self._keys:
                self._keys.add((ticket.key, *current[:2], to))
                self.pings.add(Ping(ticket.key, step, current[0], to, now))
        return later

    def _has_readers(self, ticket: ModelTicket, rung: str, now: datetime) -> bool:
        return bool({"triage", "pager"} & set(rung.split()) or self._people(ticket, rung, now))

    def _people(self, ticket: ModelTicket, rung: str, now: datetime) -> list[str]:
        names = [name for role in rung.split() for name in self._role(ticket, role, now)]
        return list(dict.fromkeys(names))

    def _role(self, ticket: ModelTicket, role: str, now: datetime) -> Iterator[str]:
        if role == "manager":
            yield from (
                name
                for name, person in self.staff.items()
                if person.manager and not self._away(person, now)
            )
        elif role == "assignee":
            yield from filter(None, [self._acting(ticket.assignee, now)])
        elif role in self._named and ticket.plan == "named":
            acting = self._acting(self._named[role], now)
            if acting is None and role == "engineer":
                acting = self._acting(self._named["backup"], now)
            yield from filter(None, [acting])

    def _acting(self, name: str | None, now: datetime) -> str | None:
        """Return the person, or the cover of an absent person, or None if nobody is there."""
        visited: list[str] = []
        while name is not None and name in self.staff and name not in visited:
            visited.append(name)
            if not self._away(self.staff[name], now):
                return name
            name = self.staff[name].cover
        return None

    @staticmethod
    def _away(person: Person, now: datetime) -> bool:
        return person.away_until is not None and now < person.away_until

    def _next_working_time(self, name: str, now: datetime) -> datetime:
        hours = self.staff[name].hours
        return now if hours is None else next_open(hours, now)
