"""Somebody whom Slack lets nobody write to: whoever is next is told instead, at once."""

from bot.domain.escalation import Rung
from bot.domain.ladder import Step
from bot.ports import Outgoing
from bot.usecases.alarm import raise_alarm
from bot.usecases.being_away import put_away
from bot.usecases.desk import Desk
from bot.usecases.snoozing import LONGEST
from bot.usecases.telling import PINGS
from bot.usecases.undelivered import NEXT_IS_TOLD


async def account_changed(desk: Desk, user_id: str, *, is_closed: bool) -> str:
    """Slack goes on taking messages to a closed account with whom there has been one: what it tells
    of accounts is the only sign. What became of the event, in words for the record."""
    member = await desk.work.staff.get(user_id)
    if member is None or not is_closed:
        return "nothing that the desk must know"
    await put_away(desk, user_id, desk.now + LONGEST, member.cover)  # nor are they back meanwhile
    name = member.name or user_id
    words = f"The account of {name} ({user_id}) in Slack is closed. {NEXT_IS_TOLD}"
    await raise_alarm(desk, f"account:{user_id}:{desk.now:%Y-%m-%d}", words)
    return f"{user_id} counts as away"


async def cannot_be_told(desk: Desk, owed: Outgoing) -> None:
    """A ping to a person was refused, as where their account is closed: they count as away from
    now on, and who is told is decided anew, so that "a rung with nobody on it falls to the next at
    once". Nothing for what goes elsewhere, or to nobody of the staff."""
    member = await desk.work.staff.get(owed.channel)
    if owed.kind not in {"ping", PINGS} or member is None or member.is_away(desk.now):
        return
    await put_away(desk, owed.channel, desk.now + LONGEST, member.cover)
    for part in owed.facts.get("parts") or [owed.facts | {"ticket": owed.ticket_id}]:
        held = Rung(Step.HELD, desk.now)
        await desk.work.timers.add(part["ticket"], [(part["clock"], held)])
