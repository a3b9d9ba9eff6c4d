"""Settings of a client, made by managers: intake mode and follow-up window."""

from dataclasses import replace

from bot.domain.client import Client, Intake, Role
from bot.errors import Refusal
from bot.usecases.asking import ask_card
from bot.usecases.desk import Desk, staff_member
from bot.usecases.listing import client_by_key

LONGEST_JOIN = 60  # minutes


class NotManager(Refusal):
    """Refusal: the actor is not a manager."""

    def __init__(self) -> None:
        super().__init__("This is for managers: ask one of yours to set it.")


async def manager(desk: Desk, user_id: str) -> None:
    """Check that the person is a manager. Raises NotStaff or NotManager."""
    if (await staff_member(desk, user_id)).role is not Role.MANAGER:
        raise NotManager


async def set_intake(desk: Desk, key: str, actor: str, intake: str) -> Client:
    """Set which posts open a ticket, from the next post on. Managers only.

    In the mode without such posts, a card with a button is posted in the channel. The card keeps
    working in other modes. Setting the mode again posts a new card, since the old card may be far
    up.
    """
    await manager(desk, actor)
    client = await client_by_key(desk, key)
    if intake not in list(Intake):
        raise Refusal(f"Say which posts open a ticket: {', '.join(Intake)}.")
    if client.channel_id is None:
        raise Refusal(f"{client.name} has no channel, so nothing is posted there.")
    after = replace(client, intake=Intake(intake))
    await desk.work.clients.save(after)
    if after.intake is Intake.ASKED:
        await desk.work.outbox.say(ask_card(after, client.channel_id, desk.now))
    return after


async def set_join(desk: Desk, key: str, actor: str, minutes: str) -> Client:
    """Set for how many minutes a person's next posts join their ticket (0 = never). Managers
    only."""
    await manager(desk, actor)
    client = await client_by_key(desk, key)
    if not (minutes.isascii() and minutes.isdigit() and int(minutes) <= LONGEST_JOIN):
        raise Refusal(f"Say for how many minutes follow-ups join: 0 to {LONGEST_JOIN}.")
    after = replace(client, join_minutes=int(minutes))
    await desk.work.clients.save(after)
    return after
