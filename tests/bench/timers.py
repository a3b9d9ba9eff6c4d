"""Compares the table of due timers, at a hundred thousand timers and more, with APScheduler's job
store (a job for each timer) and with a poll over all open tickets.
"""

import asyncio
import resource
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import create_engine, event, select

from bot.domain.escalation.decision import Rung
from bot.domain.escalation.ladder import Step
from bot.domain.ids import TicketId, UserId
from bot.domain.ticket import Source
from bot.runtime import Runtime, open_runtime
from bot.settings import Settings
from bot.time_source import ManualTimeSource
from bot.usecases.due_timers import fire_due
from bot.usecases.intake.open_ticket import Report, open_from_report
from bot.usecases.operations.setup import NewClient, add_client
from bot.usecases.tickets.triage.severity import decide_severity
from scheduler.ticker import Ticker
from storage.tables.sla import clocks
from storage.tables.tickets import tickets

MONDAY = datetime(2026, 3, 9, 5, 0, tzinfo=UTC)  # 10:00 in Karachi
CLIENTS = 50
TICKS = (1, 10, 100, 1000)
WARNED_AFTER, DUE_AFTER = timedelta(hours=3), timedelta(hours=4)  # Priority's high
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Measured:
    """Seconds, except for the rates (per second) and the memory (peak bytes)."""

    added_a_second: float
    together_a_second: float
    jobs_added_a_second: float
    idle_tick: float
    poll: float
    warned: float  # deciding and committing the warnings at three quarters
    breached: float  # and the breaches
    restart: float  # to the first ping
    ticks: dict[int, float]  # one tick, by number of due timers
    memory: int


def microseconds(instant: datetime) -> int:
    return (instant - EPOCH) // timedelta(microseconds=1)


def settings(directory: Path) -> Settings:
    given: dict[str, Any] = {
        "database_url": f"sqlite+aiosqlite:///{directory / 'desk.db'}",
        "deskbell_triage_channel": "C0TRIAGE",
        "deskbell_managers_channel": "C0MANAGERS",
        "deskbell_time_zone": "Asia/Karachi",
    }
    return Settings(_env_file=None, **given)


async def furnish(directory: Path, clock: ManualTimeSource) -> None:
    """Add the clients, each with a single ticket of severity high."""
    async with open_runtime(settings(directory), clock) as opened, opened.write() as desk:
        for number in range(CLIENTS):
            key = f"K{number}"
            new = NewClient(
                f"Client {number}", key, "priority", f"C0{number}", UserId("UDANA"), UserId("UELI")
            )
            await add_client(desk, new)
            report = Report(UserId("UDANA"), key, key, Source.PHONE, "", "Ann", "It is down")
            await open_from_report(desk, report)
            await decide_severity(desk, f"{key}-1", UserId("UDANA"), "high")


def copy_tickets(path: Path, count: int, due_together: int) -> None:
    """Copy these tickets with their clocks and timers: `due_together` copies are opened at the same
    instant, the others two hours later and a millisecond apart.
    """
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in ("tickets", "clocks", "timers"):
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            rows = connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 (ours)
            rows = [row for row in rows if table != "timers" or row[columns.index("ticket_id")]]
            copies = _copies(table, columns, rows, count, due_together)
            marks = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", copies)  # noqa: S608
        connection.execute("UPDATE clients SET last_number = last_number + ?", (count,))


def _copies(
    table: str, columns: list[str], rows: list[tuple[Any, ...]], count: int, due_together: int
) -> Any:
    own, last = columns.index("id"), max(row[columns.index("id")] for row in rows)
    instants = {"opened_at", "begins_at", "starts_at", "due_at", "warn_at", "breach_at"}
    places = [columns.index(column) for column in instants & set(columns)]
    ticket = columns.index("id" if table == "tickets" else "ticket_id")
    by_ticket: dict[int, list[tuple[Any, ...]]] = {}
    for row in rows:
        by_ticket.setdefault(row[ticket], []).append(row)
    for copy in range(CLIENTS, count):
        later = microseconds(EPOCH + timedelta(hours=2, milliseconds=copy))
        for row in by_ticket[copy % CLIENTS + 1]:
            made, last = list(row), last + 1
            for place in places:
                if made[place] is not None and copy >= due_together:
                    made[place] += later
            made[own] = last
            if table == "tickets":
                number = copy // CLIENTS + 1
                made[columns.index("number")] = number
                made[columns.index("key")] = f"K{copy % CLIENTS}-{number}"
            else:
                made[ticket] = copy + 1
            yield made


@asynccontextmanager
async def desk_of(directory: Path, clock: ManualTimeSource) -> AsyncIterator[Runtime]:
    async with open_runtime(settings(directory), clock) as opened:
        yield opened


