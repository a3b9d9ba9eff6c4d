"""Tests the pings of random tickets, people and absences against an independent model.

The desk sends each ping of the model once, at its instant, and no other ping.
"""

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
from bot.usecases.tickets.handling import assign as assigning
from bot.usecases.tickets.handling import snooze as snoozing
from bot.usecases.tickets.handling import take
from bot.usecases.tickets.triage.severity import decide_severity
from tests.stores import database, rows
from tests.usecases.escalation.ping_model import OFFICE, Hours, Model, ModelTicket, Person, Ping

CATALOGUE = Path(__file__).parent / "pinged.toml"
SUNDAY = datetime(2026, 3, 8, 20, 0, tzinfo=UTC)
TICKETS, ACTIONS = 25, 60
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
    None: None,
}


class ModelledDesk:
    """The desk and the model; each action changes both."""

    def __init__(self, runtime: Runtime, clock: ManualTimeSource, random: Random) -> None:
        self._runtime = runtime
        self._clock = clock
        self._random = random
        staff = {name: Person(manager=person.manager) for name, person in STAFF.items()}
        self.model = Model("UDANA", "UELI", staff)

    @property
    def now(self) -> datetime:
        return self._clock.now()

    async def add_people_and_clients(self) -> None:
        async with self._runtime.write() as desk:
            for name, person in STAFF.items():
                role = Role.MANAGER if person.manager else Role.ENGINEER
                await add_staff(desk, UserId(name), role.value, name)
            for key in ("NAMED", "PLAIN"):
                new = NewClient(
                    key.title(), key, key.lower(), None, UserId("UDANA"), UserId("UELI")
                )
                await add_client(desk, new)

    async def advance_to(self, instant: datetime, *, outage: bool = False) -> None:
        """Advance the clock; the ticker fires at each due instant, except during an outage."""
        while not outage:
            due_at, expected = await self._next_due(), self.model.next_look(self.now)
            instants = [at for at in (due_at, expected) if at is not None and at <= instant]
            if not instants:
                break
            self._clock.set(max(self.now, min(instants)))
            await self._fire_due_timers()
        self._clock.set(instant)

    async def _next_due(self) -> datetime | None:
        async with self._runtime.read() as desk:
            return await desk.work.timers.next_due()

    async def _fire_due_timers(self) -> None:
        fired = 1
        while fired:
            async with self._runtime.write() as desk:
                fired = await fire_due(desk)
        self.model.look(self.now)

    async def act(self) -> None:
        actions = (
            self._open_ticket,
            self._take_or_assign,
            self._set_severity,
            self._respond,
            self._snooze,
            self._go_away,
            self._set_hours,
        )
        [action] = self._random.choices(actions, weights=(5, 4, 2, 2, 2, 4, 2))
        await action()
        if self._random.random() < 0.02:
            await self._leave_staff()

    def _random_person(self) -> str:
        return self._random.choice(list(self.model.staff))

    def _random_open_ticket(self) -> ModelTicket | None:
        tickets = [ticket for ticket in self.model.tickets.values() if not ticket.answered]
        return self._random.choice(tickets) if tickets else None

    async def _open_ticket(self) -> None:
        if len(self.model.tickets) >= TICKETS:
            return
        plan = self._random.choice(("named", "plain"))
        severity = self._random.choice(("grave", "slight"))
        by = self._random_person()
        async with self._runtime.write() as desk:
            submission_id = f"{len(self.model.tickets)}"
            report = Report(
                UserId(by), submission_id, plan.upper(), Source.PHONE, "", "Ann", "It is down"
            )
            await open_from_report(desk, report)
            others = [ticket for ticket in self.model.tickets.values() if ticket.plan == plan]
            key = f"{plan.upper()}-{len(others) + 1}"
            await decide_severity(desk, key, UserId(by), severity)
        self.model.tickets[key] = ModelTicket(key, plan, severity, self.now)

    async def _take_or_assign(self) -> None:
        ticket = self._random_open_ticket()
        if ticket is None:
            return
        by, to = self._random_person(), self._random_person()
        async with self._runtime.write() as desk:
            if ticket.assignee is None and self._random.random() < 0.6:
                await take.take(desk, ticket.key, UserId(by))
                ticket.assignee, ticket.taken_by_assignee = by, True
            elif ticket.assignee != to:
                await assigning.assign(desk, ticket.key, UserId(by), UserId(to))
                ticket.assignee, ticket.taken_by_assignee = to, by == to

    async def _set_severity(self) -> None:
        ticket = self._random_open_ticket()
        if ticket is not None:
            severity = self._random.choice(("grave", "slight"))
            async with self._runtime.write() as desk:
                await decide_severity(desk, ticket.key, UserId(self._random_person()), severity)
            ticket.severity = severity
            self.model.record_breach(ticket, self.now)

    async def _respond(self) -> None:
        ticket = self._random_open_ticket()
        if ticket is not None:
            async with self._runtime.write() as desk:
                stored = await ticket_by_key(desk, ticket.key)
                await staff_wrote(desk, stored, Staff(UserId(self._random_person())), self.now)
            ticket.answered = True

    async def _snooze(self) -> None:
        ticket = self._random_open_ticket()
        if ticket is not None:
            until = self.now + timedelta(minutes=self._random.randrange(10, 400))
            async with self._runtime.write() as desk:
                await snoozing.snooze(desk, ticket.key, UserId(self._random_person()), until)
            ticket.snoozed_until = until

    async def _go_away(self) -> None:
        name, cover = self._random_person(), UserId(self._random_person())
        until = self._random.choice(
            (None, self.now + timedelta(minutes=self._random.randrange(5, 900)))
        )
        valid_cover = cover if until and cover != name and self._random.random() < 0.5 else None
        async with self._runtime.write() as desk:
            manager = next(key for key, person in self.model.staff.items() if person.manager)
            await absence.go_away(desk, UserId(manager), UserId(name), until, valid_cover)
        person = self.model.staff[name]
        person.away_until, person.cover = until, valid_cover

    async def _set_hours(self) -> None:
        name, hours = self._random_person(), self._random.choice(list(HOURS))
        async with self._runtime.write() as desk:
            await absence.set_hours(desk, UserId(name), UserId(name), hours, "UTC")
        self.model.staff[name].hours = HOURS[hours]

    async def _leave_staff(self) -> None:
        """Remove a person from the staff; the manager Mo always stays."""
        name = self._random.choice(["UFAY", "UGUS", "UNAN", "UDANA"])
        if name in self.model.staff:
            async with self._runtime.write() as desk:
                await remove_staff(desk, UserId(name))
            del self.model.staff[name]


