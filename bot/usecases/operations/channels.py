"""Changes of the channels that the desk works in, and the alarms about them."""

from bot.domain.ids import ChannelId
from bot.domain.operations.alarms import ChannelClosed, ChannelIdTaken, Closed, SettingOutdated
from bot.usecases.alarm import raise_alarm
from bot.usecases.desk import Desk
from bot.usecases.operations.delivery_failures import CLOSED, named_place, readable_place, shut_key


async def channel_id_changed(desk: Desk, channel_id: ChannelId, new_id: ChannelId) -> str:
    """Replace the channel's ID by its new ID everywhere, and return the outcome for the record.

    Slack, on sharing a channel: "The existing private channel's unique channel ID changes to a new
    identifier permanently". If the new ID belongs to another client's channel, nothing is changed
    and an alarm is raised.
    """
    owner = await desk.work.clients.by_channel_for_update(channel_id)
    other = await desk.work.clients.by_channel_for_update(new_id)
    if owner is not None and other is not None and other.id != owner.id:
        await raise_alarm(
            desk,
            f"channel-id:{channel_id}:{new_id}",
            ChannelIdTaken(owner.name, channel_id, new_id, other.name),
        )
        return f"{new_id} is another client's channel"
    await desk.work.channels.follow(channel_id, new_id)
    await _alarm_old_settings(desk, channel_id, new_id)
    return f"{channel_id} is {new_id} now"


async def _alarm_old_settings(desk: Desk, channel_id: ChannelId, new_id: ChannelId) -> None:
    """Raise an alarm for each setting that still names the channel's old ID."""
    named = {
        "DESKBELL_TRIAGE_CHANNEL": desk.places.triage_channel,
        "DESKBELL_MANAGERS_CHANNEL": desk.places.managers_channel,
    }
    for setting, channel in named.items():
        if channel == channel_id:
            alarm = SettingOutdated(setting, await named_place(desk, channel_id), new_id)
            await raise_alarm(desk, f"setting:{setting}:{new_id}", alarm)


async def follow(desk: Desk, channel_id: ChannelId) -> bool:
    """Move messages from a channel's old ID to its new ID, and return whether there is a new ID.

    They were queued under the old ID because a setting still names it.
    """
    new_id = await desk.work.channels.current(channel_id)
    if new_id == channel_id:
        return False
    await desk.work.channels.follow(channel_id, new_id)
    return True


async def channel_closed(desk: Desk, channel_id: ChannelId, why: Closed) -> str:
    """Raise an alarm about a closed channel, at most once a day, and return the outcome for the
    record.

    An alarm about the managers' own channel goes to the triage channel.
    """
    if not await _is_desk_channel(desk, channel_id):
        return "no channel of the desk's"
    await raise_alarm(
        desk,
        shut_key(desk, channel_id, why),
        ChannelClosed(await named_place(desk, channel_id), why),
        channel=readable_place(desk, channel_id),
    )
    return f"{channel_id}: {why}, the operators are told"


async def channel_opened(desk: Desk, channel_id: ChannelId) -> str:
    """Queue again the messages that a closed channel refused; it was unarchived or the bot was
    invited."""
    await desk.work.outbox.take_up(CLOSED, channel_id)
    return f"{channel_id} is open, what is owed there is said"


async def try_closed_channels(desk: Desk) -> None:
    """Queue the refused messages of every closed channel again.

    Events about channels that opened while the desk was down do not arrive.
    """
    await desk.work.outbox.take_up(CLOSED)


async def _is_desk_channel(desk: Desk, channel_id: ChannelId) -> bool:
    """Return whether the channel is the triage channel, the managers' channel or a client's."""
    if channel_id in (desk.places.triage_channel, desk.places.managers_channel):
        return True
    return await desk.work.clients.by_channel_for_update(channel_id) is not None
