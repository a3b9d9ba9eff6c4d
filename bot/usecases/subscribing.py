"""Channels of the vendor's own that read the digest of one client or plan."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.client import Client
from bot.errors import Refusal
from bot.usecases.alarm import raise_alarm
from bot.usecases.desk import Desk, staff_member
from bot.usecases.listing import account
from bot.usecases.setting import manager


@dataclass(frozen=True, slots=True)
class Place:
    """A channel as Slack describes it: nothing internal is said in one that others share."""

    channel_id: str
    is_shared: bool
    has_us: bool  # the desk is a member


async def subscribe(desk: Desk, actor: str, place: Place, subject: str) -> str:
    """Let the channel read the morning's digest of a client (its key) or of all on a plan (its id).
    Managers only; what they are to read of. Said twice, it is said once."""
    await manager(desk, actor)
    owner = await desk.work.clients.by_channel(place.channel_id)
    if owner is not None or place.is_shared:
        raise Refusal("Others read along here: choose a channel of your own people.")
    if not place.has_us:
        raise Refusal("I am not in this channel: invite me here first.")
    found = await _subject(desk, subject)
    await desk.work.subscriptions.add(place.channel_id, found, actor)
    return found


async def unsubscribe(desk: Desk, actor: str, channel_id: str) -> None:
    await manager(desk, actor)
    await desk.work.subscriptions.end(channel_id)


async def subscribed(desk: Desk, actor: str) -> Sequence[tuple[str, str]]:
    """Each channel with what it reads of, for staff."""
    await staff_member(desk, actor)
    return await desk.work.subscriptions.all()


async def no_longer_ours(desk: Desk, channel_id: str) -> None:
    """The channel is shared with another workspace from now on: nothing internal goes there."""
    if any(channel == channel_id for channel, _ in await desk.work.subscriptions.all()):
        await desk.work.subscriptions.end(channel_id)
        words = (
            f"The channel {channel_id} is shared with others now, so that I post no more digests"
            " there. Please choose another one with */desk subscribe*."
        )
        await raise_alarm(desk, f"subscribed:{channel_id}", words)


async def names_of(desk: Desk, subject: str) -> set[str]:
    """The names of the clients that a subscription is about, as of now."""
    clients = await desk.work.clients.all()
    return {one.name for one in clients if await _is_about(desk, one, subject)}


async def _is_about(desk: Desk, client: Client, subject: str) -> bool:
    if client.key == subject:
        return True
    plan = (await account(desk, client)).plan
    return plan is not None and plan.id == subject


async def _subject(desk: Desk, words: str) -> str:
    if await desk.work.clients.by_key(words) is not None:
        return words.upper()
    plans = {one.id for catalog in desk.plans.catalogs for one in catalog.plans.values()}
    if words.lower() in plans:
        return words.lower()
    keys = [one.key for one in await desk.work.clients.all()]
    known = ", ".join([*keys, *sorted(plans)][:40])
    raise Refusal(f"There is no client or plan “{words[:60]}”: choose one of {known}.")