async def fire_all(opened: Runtime) -> float:
    """Return the seconds until all due timers are decided and committed, as by the ticker."""
    begun = time.perf_counter()
    fired = 1
    while fired:
        async with opened.write() as desk:
            fired = await fire_due(desk)
    return time.perf_counter() - begun


async def idle_tick(opened: Runtime, clock: ManualTimeSource, times: int) -> float:
    ticker = Ticker(opened.write, opened.read, clock)
    await ticker._tick()
    begun = time.perf_counter()
    for _ in range(times):
        await ticker._tick()
    return (time.perf_counter() - begun) / times


def poll(path: Path, now: datetime) -> float:
    """Check each open ticket's clock, as a desk without due timers would do once a minute."""
    engine = create_engine(f"sqlite:///{path}")
    wanted = select(tickets.c.id, tickets.c.key, clocks).join(clocks)
    begun = time.perf_counter()
    with engine.connect() as connection:
        rows = connection.execute(wanted.where(tickets.c.state == "open")).all()
        due = [row for row in rows if row.due_at <= now]
    spent = time.perf_counter() - begun
    engine.dispose()
    assert len(due) < len(rows)
    return spent


async def add_timers(opened: Runtime, count: int, *, tickets_at_once: int = 1) -> float:
    """Return the timers added per second: a ticket's three timers per transaction, as at the
    opening of a ticket, or the timers of several tickets, as under load.
    """
    steps = (Step.WARNING, Step.DUE, Step("+120m"))
    begun = time.perf_counter()
    for number in range(0, count // 3, tickets_at_once):
        at = MONDAY + timedelta(days=30, seconds=number)
        rungs = [("first_response:1", Rung(step, at)) for step in steps]
        async with opened.write() as desk:
            for _ in range(tickets_at_once):
                await desk.work.timers.add(TicketId(1), rungs)
    return count / (time.perf_counter() - begun)


def nothing() -> None:
    """The job of every APScheduler entry."""


def add_jobs(path: Path, count: int) -> float:
    """Use APScheduler's SQLAlchemy store on SQLite with the same durability."""
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _(connection: Any, __: Any) -> None:
        connection.execute("PRAGMA synchronous = FULL")

    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.add_jobstore(SQLAlchemyJobStore(engine=engine))
    scheduler.start(paused=True)
    begun = time.perf_counter()
    for number in range(count):
        scheduler.add_job(
            nothing, "date", run_date=datetime.now(UTC) + timedelta(days=1, seconds=number)
        )
    spent = time.perf_counter() - begun
    scheduler.shutdown(wait=False)
    engine.dispose()
    return count / spent


async def ticks_of(
    opened: Runtime, clock: ManualTimeSource, sizes: tuple[int, ...]
) -> dict[int, float]:
    """Measure a tick per size, where `size` tickets reach three quarters a millisecond apart."""
    seconds_by_size = {}
    async with opened.read() as desk:
        first = await desk.work.timers.next_due()
    assert first is not None
    at = first - timedelta(milliseconds=1)
    for size in sizes:
        at += timedelta(milliseconds=size)
        clock.set(at)
        seconds_by_size[size] = await fire_all(opened)
    return seconds_by_size


async def timers_at_scale(
    directory: Path, count: int, due_together: int, added: int, say: Callable[[str], None]
) -> Measured:
    """Measure `count` open tickets with three timers each, `due_together` of them at the same
    instant.
    """
    clock = ManualTimeSource(MONDAY)
    say(f"{count:,} tickets are written …")
    await furnish(directory, clock)
    copy_tickets(directory / "desk.db", count, due_together)
    async with desk_of(directory, clock) as opened:
        say("timers are added …")
        added_a_second = await add_timers(opened, added)
        together = await add_timers(opened, added * 4, tickets_at_once=10)
        idle = await idle_tick(opened, clock, 300)
        clock.set(MONDAY + WARNED_AFTER)
        say(f"{due_together:,} are due …")
        warned = await fire_all(opened)
    clock.set(MONDAY + DUE_AFTER)
    begun = time.perf_counter()
    async with desk_of(directory, clock) as opened:
        async with opened.write() as desk:
            await fire_due(desk)
        restart = time.perf_counter() - begun
        breached = await fire_all(opened) + restart
        ticks = await ticks_of(opened, clock, TICKS)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    polled = await asyncio.to_thread(poll, directory / "desk.db", clock.now())
    jobs = await asyncio.to_thread(add_jobs, directory / "jobs.db", added)
    return Measured(
        added_a_second, together, jobs, idle, polled, warned, breached, restart, ticks, memory
    )
