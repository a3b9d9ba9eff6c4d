"""Settings of a client, made by managers: intake mode and follow-up window."""

from dataclasses import replace

from bot.domain.ids import UserId
from bot.domain.operations.client import Client, Intake
from bot.domain.operations.refusals import NoChannel, NoSuchIntake, NoSuchJoin
from bot.usecases.access import client_by_key, manager
from bot.usecases.desk import Desk
from bot.usecases.intake.ask import ask_card

LONGEST_JOIN = 60  # minutes


async def set_intake(desk: Desk, key: str, actor: UserId, intake: str) -> Client:
    """Set which posts open a ticket, from the next post on. Managers only.

    In the mode without such posts, a card with a button is posted in the channel. The card keeps
    working in other modes. Setting the mode again posts a new card, since the old card may be far
    up.
    """
    await manager(desk, actor)
    client = await client_by_key(desk, key)
    if intake not in list(Intake):
        raise NoSuchIntake
    if client.channel_id is None:
        raise NoChannel(client.name)
    after = replace(client, intake=Intake(intake))
    await desk.work.clients.save(after)
    if after.intake is Intake.ASKED:
        await desk.work.outbox.say(ask_card(after, client.channel_id, desk.now))
    return after


async def set_join(desk: Desk, key: str, actor: UserId, minutes: str) -> Client:
    """Set for how many minutes a person's next posts join their ticket (0 = never). Managers
    only."""
    await manager(desk, actor)
    client = await client_by_key(desk, key)
    if not (minutes.isascii() and minutes.isdigit() and int(minutes) <= LONGEST_JOIN):
        raise NoSuchJoin(LONGEST_JOIN)
    after = replace(client, join_minutes=int(minutes))
    await desk.work.clients.save(after)
    return after
