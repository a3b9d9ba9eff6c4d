"""Subscriptions: internal channels that receive the digest of a client or plan."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.ids import ChannelId, UserId
from bot.domain.operations.alarms import SubscribedChannelShared
from bot.domain.operations.client import Client
from bot.domain.reports.refusals import NoSuchSubject, NotInChannel, ReadByOthers
from bot.usecases.access import manager, staff_member
from bot.usecases.agreements.accounts import account
from bot.usecases.alarm import raise_alarm
from bot.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class Place:
    """A channel as Slack describes it.

    Nothing internal is posted in a channel that is shared with another workspace.
    """

    channel_id: ChannelId
    is_shared: bool
    has_us: bool  # the desk is a member


async def subscribe(desk: Desk, actor: UserId, place: Place, subject: str) -> str:
    """Subscribe the channel to the daily digest of a client (its key) or of a plan (its ID).

    Return the normalised subject; a repetition changes nothing. Managers only. Raises Refusal if
    outsiders can read the channel, if the desk is not in it, or if the subject is unknown.
    """
    await manager(desk, actor)
    owner = await desk.work.clients.by_channel_for_update(place.channel_id)
    if owner is not None or place.is_shared:
        raise ReadByOthers
    if not place.has_us:
        raise NotInChannel
    name = await _subject(desk, subject)
    await desk.work.subscriptions.add(place.channel_id, name, actor)
    return name


async def unsubscribe(desk: Desk, actor: UserId, channel_id: ChannelId) -> None:
    """End all subscriptions of the channel. Managers only."""
    await manager(desk, actor)
    await desk.work.subscriptions.end(channel_id)


async def subscribed(desk: Desk, actor: UserId) -> Sequence[tuple[str, str]]:
    """Return each subscribed channel with its subject. Staff only."""
    await staff_member(desk, actor)
    return await desk.work.subscriptions.all()


async def no_longer_ours(desk: Desk, channel_id: ChannelId) -> None:
    """End the subscriptions of a channel that is now shared, and alarm the managers."""
    if any(channel == channel_id for channel, _ in await desk.work.subscriptions.all()):
        await desk.work.subscriptions.end(channel_id)
        alarm = SubscribedChannelShared(channel_id)
        await raise_alarm(desk, f"subscribed:{channel_id}", alarm)


async def names_of(desk: Desk, subject: str) -> set[str]:
    """Return the names of the clients that a subscription covers now."""
    clients = await desk.work.clients.all()
    return {client.name for client in clients if await _is_about(desk, client, subject)}


async def _is_about(desk: Desk, client: Client, subject: str) -> bool:
    """Return whether the subject is the client's key or the ID of its plan."""
    if client.key == subject:
        return True
    plan = (await account(desk, client)).plan
    return plan is not None and plan.id == subject


async def _subject(desk: Desk, words: str) -> str:
    """Return the client's key or the plan's ID that the words name. Raises Refusal with the
    choices."""
    if await desk.work.clients.by_key_for_update(words) is not None:
        return words.upper()
    plans = {plan.id for catalog in desk.plans.catalogs for plan in catalog.plans.values()}
    if words.lower() in plans:
        return words.lower()
    keys = [client.key for client in await desk.work.clients.all()]
    raise NoSuchSubject(words, (*keys, *sorted(plans)))
