"""Staff to whom Slack delivers no messages: the next person is told at once."""

from typing import assert_never

from bot.domain.escalation.decision import Rung
from bot.domain.escalation.ladder import Step
from bot.domain.escalation.messages import PingMessage, PingsTogether, Reminder
from bot.domain.ids import UserId
from bot.domain.messages import Outgoing
from bot.domain.operations.alarms import AccountClosed
from bot.usecases.alarm import raise_alarm
from bot.usecases.desk import Desk
from bot.usecases.operations.absence import put_away
from bot.usecases.tickets.handling.snooze import LONGEST


async def account_changed(desk: Desk, user_id: UserId, *, is_closed: bool) -> str:
    """Mark a staff member as away if their Slack account was closed.

    Slack accepts direct messages to a closed account that had a conversation before, so this event
    is the only sign. Return the outcome in words for the record.
    """
    member = await desk.work.staff.get(user_id)
    if member is None or not is_closed:
        return "nothing that the desk must know"
    # This also replaces an earlier end of their absence.
    await put_away(desk, user_id, desk.now + LONGEST, member.cover)
    name = member.name or user_id
    alarm = AccountClosed(user_id, name)
    await raise_alarm(desk, f"account:{user_id}:{desk.now:%Y-%m-%d}", alarm)
    return f"{user_id} counts as away"


async def cannot_be_told(desk: Desk, outgoing: Outgoing) -> None:
    """Act on a ping that Slack refused because its reader cannot be reached.

    The staff member counts as away from now on, and the readers are chosen again: "a rung with
    nobody on it falls to the next at once". Other messages and other readers are ignored.
    """
    message, user_id = outgoing.message, UserId(outgoing.address)
    member = await desk.work.staff.get(user_id)
    if not isinstance(message, Reminder) or member is None or member.is_away(desk.now):
        return
    await put_away(desk, user_id, desk.now + LONGEST, member.cover)
    for ping in _pings_in(message):
        held = Rung(Step.HELD, desk.now)
        await desk.work.timers.add(ping.ticket, [(ping.steps[0].clock, held)])


def _pings_in(message: Reminder) -> tuple[PingMessage, ...]:
    """Return the pings that the message contains."""
    match message:
        case PingMessage():
            return (message,)
        case PingsTogether(parts=parts):
            return parts
        case _:
            assert_never(message)
