"""Recurring tasks that agreements promise: the open tasks, and marking them as done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.domain.agreements.agreement import Agreement
from bot.domain.agreements.billing_cycles import in_force, standing_versions
from bot.domain.agreements.period import midnight_after
from bot.domain.agreements.recurring_task import OpenTask, RecurringTask, terms
from bot.domain.agreements.refusals import NoSuchDuty
from bot.domain.escalation.decision import People
from bot.domain.ids import UserId
from bot.domain.operations.client import Client
from bot.usecases.access import client_by_key, staff_member
from bot.usecases.agreements.plan_in_force import plan_in_force
from bot.usecases.desk import Desk

SOON = timedelta(days=7)
REMEMBERED = timedelta(days=366)  # longer overdue tasks are not listed
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class _Run:
    """A recurring task over consecutive versions of an agreement that all contain it."""

    duty: RecurringTask
    since: date
    until: date | None
    zone: str


async def open_duties(desk: Desk, client: Client) -> list[OpenTask]:
    """Return the client's tasks that have begun and are not done, in order of their last days."""
    versions = standing_versions(await desk.work.clients.versions(client.id))
    done = await desk.work.duties.done(client.id)
    now = in_force(versions, desk.now)
    owner = await _owner(desk, now) if now is not None else None
    lines = []
    for run in await _runs(desk, versions):
        today = desk.now.astimezone(ZoneInfo(run.zone)).date()
        for term in terms(run.duty, run.since, run.until, today):
            known = (run.duty.id, term.last) not in done and term.last > today - REMEMBERED
            ends_at = midnight_after(term.last, run.zone)
            if known and (duty := await _task_at_end_of_term(desk, versions, run.duty.id, ends_at)):
                line = (client.key, client.name, duty.id, duty.label, term.last, owner)
                lines.append(OpenTask(*line, overdue=ends_at <= desk.now))
    return sorted(lines, key=lambda line: (line.last, line.id))


async def duties_due(desk: Desk) -> tuple[OpenTask, ...]:
    """Return the tasks of all clients that are overdue or due within SOON."""
    today = desk.now.astimezone(ZoneInfo(desk.places.zone)).date()
    lines = [
        line for client in await desk.work.clients.all() for line in await open_duties(desk, client)
    ]
    due = [line for line in lines if line.overdue or line.last <= today + SOON]
    return tuple(sorted(due, key=lambda line: (line.last, line.client, line.id)))


async def duties_of(desk: Desk, actor: UserId, client_key: str | None = None) -> Sequence[OpenTask]:
    """Return a client's open tasks, or the tasks due soon for any client. Staff only."""
    await staff_member(desk, actor)
    if client_key is None:
        return await duties_due(desk)
    return await open_duties(desk, await client_by_key(desk, client_key))


async def mark_duty(
    desk: Desk, actor: UserId, client_key: str, duty: str, last: date, *, done: bool
) -> Client:
    """Record that the task whose term ends on the day `last` is done, or that it is not. Staff
    only.

    A repetition changes nothing. Raises Refusal if the client has no such open task.
    """
    await staff_member(desk, actor)
    client = await client_by_key(desk, client_key)
    by = (await desk.work.duties.done(client.id)).get((duty, last))
    if done == (by is not None):
        return client
    if done and (duty, last) not in {
        (line.id, line.last) for line in await open_duties(desk, client)
    }:
        raise NoSuchDuty(client.name, client.key, duty, last)
    await desk.work.duties.mark(client.id, duty, last, actor, done=done)
    return client


async def _owner(desk: Desk, agreement: Agreement) -> str | None:
    """Return the account engineer, or the person who acts for them while they are away."""
    staff = {member.user_id: member for member in await desk.work.staff.all()}
    return People(agreement.engineer, agreement.backup, staff).named(desk.now)


async def _runs(desk: Desk, versions: Sequence[Agreement]) -> list[_Run]:
    """Return the runs of all tasks over the versions of an agreement."""
    ends: list[datetime | None] = [after.effective_from for _, after in pairwise(versions)]
    open_runs: dict[str, _Run] = {}
    closed: list[_Run] = []
    for version, ends_at in zip(versions, [*ends, None], strict=True):
        duties = await _tasks_of_version(
            desk, version, min(desk.now, ends_at - _MOMENT) if ends_at else desk.now
        )
        begins = version.effective_from.astimezone(ZoneInfo(version.zone)).date()
        for gone in [name for name in open_runs if name not in duties]:
            run = open_runs.pop(gone)
            closed.append(_Run(run.duty, run.since, begins, run.zone))
        for name, duty in duties.items():
            run = open_runs.get(name, _Run(duty, begins, None, version.zone))
            open_runs[name] = _Run(duty, run.since, None, run.zone)
    return [*closed, *open_runs.values()]


async def _task_at_end_of_term(
    desk: Desk, versions: Sequence[Agreement], duty: str, ends_at: datetime
) -> RecurringTask | None:
    """Return the task if the agreement in force at the end of its term contains it, else None.

    A task that the catalogue gained later is not due for the time before.
    """
    instant = min(desk.now, ends_at - _MOMENT)
    version = in_force(versions, instant)
    return (await _tasks_of_version(desk, version, instant)).get(duty) if version else None


async def _tasks_of_version(
    desk: Desk, version: Agreement, instant: datetime
) -> Mapping[str, RecurringTask]:
    """Return the tasks of the version's plan at `instant`, by ID."""
    if not version.has_plan:
        return {}
    return {duty.id: duty for duty in (await plan_in_force(desk, version, instant)).duties}
