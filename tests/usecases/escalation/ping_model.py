"""Who must have been told what, and when: a second telling of the catalogues' page, which shares
nothing with the desk. Instants are aware, in UTC; so are the catalogue's and people's hours."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

DAY = timedelta(days=1)
OFFICE = (range(5), 8 * 60, 20 * 60)  # weekdays, and minutes of the day
ALWAYS = (range(7), 0, 24 * 60)
Hours = tuple[range, int, int]
Step = tuple[datetime, str, str]  # when, which, and whom it tells

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
class Told:
    """`of` is the instant of the step; `to` is a person, "triage" or "pager"."""

    ticket: str
    step: str
    of: datetime
    to: str
    at: datetime


@dataclass
class Person:
    manager: bool = False
    away_until: datetime | None = None
    cover: str | None = None
    hours: Hours | None = None


@dataclass
class Life:
    """A ticket. `taken`: whoever has it took it."""

    key: str
    plan: str
    severity: str
    opened_at: datetime
    assignee: str | None = None
    taken: bool = False
    snoozed_until: datetime | None = None
    answered: bool = False
    broken_at: datetime | None = None
    seen: set[tuple[datetime, str]] = field(default_factory=set)
    held_until: list[datetime] = field(default_factory=list)
    part_of: dict[Step, Step] = field(default_factory=dict)  # missed, and told with that one
    unsaid: dict[Step, datetime] = field(default_factory=dict)  # held, until then

    def steps(self) -> list[Step]:
        """Each with whom it tells, in order of time."""
        hours, covered, ladder = PLANS[self.plan, self.severity]
        starts = opens(covered, self.opened_at)
        length = timedelta(hours=hours)
        return [(starts + _after(length, step), step, tell) for step, tell in ladder]

    @property
    def due_at(self) -> datetime:
        return next(at for at, step, _ in self.steps() if step == "due")


def _after(length: timedelta, step: str) -> timedelta:
    if step.endswith("%"):
        return length * int(step[:-1]) / 100
    return length if step == "due" else length + timedelta(minutes=int(step[1:-1]))


def opens(hours: Hours, now: datetime) -> datetime:
    """Now, if it is within the hours, else when they begin."""
    weekdays, start, end = hours
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for day in (midnight + number * DAY for number in range(9)):
        begins, closes = day + timedelta(minutes=start), day + timedelta(minutes=end)
        if day.weekday() in weekdays and now < closes:
            return max(now, begins)
    raise AssertionError("these hours never begin")


class Model:
    """The staff, the tickets, and all that was told."""

    def __init__(self, engineer: str, backup: str, staff: dict[str, Person]) -> None:
        self._named = {"engineer": engineer, "backup": backup}
        self.staff = staff
        self.lives: dict[str, Life] = {}
        self.told: set[Told] = set()
        self._keys: set[tuple[str, datetime, str, str]] = set()

    def next_look(self, now: datetime) -> datetime | None:
        """When something more comes."""
        coming = [
            at
            for life in self.lives.values()
            if not life.answered
            for at in (*(s[0] for s in life.steps() if s[:2] not in life.seen), *life.held_until)
        ]
        return min((max(at, now) for at in coming), default=None)

    def look(self, now: datetime) -> None:
        """Tell of all that has come."""
        for life in self.lives.values():
            come = [one for one in life.steps() if one[0] <= now]
            fresh = [one for one in come if one[:2] not in life.seen]
            held = [at for at in life.held_until if at <= now]
            life.held_until = [at for at in life.held_until if at > now]
            life.seen |= {one[:2] for one in come}
            gone = life.broken_at is not None and life.broken_at < life.due_at
            if (fresh or held) and come and not life.answered:
                life.part_of |= dict.fromkeys(fresh[:-1], come[-1])
                later = None if gone else self._tell(life, come[-1], now)
                over = [one for one, until in life.unsaid.items() if until <= now]
                for one in over:
                    del life.unsaid[one]
                if later:
                    life.unsaid = dict.fromkeys([*over, come[-1]], later) | life.unsaid
            self.judge(life, now)

    @staticmethod
    def judge(life: Life, now: datetime) -> None:
        """A breach on record stays: one that gets a later deadline is told of no more."""
        if not life.answered and now >= life.due_at:
            life.broken_at = min(life.broken_at or life.due_at, life.due_at)

    def _tell(self, life: Life, come: Step, now: datetime) -> datetime | None:
        """Until when somebody is spared."""
        step = come[1]
        asleep = life.snoozed_until is not None and life.snoozed_until > now
        if asleep and step.startswith("+"):
            return None
        each = life.steps()
        place = each.index(come)
        told = {come, *life.unsaid}
        told |= {one for one in life.part_of if life.part_of[one] in told}
        own = " ".join(one[2] for one in each[: place + 1] if one in told)
        rungs = [own, *(one[2] for one in each[place + 1 :])]
        on = next((one for one in rungs if self._anybody(life, one, now)), "triage")
        who_took = self._acting(life.assignee, now) if life.taken else None
        if who_took and step.endswith("%"):
            on = "assignee"
        people = self._people(life, on, now)
        covered = opens(PLANS[life.plan, life.severity][1], now)
        free = {one: min(covered, self._works(one, now)) for one in people}
        later = min((at for at in free.values() if at > now), default=None)
        if later:
            life.held_until.append(later)
        reached = [one for one in people if free[one] == now]
        if people and not reached:
            return later
        places = ["triage", *reached, *(["pager"] if "pager" in on.split() else [])]
        for to in places:
            if (life.key, *come[:2], to) not in self._keys:
                self._keys.add((life.key, *come[:2], to))
                self.told.add(Told(life.key, step, come[0], to, now))
        return later

    def _anybody(self, life: Life, rung: str, now: datetime) -> bool:
        return bool({"triage", "pager"} & set(rung.split()) or self._people(life, rung, now))

    def _people(self, life: Life, rung: str, now: datetime) -> list[str]:
        found = [one for role in rung.split() for one in self._role(life, role, now)]
        return list(dict.fromkeys(found))

    def _role(self, life: Life, role: str, now: datetime) -> Iterator[str]:
        if role == "manager":
            yield from (
                name
                for name, person in self.staff.items()
                if person.manager and not self._away(person, now)
            )
        elif role == "assignee":
            yield from filter(None, [self._acting(life.assignee, now)])
        elif role in self._named and life.plan == "named":
            acting = self._acting(self._named[role], now)
            if acting is None and role == "engineer":
                acting = self._acting(self._named["backup"], now)
            yield from filter(None, [acting])

    def _acting(self, name: str | None, now: datetime) -> str | None:
        """They themselves, or whoever covers for them."""
        asked: list[str] = []
        while name is not None and name in self.staff and name not in asked:
            asked.append(name)
            if not self._away(self.staff[name], now):
                return name
            name = self.staff[name].cover
        return None

    @staticmethod
    def _away(person: Person, now: datetime) -> bool:
        return person.away_until is not None and now < person.away_until

    def _works(self, name: str, now: datetime) -> datetime:
        hours = self.staff[name].hours
        return now if hours is None else opens(hours, now)
