"""Alarms: messages to the operators about faults that need a person."""

from bot.domain.messages import Outgoing
from bot.domain.operations.alarms import Alarm, alarm_facts
from bot.usecases.desk import Desk

ALARM = "alarm"


async def raise_alarm(desk: Desk, key: str, alarm: Alarm, *, channel: str | None = None) -> None:
    """Queue an alarm for the managers' channel, or for another `channel`.

    `key` identifies the fault and is used only once ever, so the key of a fault that can recur
    contains its day or its row.
    """
    place = channel or desk.places.managers_channel
    await desk.work.outbox.say(Outgoing(f"alarm:{key}", ALARM, place, facts=alarm_facts(alarm)))
