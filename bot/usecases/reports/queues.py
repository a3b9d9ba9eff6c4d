"""Lists for staff: the queue, open tickets, at-risk and overdue tickets, and used quota."""

from bot.domain.agreements.account import Account
from bot.domain.ids import UserId
from bot.domain.tickets.ticket_view import TicketView
from bot.usecases.access import client_by_key, staff_member
from bot.usecases.agreements.accounts import account
from bot.usecases.desk import Desk
from bot.usecases.tickets.open_tickets import is_for, open_for, open_ticket_views, views_in_order


async def queue(desk: Desk, actor: UserId) -> list[TicketView]:
    """Return the open tickets that the actor must act on, in order of their due times. Staff only.

    They are the actor's own, and the unassigned tickets of clients whose account engineer the actor
    is.
    """
    await staff_member(desk, actor)
    ticket_views = await views_in_order(desk, await open_for(desk, [actor]))
    return [ticket_view for ticket_view in ticket_views if is_for(ticket_view, actor, desk.now)]


async def all_open(desk: Desk, actor: UserId, client_key: str | None = None) -> list[TicketView]:
    """Return the open tickets of a client or of all clients, in order of their due times. Staff
    only."""
    await staff_member(desk, actor)
    client = await client_by_key(desk, client_key) if client_key is not None else None
    return await open_ticket_views(desk, client)


async def at_risk(desk: Desk, actor: UserId) -> list[TicketView]:
    """Return the tickets with a clock that has used 75 % of its time. Staff only."""
    await staff_member(desk, actor)
    return [ticket_view for ticket_view in await pressing(desk) if ticket_view.is_at_risk(desk.now)]


async def late(desk: Desk, actor: UserId) -> list[TicketView]:
    """Return the open tickets with a breached clock. Staff only."""
    await staff_member(desk, actor)
    return [ticket_view for ticket_view in await pressing(desk) if ticket_view.is_late]


async def pressing(desk: Desk) -> list[TicketView]:
    """Return the open tickets that are overdue or at risk, in order of their due times."""
    return await views_in_order(desk, await desk.work.clocks.pressing(desk.now))


async def accounts(desk: Desk, actor: UserId, client_key: str | None = None) -> list[Account]:
    """Return a client's account, or the accounts of all clients, as of now. Staff only."""
    await staff_member(desk, actor)
    if client_key is not None:
        return [await account(desk, await client_by_key(desk, client_key))]
    return [await account(desk, client) for client in await desk.work.clients.all()]
