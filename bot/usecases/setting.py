"""What managers set of a client: which posts open tickets, and how long follow-ups join one."""

from dataclasses import replace

from bot.domain.client import Client, Intake, Role
from bot.errors import Refusal
from bot.usecases.asking import ask_card
from bot.usecases.desk import Desk, staff_member
from bot.usecases.listing import client_by_key

LONGEST_JOIN = 60  # minutes


class NotManager(Refusal):
    def __init__(self) -> None:
        super().__init__("This is for managers: ask one of yours to set it.")


async def manager(desk: Desk, user_id: str) -> None:
    """Raises NotStaff or NotManager."""
    if (await staff_member(desk, user_id)).role is not Role.MANAGER:
        raise NotManager


async def set_intake(desk: Desk, key: str, actor: str, intake: str) -> Client:
    """Which posts open a ticket, from the next one on. Where none does, a card with a button stands
    in the channel; it stays there, and works, whatever is set later. Said again, it posts a new
    one: the old one may be far up by then."""
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
    """For how many minutes the same person's next posts join their ticket; 0 for none."""
    await manager(desk, actor)
    client = await client_by_key(desk, key)
    if not (minutes.isascii() and minutes.isdigit() and int(minutes) <= LONGEST_JOIN):
        raise Refusal(f"Say for how many minutes follow-ups join: 0 to {LONGEST_JOIN}.")
    after = replace(client, join_minutes=int(minutes))
    await desk.work.clients.save(after)
    return after
