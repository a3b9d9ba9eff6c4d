"""Alarms: messages to the operators about faults that need a person."""

from bot.domain.destinations import Channel
from bot.domain.ids import ChannelId
from bot.domain.messages import Outgoing
from bot.domain.operations.alarms import Alarm
from bot.domain.operations.messages import AlarmMessage
from bot.usecases.desk import Desk


async def raise_alarm(
    desk: Desk, key: str, alarm: Alarm, *, channel: ChannelId | None = None
) -> None:
    """Queue an alarm for the managers' channel, or for another `channel`.

    `key` identifies the fault and is used only once ever, so the key of a fault that can recur
    contains its day or its row.
    """
    place = Channel(channel) if channel else desk.places.managers
    await desk.work.outbox.say(Outgoing(f"alarm:{key}", place, AlarmMessage(alarm)))
