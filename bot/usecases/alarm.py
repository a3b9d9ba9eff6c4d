"""What the operators must know, said once and loudly in the managers' channel."""

from bot.ports import Outgoing
from bot.usecases.desk import Desk

ALARM = "alarm"


async def raise_alarm(desk: Desk, key: str, words: str, *, channel: str | None = None) -> None:
    """Owe the managers' channel (or another) one message. `key` names the trouble: it is told once,
    for ever, so a trouble that can come back has its day or its row in the key. `words` say in
    plain sentences what happened, what that means and what to do; they are shown as they stand.
    """
    place = channel or desk.places.managers_channel
    await desk.work.outbox.say(Outgoing(f"alarm:{key}", ALARM, place, facts={"words": words}))
