"""Random lives of tickets, people and absences: exactly the pings that an independent model
expects, each once, at its instant, to nobody who is not on staff."""

import json
import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.domain.actor import Staff
from bot.domain.ids import UserId
from bot.domain.operations.staff import Role
from bot.domain.ticket import Source
from bot.runtime import Runtime, open_runtime
from bot.settings import Settings
from bot.time_source import ManualTimeSource
from bot.usecases.access import ticket_by_key
from bot.usecases.due_timers import fire_due
from bot.usecases.intake.open_ticket import Report, open_from_report
from bot.usecases.operations import absence
from bot.usecases.operations.setup import NewClient, add_client, add_staff, remove_staff
from bot.usecases.reports import queues as listing
from bot.usecases.tickets import open_tickets
from bot.usecases.tickets.conversation import staff_wrote
from bot.usecases.tickets.handling import assign as owning
from bot.usecases.tickets.handling import snooze as snoozing
from bot.usecases.tickets.handling import take
from bot.usecases.tickets.triage.severity import decide_severity
from tests.stores import database, rows
from tests.usecases.escalation.ping_model import OFFICE, Hours, Life, Model, Person, Told

CATALOGUE = Path(__file__).parent / "pinged.toml"
SUNDAY = datetime(2026, 3, 8, 20, 0, tzinfo=UTC)
TICKETS, DEEDS = 25, 60
DESKS = max(1, int(os.environ.get("DESKBELL_PING_LIVES", "500")) // TICKETS)
STAFF = {
    "UDANA": Person(),
    "UELI": Person(),
    "UFAY": Person(),
    "UGUS": Person(),
    "UMO": Person(manager=True),
    "UNAN": Person(manager=True),
}
EARLY_SHIFT: Hours = (range(7), 5 * 60, 9 * 60)
LATE_SHIFT: Hours = (range(7), 14 * 60, 23 * 60)
HOURS = {
    "Mon-Fri 08:00-20:00": OFFICE,
    "Mon-Sun 14:00-23:00": LATE_SHIFT,
    "Mon-Sun 05:00-09:00": EARLY_SHIFT,
    "": None,
}


class Desk:
    """The desk and the model, to which the same is done."""

    def __init__(self, opened: Runtime, clock: ManualTimeSource, random: Random) -> None:
        self._opened = opened
        self._clock = clock
        self._random = random
        staff = {name: Person(manager=one.manager) for name, one in STAFF.items()}
        self.model = Model("UDANA", "UELI", staff)

    @property
    def now(self) -> datetime:
        return self._clock.now()

    async def furnish(self) -> None:
        async with self._opened.write() as desk:
            for name, person in STAFF.items():
                role = Role.MANAGER if person.manager else Role.ENGINEER
                await add_staff(desk, UserId(name), role.value, name)
            for key in ("NAMED", "PLAIN"):
                new = NewClient(
                    key.title(), key, key.lower(), None, UserId("UDANA"), UserId("UELI")
                )
                await add_client(desk, new)

    async def lives_until(self, instant: datetime, *, outage: bool = False) -> None:
        """Time passes; the ticker wakes at each due instant, unless nobody serves."""
        while not outage:
            due_at, expected = await self._next_due(), self.model.next_look(self.now)
            coming = [at for at in (due_at, expected) if at is not None and at <= instant]
            if not coming:
                break
            self._clock.set(max(self.now, min(coming)))
            await self._look()
        self._clock.set(instant)

    async def _next_due(self) -> datetime | None:
        async with self._opened.read() as desk:
            return await desk.work.timers.next_due()

    async def _look(self) -> None:
        fired = 1
        while fired:
            async with self._opened.write() as desk:
                fired = await fire_due(desk)
        self.model.look(self.now)

    async def act(self) -> None:
        deeds = (
            self._opens,
            self._owns,
            self._triages,
            self._answers,
            self._snoozes,
            self._goes,
            self._sets_hours,
        )
        [deed] = self._random.choices(deeds, weights=(5, 4, 2, 2, 2, 4, 2))
        await deed()
        if self._random.random() < 0.02:
            await self._leaves()

    def _anyone(self) -> str:
        return self._random.choice(list(self.model.staff))

    def _open_life(self) -> Life | None:
        lives = [one for one in self.model.lives.values() if not one.answered]
        return self._random.choice(lives) if lives else None

    async def _opens(self) -> None:
        if len(self.model.lives) >= TICKETS:
            return
        plan = self._random.choice(("named", "plain"))
        severity = self._random.choice(("grave", "slight"))
        by = self._anyone()
        async with self._opened.write() as desk:
            submission_id = f"{len(self.model.lives)}"
            report = Report(
                UserId(by), submission_id, plan.upper(), Source.PHONE, "", "Ann", "It is down"
            )
            await open_from_report(desk, report)
            same = [one for one in self.model.lives.values() if one.plan == plan]
            key = f"{plan.upper()}-{len(same) + 1}"
            await decide_severity(desk, key, UserId(by), severity)
        self.model.lives[key] = Life(key, plan, severity, self.now)

    async def _owns(self) -> None:
        life = self._open_life()
        if life is None:
            return
        by, to = self._anyone(), self._anyone()
        async with self._opened.write() as desk:
            if life.assignee is None and self._random.random() < 0.6:
                await take.take(desk, life.key, UserId(by))
                life.assignee, life.taken = by, True
            elif life.assignee != to:
                await owning.assign(desk, life.key, UserId(by), UserId(to))
                life.assignee, life.taken = to, by == to

    async def _triages(self) -> None:
        life = self._open_life()
        if life is not None:
            severity = self._random.choice(("grave", "slight"))
            async with self._opened.write() as desk:
                await decide_severity(desk, life.key, UserId(self._anyone()), severity)
            life.severity = severity
            self.model.judge(life, self.now)

    async def _answers(self) -> None:
        life = self._open_life()
        if life is not None:
            async with self._opened.write() as desk:
                ticket = await ticket_by_key(desk, life.key)
                await staff_wrote(desk, ticket, Staff(UserId(self._anyone())), self.now)
            life.answered = True

    async def _snoozes(self) -> None:
        life = self._open_life()
        if life is not None:
            until = self.now + timedelta(minutes=self._random.randrange(10, 400))
            async with self._opened.write() as desk:
                await snoozing.snooze(desk, life.key, UserId(self._anyone()), until)
            life.snoozed_until = until

    async def _goes(self) -> None:
        who, cover = self._anyone(), UserId(self._anyone())
        until = self._random.choice(
            (None, self.now + timedelta(minutes=self._random.randrange(5, 900)))
        )
        covers = cover if until and cover != who and self._random.random() < 0.5 else None
        async with self._opened.write() as desk:
            manager = next(one for one, person in self.model.staff.items() if person.manager)
            await absence.go_away(desk, UserId(manager), UserId(who), until, covers)
        person = self.model.staff[who]
        person.away_until, person.cover = until, covers

    async def _sets_hours(self) -> None:
        who, words = self._anyone(), self._random.choice(list(HOURS))
        async with self._opened.write() as desk:
            await absence.set_hours(desk, UserId(who), UserId(who), words, "UTC")
        self.model.staff[who].hours = HOURS[words]

    async def _leaves(self) -> None:
        """Somebody leaves the staff: one manager stays."""
        who = self._random.choice(["UFAY", "UGUS", "UNAN", "UDANA"])
        if who in self.model.staff:
            async with self._opened.write() as desk:
                await remove_staff(desk, UserId(who))
            del self.model.staff[who]


async def lists_agree(opened: Runtime) -> None:
    """What is looked up by a person, or for being late, is what a look at each ticket finds."""
    async with opened.read() as desk:
        ticket_views = await open_tickets.open_ticket_views(desk)
        for one in await desk.work.staff.all():
            theirs = [
                ticket_view
                for ticket_view in ticket_views
                if open_tickets.is_for(ticket_view, one.user_id, desk.now)
            ]
            assert await listing.queue(desk, one.user_id) == theirs
        actor = one.user_id
        assert await listing.late(desk, actor) == [
            ticket_view for ticket_view in ticket_views if ticket_view.is_late
        ]
        at_risk = [ticket_view for ticket_view in ticket_views if ticket_view.is_at_risk(desk.now)]
        assert await listing.at_risk(desk, actor) == at_risk


def said(url: str) -> Counter[Told]:
    """What the desk owes, by ticket, step and reader, at the instant at which it decided so."""
    keys = dict(rows(url, "SELECT id, key FROM tickets"))
    found: Counter[Told] = Counter()
    statement = (
        "SELECT ticket_id, channel, facts FROM outbox WHERE kind IN ('ping', 'pings', 'page')"
    )
    for ticket_id, channel, facts in rows(url, statement):
        body = _json(facts)
        for part in body.get("parts", [body]):
            if part.get("audience") == "managers":
                continue  # of a breach, whatever the ladder says
            to = {"C0TRIAGE": "triage"}.get(channel, channel)
            key = keys[part.get("ticket", ticket_id)]
            of, at = (datetime.fromisoformat(part[name]) for name in ("at", "now"))
            found[Told(key, part["step"], of, to, at)] += 1
    return found


def _json(facts: Any) -> Any:
    return json.loads(facts) if isinstance(facts, str) else facts


def desk_settings(url: str) -> Settings:
    given: dict[str, Any] = {
        "database_url": url,
        "deskbell_catalog": (str(CATALOGUE),),
        "deskbell_triage_channel": "C0TRIAGE",
        "deskbell_managers_channel": "C0MANAGERS",
        "deskbell_pager_urls": ("json://127.0.0.1:9/",),
    }
    return Settings(_env_file=None, **given)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(DESKS))
async def test_exactly_the_pings_that_the_model_expects(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    clock = ManualTimeSource(SUNDAY + timedelta(minutes=random.randrange(3 * 24 * 60)))
    async with database(tmp_path) as url:
        async with open_runtime(desk_settings(url), clock) as opened:
            desk = Desk(opened, clock, random)
            await desk.furnish()
            for _ in range(DEEDS):
                outage = random.random() < 0.05
                minutes = random.randrange(1, 600 if outage else 90)
                pause = timedelta(minutes=minutes, seconds=random.randrange(60))
                await desk.lives_until(desk.now + pause, outage=outage)
                if outage:
                    await desk.lives_until(desk.now)
                await desk.act()
            await lists_agree(opened)
            await desk.lives_until(desk.now + timedelta(days=5))
        told = said(url)
        missing = sorted(map(str, desk.model.told - set(told)))
        invented = sorted(map(str, set(told) - desk.model.told))
        assert (missing, invented) == ([], []), f"seed {seed}"
        assert max(told.values(), default=1) == 1
        assert told
