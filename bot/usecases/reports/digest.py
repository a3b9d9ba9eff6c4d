"""The daily digest (once for each channel and local date), the review and their CSV files."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.agreements.agreement import ChangeKind
from bot.domain.agreements.billing_cycles import standing_versions
from bot.domain.destinations import Channel, Direct, ThreadUnder
from bot.domain.ids import TicketId, UserId
from bot.domain.messages import Outgoing
from bot.domain.reports.digest import (
    Attainment,
    ComingLine,
    Digest,
    DigestLine,
    Judged,
    QuotaLine,
    Review,
    attainment,
    days_reviewed,
    digest_day,
    end_of_day,
    next_digest,
    of_clients,
)
from bot.domain.reports.messages import DigestCsv, DigestMessage, DigestPicture
from bot.slack_ts import MessageTs
from bot.usecases.access import staff_member
from bot.usecases.agreements.accounts import account
from bot.usecases.agreements.plan_in_force import plan_in_force
from bot.usecases.agreements.recurring_tasks import duties_due
from bot.usecases.desk import Desk, triage_card_key
from bot.usecases.reports.subscriptions import names_of
from bot.usecases.tickets.ticket_views import view_ticket

ATTAINMENT_DAYS = (7, 30)
PICTURED_DAYS = 30
COMING_DAYS = 7
QUOTA_PERCENT = 80


async def write_digest(desk: Desk) -> None:
    """Queue today's digest for the managers' channel and the subscribed channels, once a day.

    The breaches that no digest has reported yet are marked as reported.
    """
    channel, zone = desk.places.managers_channel, desk.places.zone
    day = digest_day(desk.now, desk.places.digest_at, zone, desk.places.digest_days)
    if not await desk.work.idempotency.claim("digest", channel, day.isoformat(), desk.now):
        return
    digest = await _gather(desk, await desk.work.clocks.take_unreported(desk.now))
    key = f"digest:{channel}:{day}"
    messages = [Outgoing(key, desk.places.managers, DigestMessage(digest))]
    if digest.attainment:
        picture, thread = f"digest-picture:{channel}:{day}", ThreadUnder(channel, key)
        messages.append(Outgoing(picture, thread, DigestPicture(digest)))
    await desk.work.outbox.say(*messages)
    await _write_for_others(desk, digest, day.isoformat())


async def _write_for_others(desk: Desk, digest: Digest, day: str) -> None:
    """Queue the digest of a client or plan for each subscribed channel.

    A channel that has become a client's is left out.
    """
    for channel, subject in await desk.work.subscriptions.all():
        if await desk.work.clients.by_channel_for_update(channel) is None:
            message = DigestMessage(of_clients(digest, await names_of(desk, subject)))
            key = f"digest:{channel}:{subject}:{day}"
            await desk.work.outbox.say(Outgoing(key, Channel(channel), message))


async def digest_now(desk: Desk, actor: UserId) -> Digest:
    """Return the digest as of now. Staff only. Breaches stay unreported for the next daily
    digest."""
    await staff_member(desk, actor)
    return await figures_now(desk)


async def figures_now(desk: Desk) -> Digest:
    """Return the digest as of now; the caller has checked that its reader is staff."""
    return await _gather(desk, await desk.work.clocks.unreported())


async def _gather(desk: Desk, new: Sequence[tuple[TicketId, str]]) -> Digest:
    """Return the digest as of now; `new` are the unreported breaches (ticket ID, clock name)."""
    zone = desk.places.zone
    late = [clock for clock in await desk.work.clocks.late() if clock not in new]
    at_risk = await desk.work.clocks.at_risk(end_of_day(desk.now, zone))
    return Digest(
        day=desk.now.astimezone(ZoneInfo(zone)).date(),
        zone=zone,
        new_breaches=await _lines(desk, new),
        still_late=await _lines(desk, late),
        at_risk=await _lines(desk, at_risk),
        attainment=await _attainment(desk),
        quota=await _quota(desk),
        coming=await _coming_changes(desk),
        duties=await duties_due(desk),
        causes=await _causes_of_week(desk),
        held=await _lines(desk, await desk.work.timers.held(desk.now - timedelta(days=1))),
    )


async def review(desk: Desk, actor: UserId, days: int) -> Review:
    """Return breaches, SLA and causes of the last `days` whole days before today. Staff only.

    Days are local dates in the vendor's zone.
    """
    await staff_member(desk, actor)
    zone = desk.places.zone
    first, last, begins, ends = days_reviewed(desk.now, zone, days)
    judged = await _judged_with_plan_names(desk, begins, ends)
    return Review(
        first=first,
        last=last,
        zone=zone,
        breaches=await _lines(desk, await desk.work.clocks.breached(begins, ends)),
        attainment=attainment(judged, ends, (ends - begins).days + 1),
        causes=await _causes(desk, begins, ends),
    )


async def send_as_csv(desk: Desk, actor: UserId, days: int | None) -> None:
    """Queue the digest as of now, or the review of `days` days, as a CSV file for the actor. Staff
    only."""
    report = await digest_now(desk, actor) if days is None else await review(desk, actor, days)
    key = f"digest-csv:{actor}:{days or 0}:{MessageTs.at(desk.now)}"
    await desk.work.outbox.say(Outgoing(key, Direct(actor), DigestCsv(report)))


async def _causes(
    desk: Desk, begins: datetime, ends: datetime
) -> tuple[tuple[str | None, int], ...]:
    """Return each cause with its number of breaches, the most frequent first."""
    counts = await desk.work.clocks.causes(begins, ends)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0] or "")))


async def _causes_of_week(desk: Desk) -> tuple[tuple[str | None, int], ...]:
    """Return the causes of the last seven days in the first digest of a week, else nothing.

    Rule: "Causes are counted in the weekly digest".
    """
    zone, days = desk.places.zone, desk.places.digest_days
    # A late digest belongs to the day on which it was due.
    day = digest_day(desk.now, desk.places.digest_at, zone, days)
    if day.weekday() != min(days):
        return ()
    _, _, begins, ends = days_reviewed(desk.now, zone, 7)
    return await _causes(desk, begins, ends)


async def _lines(desk: Desk, clocks: Sequence[tuple[TicketId, str]]) -> tuple[DigestLine, ...]:
    """Return a line of the digest for each clock (ticket ID, clock name) that has a due time."""
    lines = []
    for ticket_id, name in clocks:
        ticket_view = (
            await view_ticket(desk, await desk.work.tickets.get_for_update(ticket_id))
        ).about(name)
        due_at = ticket_view.breached_at or ticket_view.deadline.due_at
        if due_at is not None:
            severity = ticket_view.ticket.severity
            label = ticket_view.plan.sla_target(severity).severity.label if severity else None
            key, client = ticket_view.ticket.key, ticket_view.client.name
            late = ticket_view.ticket.found_at is not None
            place = await desk.work.outbox.place(triage_card_key(ticket_view.ticket)) or (
                None,
                None,
            )
            lines.append(
                DigestLine(
                    key, client, label, due_at, ticket_view.has_it, ticket_view.metric, late, *place
                )
            )
    return tuple(lines)


async def _attainment(desk: Desk) -> tuple[Attainment, ...]:
    """Return the SLA of each client over the last 7 and 30 days."""
    since = desk.now - timedelta(days=max(ATTAINMENT_DAYS))
    judged = await _judged_with_plan_names(desk, since, desk.now)
    return tuple(line for days in ATTAINMENT_DAYS for line in attainment(judged, desk.now, days))


async def _judged_with_plan_names(desk: Desk, since: datetime, until: datetime) -> list[Judged]:
    """Return the clocks judged in `since`..`until`, with the names of their plans."""
    results = await desk.work.clocks.judged(since, until)
    names = {
        (version, plan): (await desk.plans.plan(desk.work, version, plan)).name
        for version, plan in {(version, result.plan) for version, result in results}
    }
    return [replace(result, plan=names[version, result.plan]) for version, result in results]


async def _coming_changes(desk: Desk) -> tuple[ComingLine, ...]:
    """Return the agreements that change or end within COMING_DAYS, the soonest first."""
    until = desk.now + timedelta(days=COMING_DAYS)
    lines = []
    for client in await desk.work.clients.all():
        for version in standing_versions(await desk.work.clients.versions(client.id)):
            if desk.now < version.effective_from <= until:
                plan = (
                    (await plan_in_force(desk, version, desk.now)).name
                    if version.has_plan
                    else None
                )
                day = version.effective_from.astimezone(ZoneInfo(version.zone)).date()
                lines.append(
                    ComingLine(client.name, day, plan, ends=version.kind == ChangeKind.END)
                )
    return tuple(sorted(lines, key=lambda line: (line.day, line.client)))


async def _quota(desk: Desk) -> tuple[QuotaLine, ...]:
    """Return the clients who have used QUOTA_PERCENT of their quota or more in this period."""
    lines = []
    for client in await desk.work.clients.all():
        figures = (await account(desk, client)).usage
        if figures and figures.included is not None and figures.percent >= QUOTA_PERCENT:
            used, included = figures.used, figures.included
            lines.append(QuotaLine(client.name, used, included, figures.overage))
    return tuple(lines)


async def arm_digest(desk: Desk) -> None:
    """Set the timer of the next digest at its local time; an overdue timer is left to fire."""
    due_at = await desk.work.timers.digest_due()
    if due_at is None or due_at > desk.now:
        places = desk.places
        following = next_digest(desk.now, places.digest_at, places.zone, places.digest_days)
        await desk.work.timers.arm_digest(following)
