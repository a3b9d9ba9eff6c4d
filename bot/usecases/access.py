"""Access checks: staff and managers, and tickets and clients looked up by key."""

from bot.domain.operations.client import Client
from bot.domain.operations.refusals import NoSuchClient, NotManager, NotStaff
from bot.domain.operations.staff import Role, StaffMember
from bot.domain.ticket import WORDS_LENGTH, Ticket
from bot.domain.tickets.refusals import NoSuchTicket, TooLong
from bot.usecases.desk import Desk


async def staff_member(desk: Desk, user_id: str) -> StaffMember:
    """Return the staff member with this Slack user ID. Raises NotStaff.

    Each action looks the actor up again: an old button may outlast its user's place on the staff.
    """
    member = await desk.work.staff.get(user_id)
    if member is None:
        raise NotStaff
    return member


def check_length(words: str, length: int = WORDS_LENGTH) -> None:
    """Raise TooLong if `words` have more than `length` characters (Slack would cut them)."""
    if (over := len(words.strip()) - length) > 0:
        raise TooLong(over, length)


async def ticket_by_key(desk: Desk, key: str) -> Ticket:
    """Return the ticket with this key. Raises NoSuchTicket."""
    ticket = await desk.work.tickets.by_key(key)
    if ticket is None:
        raise NoSuchTicket(key)
    return ticket


async def manager(desk: Desk, user_id: str) -> None:
    """Check that the person is a manager. Raises NotStaff or NotManager."""
    if (await staff_member(desk, user_id)).role is not Role.MANAGER:
        raise NotManager


async def client_by_key(desk: Desk, key: str) -> Client:
    """Return the client with this key. Raises NoSuchClient."""
    client = await desk.work.clients.by_key(key)
    if client is None:
        known = [client.key for client in await desk.work.clients.all()]
        raise NoSuchClient(key, tuple(known))
    return client
