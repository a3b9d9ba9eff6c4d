"""The morning's digest: gathered once per channel and local date."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from bot.domain.digest import (
    Attainment,
    Digest,
    DigestLine,
    QuotaLine,
    attainment,
    digest_day,
    end_of_day,
)
from bot.domain.period import period_of
from bot.domain.quota import usage
from bot.ports import Outgoing
from bot.usecases.desk import Desk
from bot.usecases.opening import plan_in_force
from bot.usecases.reading import sheet_of

DIGEST_FACTS = TypeAdapter(Digest)
ATTAINMENT_DAYS = (7, 30)
QUOTA_PERCENT = 80


async def write_digest(desk: Desk) -> None:
    """Owe the managers today's digest, unless it is owed or said already."""
    channel, zone = desk.places.managers_channel, desk.places.zone
    day = digest_day(desk.now, desk.places.digest_at, zone)
    if not await desk.work.periods.begin("digest", channel, day.isoformat(), desk.now):
        return
    new = await desk.work.clocks.take_unreported(desk.now)
    late = [one for one in await desk.work.clocks.late() if one not in new]
    at_risk = await desk.work.clocks.at_risk(end_of_day(desk.now, zone))
    digest = Digest(
        day=desk.now.astimezone(ZoneInfo(zone)).date(),
        zone=zone,
        new_breaches=await _lines(desk, new),
        still_late=await _lines(desk, late),
        at_risk=await _lines(desk, at_risk),
        attainment=await _attainment(desk),
        quota=await _quota(desk),
    )
    facts = DIGEST_FACTS.dump_python(digest, mode="json")
    await desk.work.outbox.say(Outgoing(f"digest:{channel}:{day}", "digest", channel, facts=facts))


async def _lines(desk: Desk, clocks: Sequence[tuple[int, str]]) -> tuple[DigestLine, ...]:
    lines = []
    for ticket_id, name in clocks:
        sheet = (await sheet_of(desk, await desk.work.tickets.get(ticket_id))).about(name)
        due_at = sheet.breached_at or sheet.promise.due_at
        if due_at is not None:
            severity = sheet.ticket.severity
            label = sheet.plan.promise(severity).severity.label if severity else None
            key, client = sheet.ticket.key, sheet.client.name
            late = sheet.ticket.found_at is not None
            lines.append(DigestLine(key, client, label, due_at, sheet.has_it, sheet.metric, late))
    return tuple(lines)


async def _attainment(desk: Desk) -> tuple[Attainment, ...]:
    since = desk.now - timedelta(days=max(ATTAINMENT_DAYS))
    judged = [
        replace(one, plan=(await desk.plans.plan(desk.work, version, one.plan)).name)
        for version, one in await desk.work.clocks.judged(since, desk.now)
    ]
    return tuple(line for days in ATTAINMENT_DAYS for line in attainment(judged, desk.now, days))


async def _quota(desk: Desk) -> tuple[QuotaLine, ...]:
    """The clients at 80 % of their quota and over, in the period that is running."""
    lines = []
    for client in await desk.work.clients.all():
        agreement = await desk.work.clients.agreement_at(client.id, desk.now)
        if agreement is None:
            continue
        plan = await plan_in_force(desk, agreement, desk.now)
        used = await desk.work.tickets.used(client.id, period_of(desk.now, plan.zone))
        figures = usage(plan.quota, used)
        if figures.included is not None and figures.percent >= QUOTA_PERCENT:
            lines.append(QuotaLine(client.name, used, figures.included, figures.overage))
    return tuple(lines)