async def check_lists(runtime: Runtime) -> None:
    """Compare each person's queue and the lists of late tickets with the open tickets."""
    async with runtime.read() as desk:
        ticket_views = await open_tickets.open_ticket_views(desk)
        for member in await desk.work.staff.all():
            theirs = [
                ticket_view
                for ticket_view in ticket_views
                if open_tickets.is_for(ticket_view, member.user_id, desk.now)
            ]
            assert await listing.queue(desk, member.user_id) == theirs
        actor = member.user_id
        assert await listing.late(desk, actor) == [
            ticket_view for ticket_view in ticket_views if ticket_view.is_late
        ]
        at_risk = [ticket_view for ticket_view in ticket_views if ticket_view.is_at_risk(desk.now)]
        assert await listing.at_risk(desk, actor) == at_risk


def pings_of_desk(url: str) -> Counter[Ping]:
    """Return the pings in the outbox, each with the instant at which the desk decided on it."""
    keys = dict(rows(url, "SELECT id, key FROM tickets"))
    pings: Counter[Ping] = Counter()
    statement = (
        "SELECT ticket_id, channel, facts FROM outbox WHERE kind IN ('ping', 'pings', 'page')"
    )
    for ticket_id, channel, facts in rows(url, statement):
        body = _json(facts)
        for part in body.get("parts", [body]):
            if part.get("audience") == "managers":
                continue  # of a breach, not of a ladder
            to = {"C0TRIAGE": "triage"}.get(channel, channel)
            key = keys[part.get("ticket", ticket_id)]
            due_at, at = (datetime.fromisoformat(part[name]) for name in ("at", "now"))
            pings[Ping(key, part["step"], due_at, to, at)] += 1
    return pings


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
async def test_the_desk_sends_exactly_the_pings_of_the_model(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    clock = ManualTimeSource(SUNDAY + timedelta(minutes=random.randrange(3 * 24 * 60)))
    async with database(tmp_path) as url:
        async with open_runtime(desk_settings(url), clock) as runtime:
            desk = ModelledDesk(runtime, clock, random)
            await desk.add_people_and_clients()
            for _ in range(ACTIONS):
                outage = random.random() < 0.05
                minutes = random.randrange(1, 600 if outage else 90)
                pause = timedelta(minutes=minutes, seconds=random.randrange(60))
                await desk.advance_to(desk.now + pause, outage=outage)
                if outage:
                    await desk.advance_to(desk.now)
                await desk.act()
            await check_lists(runtime)
            await desk.advance_to(desk.now + timedelta(days=5))
        sent = pings_of_desk(url)
        missing = sorted(map(str, desk.model.pings - set(sent)))
        unexpected = sorted(map(str, set(sent) - desk.model.pings))
        assert (missing, unexpected) == ([], []), f"seed {seed}"
        assert max(sent.values(), default=1) == 1
        assert sent
