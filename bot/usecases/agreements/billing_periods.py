"""Billing periods: each gets a single statement, once it has ended."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from bot.domain.agreements.agreement import Agreement, ChangeKind
from bot.domain.agreements.billing_cycles import billing_period, in_force, standing_versions
from bot.domain.agreements.messages import (
    AgreementChanged,
    AgreementEndsSoon,
    StatementMessage,
)
from bot.domain.agreements.period import Period
from bot.domain.agreements.plan import Plan
from bot.domain.agreements.proposal import reminders
from bot.domain.agreements.statement import Line, Statement, adjust, count
from bot.domain.destinations import Channel
from bot.domain.ids import ClientId
from bot.domain.messages import Outgoing
from bot.domain.operations.client import Client
from bot.domain.ticket import Ticket
from bot.usecases.agreements.plan_in_force import plan_in_force
from bot.usecases.desk import Desk

TOLD_WITHIN = timedelta(days=92)  # after the end of a period


async def update_billing(desk: Desk, client_id: ClientId) -> None:
    """Issue the statements that are due, send notices about the agreement, and set the next timer.

    A repetition changes nothing.
    """
    client = await desk.work.clients.by_id_for_update(client_id)
    versions = standing_versions(await desk.work.clients.versions(client_id))
    if versions:
        await _close_periods(desk, client, versions)
        await _announce(desk, client, versions)
        await _remind(desk, client, versions)
        await arm_billing_timer(desk, client)


async def arm_billing_timer(desk: Desk, client: Client) -> None:
    """Set the client's billing timer to the next instant at which billing needs work.

    The next instant is the first of: the end of the first period without a statement, the start of
    an agreement's version, and a reminder of its end.
    """
    versions = standing_versions(await desk.work.clients.versions(client.id))
    if versions:
        starts = _unstated_since(versions, await stated(desk, client.id))
        instants = [version.effective_from for version in versions]
        instants += [at for version in versions for _, at in reminders(version)]
        coming = [at for at in instants if at > desk.now]
        due_at = min([billing_period(versions, starts).end, *coming])
        await desk.work.timers.arm_billing(client.id, due_at)


async def arm_missing_billing_timers(desk: Desk) -> None:
    """Set the timer of every client that has none."""
    armed = await desk.work.timers.armed_billing()
    for client in await desk.work.clients.all():
        if client.id not in armed:
            await arm_billing_timer(desk, client)


def _unstated_since(versions: Sequence[Agreement], before: Sequence[Statement]) -> datetime:
    """Return the instant from which no statement has been issued."""
    return before[-1].period.end if before else versions[0].effective_from


async def _announce(desk: Desk, client: Client, versions: Sequence[Agreement]) -> None:
    """Tell the managers and the client about planned changes that have come into force."""
    for before, version in pairwise(versions):
        planned = version.kind in {ChangeKind.DOWNGRADE, ChangeKind.END}
        if not planned or version.effective_from > desk.now:
            continue
        if await desk.work.idempotency.claim("in-force", str(version.id), "", desk.now):
            await tell_agreed(desk, client, version, before, in_force=True)


async def tell_agreed(
    desk: Desk, client: Client, agreed: Agreement, before: Agreement, *, in_force: bool = False
) -> None:
    """Tell the managers and the client about a change: "told to the client's channel in plain
    words"."""
    message = AgreementChanged(client.id, agreed.id, before.id, in_force)
    for place in filter(None, (desk.places.managers_channel, client.channel_id)):
        key = f"agreed:{agreed.id}:{before.id}:{in_force}:{place}"
        await desk.work.outbox.say(Outgoing(key, Channel(place), message))


async def _remind(desk: Desk, client: Client, versions: Sequence[Agreement]) -> None:
    """Remind the managers that the current term ends; after an outage, only once.

    The key is the term's end, since several versions can share a term (when the engineer changes).
    """
    now = in_force(versions, desk.now)
    if now is None or now.ends_at is None or now.ends_at <= desk.now:
        return
    term = f"{client.id}:{now.ends_at.isoformat()}"
    due = [days for days, at in reminders(now) if at <= desk.now]
    fresh = [
        days for days in due if await desk.work.idempotency.claim("term", term, str(days), desk.now)
    ]
    if fresh:
        key = f"term:{term}:{min(fresh)}"
        message = AgreementEndsSoon(client.id, now.id, min(fresh))
        await desk.work.outbox.say(Outgoing(key, desk.places.managers, message))


