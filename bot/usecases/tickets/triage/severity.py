"""Setting the severity of a ticket."""

from dataclasses import replace

from bot.domain.agreements.plan import Plan
from bot.domain.sla.clocks.clock_events import FROM_NOW
from bot.domain.ticket import Side, Ticket
from bot.errors import Refusal
from bot.usecases.access import NoSuchTicket, staff_member, ticket_by_key
from bot.usecases.desk import Desk
from bot.usecases.sla.clocks import recompute_clocks


async def decide_severity(
    desk: Desk,
    key: str,
    actor: str,
    severity: str,
    *,
    from_now: bool = False,
    shown: str | None = None,
) -> Ticket:
    """Set the severity by a staff decision. Staff only.

    "Re-triage keeps the start by default ("it was this severe from the start"). Staff may say
    instead that it *became* so now: then the new target runs from the change" (`from_now`).

    `shown` is the severity that the actor's screen showed ("" for not set, None if unknown):
    Refusal is raised if somebody else has changed it since.
    """
    await staff_member(desk, actor)
    ticket = await ticket_by_key(desk, key)
    await _check_shown(desk, ticket, severity, shown)
    return await _set_severity(desk, ticket, actor, Side.STAFF, severity, from_now=from_now)


async def _check_shown(desk: Desk, ticket: Ticket, severity: str, shown: str | None) -> None:
    """Raise Refusal if the severity is no longer the `shown` severity, nor the chosen severity."""
    stands = ticket.severity or ""
    if shown is None or stands in {shown, severity} or not ticket.is_open:
        return
    label = (await desk.plan_of(ticket)).promise(stands).severity.label if stands else "untriaged"
    raise Refusal(
        f"Somebody has just set {ticket.key} to {label}: choose once more if you see it otherwise."
    )


async def choose_severity(
    desk: Desk, key: str, actor: str, severity: str, *, channel_id: str, shown: str | None = None
) -> bool:
    """Set or propose the severity on the card in the client's channel: staff decide, clients
    propose.

    "A proposal holds until staff decide; both are kept." Return whether the choice holds.
    Raises NoSuchTicket for another channel.
    """
    ticket = await ticket_by_key(desk, key)
    if ticket.channel_id != channel_id:
        raise NoSuchTicket(key)
    await _check_shown(desk, ticket, severity, shown)
    if await desk.work.staff.get(actor) is not None:
        await _set_severity(desk, ticket, actor, Side.STAFF, severity)
    elif ticket.severity_by is Side.STAFF and ticket.severity != severity:
        _check_known(await desk.plan_of(ticket), severity)
        await desk.note(ticket, actor, "proposal_noted", severity=severity)
        return False
    elif ticket.severity_by is not Side.STAFF:
        await _set_severity(desk, ticket, actor, Side.CLIENT, severity)
    return True


async def _set_severity(
    desk: Desk,
    ticket: Ticket,
    actor: str,
    side: Side,
    severity: str,
    *,
    from_now: bool = False,
) -> Ticket:
    """Set the severity and recompute the clocks. Raises Refusal if the ticket is closed."""
    if not ticket.is_open:
        raise Refusal(f"{ticket.key} is {ticket.state}: reopen it first to change its severity.")
    _check_known(await desk.plan_of(ticket), severity)
    chosen = replace(ticket, severity=severity, severity_by=side)
    if chosen == ticket:
        return ticket
    kind = "severity_decided" if side is Side.STAFF else "severity_proposed"
    since = {"from": FROM_NOW} if from_now else {}
    after = await desk.change(ticket, chosen, actor, kind, besides=since)
    await recompute_clocks(desk, after)
    return after


def _check_known(plan: Plan, severity: str) -> None:
    """Raise Refusal if the plan has no such severity."""
    known = [promise.severity.id for promise in plan.promises]
    if severity not in known:
        raise Refusal(f"{plan.name} has no severity “{severity}”: choose {', '.join(known)}.")
