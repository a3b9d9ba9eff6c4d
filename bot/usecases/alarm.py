"""Alarms: messages to the operators about faults that need a person."""

from bot.domain.messages import Outgoing
from bot.usecases.desk import Desk

ALARM = "alarm"


async def raise_alarm(desk: Desk, key: str, words: str, *, channel: str | None = None) -> None:
    """Queue an alarm for the managers' channel, or for another `channel`.

    `key` identifies the fault and is used only once ever, so the key of a fault that can recur
    contains its day or its row. `words` are posted as they are: plain sentences that describe the
    fault, its effect and the remedy.
    """
    place = channel or desk.places.managers_channel
    await desk.work.outbox.say(Outgoing(f"alarm:{key}", ALARM, place, facts={"words": words}))
