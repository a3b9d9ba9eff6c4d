"""Access checks: staff and managers, and tickets and clients looked up by key."""

from typing import assert_never

from bot.domain.actor import Actor, ClientPerson, Operator, Person, Staff, System
from bot.domain.ids import UserId
from bot.domain.operations.client import Client
from bot.domain.operations.staff import Role, StaffMember
from bot.domain.ticket import WORDS_LENGTH, Ticket
from bot.errors import Refusal
from bot.usecases.desk import Desk


class NotStaff(Refusal):
    """Refusal: the actor is not on the vendor's staff, and only staff may do this."""

    def __init__(self) -> None:
        super().__init__(
            "This is for the support team. Write in your channel and we will take it from there."
        )


class NoSuchTicket(Refusal):
    """Refusal: there is no such ticket, or it belongs to another client.

    The words are the same in both cases, so that nobody learns which tickets other clients have.
    """

    def __init__(self, key: str) -> None:
        super().__init__(f"There is no ticket {key} here: check the key on its card.")


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
    return ClientPerson(UserId(user_id)) if member is None else member.actor


def check_length(words: str, length: int = WORDS_LENGTH) -> None:
    """Raise Refusal if `words` have more than `length` characters (Slack would cut them)."""
    if (over := len(words.strip()) - length) > 0:
        raise Refusal(f"That is {over} characters too long: shorten it to {length}.")


async def ticket_by_key(desk: Desk, key: str) -> Ticket:
    """Return the ticket with this key. Raises NoSuchTicket."""
    ticket = await desk.work.tickets.by_key_for_update(key)
    if ticket is None:
        raise NoSuchTicket(key)
    return ticket


class NotManager(Refusal):
    """Refusal: the actor is not a manager."""

    def __init__(self) -> None:
        super().__init__("This is for managers: ask one of yours to set it.")


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
    """Return the client with this key. Raises Refusal with the known keys."""
    client = await desk.work.clients.by_key_for_update(key)
    if client is None:
        known = [client.key for client in await desk.work.clients.all()]
        choices = ", ".join(known[:50]) or "one once it is added"
        raise Refusal(f"There is no client {key.upper()}: choose {choices}.")
    return client
