"""Access checks: staff and managers, and tickets and clients looked up by key."""

from typing import assert_never

from bot.domain.actor import Actor, ClientPerson, Operator, Person, Staff, System
from bot.domain.ids import UserId
from bot.domain.operations.client import Client
from bot.domain.operations.refusals import NoSuchClient, NotManager, NotStaff
from bot.domain.operations.staff import Role, StaffMember
from bot.domain.ticket import WORDS_LENGTH, Ticket
from bot.domain.tickets.refusals import NoSuchTicket, TooLong
from bot.usecases.desk import Desk


async def staff_member(desk: Desk, user_id: UserId) -> StaffMember:
    """Return the staff member with this Slack user ID. Raises NotStaff.

    Each action looks the actor up again: an old button may outlast its user's place on the staff.
    """
    member = await desk.work.staff.get(user_id)
    if member is None:
        raise NotStaff
    return member


async def person(desk: Desk, user_id: UserId) -> Person:
    """Return the person with this Slack user ID as an actor: staff, or on a client's side."""
    member = await desk.work.staff.get(user_id)
    return ClientPerson(user_id) if member is None else member.actor


def check_length(words: str, length: int = WORDS_LENGTH) -> None:
    """Raise TooLong if `words` have more than `length` characters (Slack would cut them)."""
    if (over := len(words.strip()) - length) > 0:
        raise TooLong(over, length)


async def ticket_by_key(desk: Desk, key: str) -> Ticket:
    """Return the ticket with this key. Raises NoSuchTicket."""
    ticket = await desk.work.tickets.by_key_for_update(key)
    if ticket is None:
        raise NoSuchTicket(key)
    return ticket


async def manager(desk: Desk, user_id: UserId) -> StaffMember:
    """Return the manager with this Slack user ID. Raises NotStaff or NotManager."""
    member = await staff_member(desk, user_id)
    if member.role is not Role.MANAGER:
        raise NotManager
    return member


async def check_manages(desk: Desk, actor: Actor) -> None:
    """Check that the actor is a manager, or the operator, who may do whatever managers may.

    Raises NotStaff or NotManager.
    """
    match actor:
        case Staff(user_id) | ClientPerson(user_id):
            await manager(desk, user_id)
        case System():
            raise NotStaff
        case Operator():
            pass
        case _:
            assert_never(actor)


async def client_by_key(desk: Desk, key: str) -> Client:
    """Return the client with this key. Raises NoSuchClient."""
    client = await desk.work.clients.by_key_for_update(key)
    if client is None:
        known = [client.key for client in await desk.work.clients.all()]
        raise NoSuchClient(key, tuple(known))
    return client