async def running(desk: Desk, client: Client) -> tuple[Period, tuple[Line, ...]]:
    """Return the current billing period and the tickets that count in it so far."""
    period = await desk.billing_period(client.id, desk.now)
    tickets = await desk.work.tickets.of_client(client.id, period.end)
    within = [ticket for ticket in tickets if ticket.opened_at >= period.start]
    return period, count([(ticket, await desk.plan_of(ticket)) for ticket in within])


async def stated(desk: Desk, client_id: ClientId) -> list[Statement]:
    """Return a client's statements, oldest first."""
    return await desk.work.statements.of(client_id)


async def _close_periods(desk: Desk, client: Client, versions: list[Agreement]) -> None:
    """Issue a statement for each period that has ended without a statement."""
    before = await stated(desk, client.id)
    starts = _unstated_since(versions, before)
    while (period := billing_period(versions, starts)).end <= desk.now:
        tickets = await desk.work.tickets.of_client(client.id, period.end)
        statement = await recounted(desk, client, period, before, tickets, issued_at=desk.now)
        await _issue(desk, client, statement)
        before.append(statement)
        starts = period.end


async def recounted(
    desk: Desk,
    client: Client,
    period: Period,
    before: Sequence[Statement],
    tickets: Sequence[Ticket],
    *,
    issued_at: datetime,
) -> Statement:
    """Return the statement of `period`, which follows the statements `before`.

    `tickets` are all that were opened before its end; earlier tickets give the adjustments.
    """
    with_plans = [(ticket, await desk.plan_of(ticket)) for ticket in tickets]
    within = [pair for pair in with_plans if pair[0].opened_at >= period.start]
    earlier = [pair for pair in with_plans if pair[0].opened_at < period.start]
    return Statement(
        client_key=client.key,
        client=client.name,
        zone=(await desk.cycle_at(client.id, period.start)).zone,
        period=period,
        issued_at=issued_at,
        plans=await _plans_in(desk, client, period),
        lines=count(within),
        adjustments=adjust(
            before,
            [line for lines in await _lines_by_period(desk, client, earlier) for line in lines],
            [ticket for ticket, _ in earlier],
        ),
        recorded_to=await desk.work.history.recorded_to(client.id),
    )


async def _lines_by_period(
    desk: Desk, client: Client, tickets: Iterable[tuple[Ticket, Plan]]
) -> list[tuple[Line, ...]]:
    """Count the tickets of each billing period separately."""
    periods: dict[datetime, list[tuple[Ticket, Plan]]] = {}
    for ticket, plan in tickets:
        period = await desk.billing_period(client.id, ticket.opened_at)
        periods.setdefault(period.start, []).append((ticket, plan))
    return [count(pairs) for pairs in periods.values()]


async def _plans_in(desk: Desk, client: Client, period: Period) -> tuple[str, ...]:
    """Return the names of the plans in force during the period, in order."""
    versions = standing_versions(await desk.work.clients.versions(client.id))
    ends = [version.effective_from for version in versions[1:]]
    names = [
        (await plan_in_force(desk, version, version.effective_from)).name
        for version, end in zip(versions, [*ends, None], strict=True)
        if version.has_plan
        and version.effective_from < period.end
        and (end is None or end > period.start)
    ]
    return tuple(dict.fromkeys(names))


async def _issue(desk: Desk, client: Client, statement: Statement) -> None:
    """Store the statement, and post it to the managers and, if agreed, to the client.

    An empty statement without a plan is not posted, nor is a statement of a period that ended over
    TOLD_WITHIN ago: an old database may get its first statements now.
    """
    period = statement.period
    await desk.work.statements.put(client.id, statement)
    says_something = statement.plans or statement.lines or statement.adjustments
    if not says_something or desk.now - period.end > TOLD_WITHIN:
        return
    at_its_end = period.end - timedelta(microseconds=1)
    agreement = await desk.work.clients.agreement_at(client.id, at_its_end)
    places = [desk.places.managers_channel]
    if agreement is not None and agreement.statement_to_client and client.channel_id:
        places.append(client.channel_id)
    message = StatementMessage(client.id, period.start)
    for place in places:
        key = f"statement:{client.id}:{period.start.isoformat()}:{place}"
        await desk.work.outbox.say(Outgoing(key, Channel(place), message))
