"""What becomes of the channels that the desk works in: the operators are told what they must do."""

from enum import StrEnum

from bot.usecases.alarm import raise_alarm
from bot.usecases.desk import Desk
from bot.usecases.undelivered import CLOSED, place_named, readable_place, shut_key


class Closed(StrEnum):
    """Why the desk can neither hear nor speak in a channel."""

    ARCHIVED = "archived"
    DELETED = "deleted"
    LEFT = "left"


_WHAT_TO_DO = {
    Closed.ARCHIVED: (
        "was archived. I hear nothing there and can say nothing, and the clocks of its tickets go"
        " on. Please unarchive it, or agree with its people on another way; what I owe there is"
        " said as soon as it is open again."
    ),
    Closed.DELETED: (
        "was deleted, with all that was said in it. Its tickets stay in the triage channel and"
        " their clocks go on, but I cannot reach its people: please agree with them on another way."
    ),
    Closed.LEFT: (
        "is closed to me: I was removed from it. I hear nothing there and can say nothing, and the"
        " clocks of its tickets go on. Please invite me there again; what I owe there is said then,"
        " and what was written meanwhile is read from its history."
    ),
}


async def channel_id_changed(desk: Desk, channel_id: str, became: str) -> str:
    """Everything that names the channel follows to its new id. "The existing private channel's
    unique channel ID changes to a new identifier permanently" (Slack, of sharing one)."""
    owner = await desk.work.clients.by_channel(channel_id)
    other = await desk.work.clients.by_channel(became)
    if owner is not None and other is not None and other.id != owner.id:
        await raise_alarm(
            desk,
            f"channel-id:{channel_id}:{became}",
            f"{owner.name}'s channel has another id in Slack now ({became} instead of"
            f" {channel_id}), and that is the channel of {other.name} here. I changed nothing:"
            f" please look which of the two is in {became}.",
        )
        return f"{became} is another client's channel"
    await desk.work.channels.follow(channel_id, became)
    await _settings_are_old(desk, channel_id, became)
    return f"{channel_id} is {became} now"


async def _settings_are_old(desk: Desk, channel_id: str, became: str) -> None:
    named = {
        "DESKBELL_TRIAGE_CHANNEL": desk.places.triage_channel,
        "DESKBELL_MANAGERS_CHANNEL": desk.places.managers_channel,
    }
    for setting, channel in named.items():
        if channel == channel_id:
            place = _at_first(await place_named(desk, channel_id))
            await raise_alarm(
                desk,
                f"setting:{setting}:{became}",
                f"{place} has another id in Slack now: please set {setting} to {became} and restart"
                " Deskbell. Until then I find my way there, but more slowly.",
            )


async def follow(desk: Desk, channel_id: str) -> bool:
    """Whether this is what a channel was called formerly; then what was owed under it since (the
    settings may still say so) is owed under its new id."""
    became = await desk.work.channels.current(channel_id)
    if became == channel_id:
        return False
    await desk.work.channels.follow(channel_id, became)
    return True


async def channel_closed(desk: Desk, channel_id: str, why: Closed) -> str:
    """Tell it once a day at most. Of the managers' own channel it is told in the triage channel."""
    if not await _is_ours(desk, channel_id):
        return "no channel of the desk's"
    await raise_alarm(
        desk,
        shut_key(desk, channel_id, why),
        f"{_at_first(await place_named(desk, channel_id))} {_WHAT_TO_DO[why]}",
        channel=readable_place(desk, channel_id),
    )
    return f"{channel_id}: {why}, the operators are told"


async def channel_opened(desk: Desk, channel_id: str) -> str:
    """It was unarchived, or we were invited: what it refused meanwhile is owed again."""
    await desk.work.outbox.take_up(CLOSED, channel_id)
    return f"{channel_id} is open, what is owed there is said"


async def try_closed_channels(desk: Desk) -> None:
    """Nobody has told us what was opened while we were not there: try each closed channel once."""
    await desk.work.outbox.take_up(CLOSED)


async def _is_ours(desk: Desk, channel_id: str) -> bool:
    if channel_id in (desk.places.triage_channel, desk.places.managers_channel):
        return True
    return await desk.work.clients.by_channel(channel_id) is not None


def _at_first(words: str) -> str:
    """As a sentence begins."""
    return words[:1].upper() + words[1:]
