"""Setting the severity of a ticket."""

from dataclasses import replace
from functools import partial

from bot.domain.actor import Person, Staff
from bot.domain.agreements.plan import Plan
from bot.domain.ids import ChannelId, UserId
from bot.domain.ticket import Side, Ticket
from bot.domain.ticket_events import ProposalNoted, SeverityDecided, SeverityProposed
from bot.domain.tickets.refusals import (
    Action,
    NoSuchSeverity,
    NoSuchTicket,
    SeverityChanged,
    TicketNotOpen,
)
from bot.usecases.access import person, staff_member, ticket_by_key
from bot.usecases.desk import Desk
from bot.usecases.sla.clocks import recompute_clocks


async def decide_severity(
    desk: Desk,
    key: str,
    actor: UserId,
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
    by = (await staff_member(desk, actor)).actor
    ticket = await ticket_by_key(desk, key)
    await _check_shown(desk, ticket, severity, shown)
    return await _set_severity(desk, ticket, by, severity, from_now=from_now)


async def _check_shown(desk: Desk, ticket: Ticket, severity: str, shown: str | None) -> None:
    """Raise Refusal if the severity is no longer the `shown` severity, nor the chosen severity."""
    stands = ticket.severity or ""
    if shown is None or stands in {shown, severity} or not ticket.is_open:
        return
    label = (await desk.plan_of(ticket)).sla_target(stands).severity.label if stands else None
    raise SeverityChanged(ticket.key, label)


async def choose_severity(
    desk: Desk,
    key: str,
    actor: UserId,
    severity: str,
    *,
    channel_id: ChannelId,
    shown: str | None = None,
) -> bool:
    """Set or propose the severity on the card in the client's channel: staff decide, clients
    propose.

    "A proposal holds until staff decide; both are kept." Return whether the choice holds. Raises
    NoSuchTicket for another channel.
    """
    ticket = await ticket_by_key(desk, key)
    if ticket.channel_id != channel_id:
        raise NoSuchTicket(key)
    await _check_shown(desk, ticket, severity, shown)
    by = await person(desk, actor)
    if isinstance(by, Staff):
        await _set_severity(desk, ticket, by, severity)
    elif ticket.severity_by is Side.STAFF and ticket.severity != severity:
        _check_known(await desk.plan_of(ticket), severity)
        await desk.note(ticket, by, ProposalNoted(severity))
        return False
    elif ticket.severity_by is not Side.STAFF:
        await _set_severity(desk, ticket, by, severity)
    return True


async def _set_severity(
    desk: Desk, ticket: Ticket, by: Person, severity: str, *, from_now: bool = False
) -> Ticket:
    """Set the severity and recompute the clocks. Raises Refusal if the ticket is closed."""
    if not ticket.is_open:
        raise TicketNotOpen(ticket.key, ticket.state, Action.SET_SEVERITY)
    _check_known(await desk.plan_of(ticket), severity)
    side = Side.STAFF if isinstance(by, Staff) else Side.CLIENT
    chosen = replace(ticket, severity=severity, severity_by=side)
    if chosen == ticket:
        return ticket
    decided = partial(SeverityDecided, from_now=from_now)
    event = decided if side is Side.STAFF else SeverityProposed
    after = await desk.change(ticket, chosen, by, event)
    await recompute_clocks(desk, after)
    return after


def _check_known(plan: Plan, severity: str) -> None:
    """Raise Refusal if the plan has no such severity."""
    known = [sla_target.severity.id for sla_target in plan.sla_targets]
    if severity not in known:
        raise NoSuchSeverity(plan.name, severity, tuple(known))
