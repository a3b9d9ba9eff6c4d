"""Alarms about messages that Slack refused, raised in the transaction that parks the message."""

from bot.domain.ids import ChannelId, UserId
from bot.domain.messages import Outgoing
from bot.domain.operations.messages import AlarmMessage
from bot.usecases.alarm import raise_alarm
from bot.usecases.desk import Desk
from bot.usecases.operations.unreachable import NEXT_IS_TOLD

# Slack's errors about a place rather than the words (chat.postMessage, conversations.open), with
# their meaning for the operators.
_PLACE_ERRORS = {
    "cannot_dm_bot": "it is a bot",
    "channel_not_found": "it is not there any more, or it is private and I am not in it",
    "is_archived": "it is archived",
    "is_inactive": "it is archived",
    "messages_tab_disabled": "messages to the app are switched off on its page, App Home",
    "missing_scope": "the app lacks a permission for it, and deskbell manifest lists them all",
    "not_in_channel": "I am not a member of it",
    "restricted_action": "a setting of the workspace forbids it",
    "restricted_action_non_threadable_channel": "a setting of the channel forbids it",
    "restricted_action_read_only_channel": "the channel is read-only",
    "restricted_action_thread_only_channel": "the channel takes answers in threads only",
    "user_disabled": "this person's account is closed",
    "user_not_found": "there is no such person",
}
# The errors among them that end when the channel is unarchived or the bot is invited, with the
# name of the event that may have reported the change already.
CLOSED = {
    "channel_not_found": "not found",
    "is_archived": "archived",
    "is_inactive": "archived",
    "not_in_channel": "left",
}
_WAITS_UNTIL_OPEN = (
    "What I owe there is said when I can write there again. If that cannot wait, please tell the"
    " people concerned yourself."
)
_PERSON_ERRORS = ("user_disabled", "user_not_found")
_GIVEN_UP = (
    "What I owed there is not said, and I do not try it again: please tell the people concerned"
    " yourself."
)


async def refused(desk: Desk, outgoing: Outgoing, error: str) -> None:
    """Raise an alarm about a message that Slack will never accept; the message is parked.

    A closed place is reported once a day, refused words once for each message.
    """
    if error in _PLACE_ERRORS:
        await _alarm_closed_place(
            desk,
            outgoing,
            error,
            NEXT_IS_TOLD
            if error in _PERSON_ERRORS
            else _WAITS_UNTIL_OPEN
            if error in CLOSED
            else _GIVEN_UP,
        )
    elif not isinstance(outgoing.message, AlarmMessage):  # else alarms would raise alarms
        place = await place_named(desk, outgoing.address)
        await raise_alarm(
            desk,
            f"refused:{outgoing.key}",
            f"{await _subject_of(desk, outgoing)} could not be shown in {place} ({error}), and I do"
            " not try it again: please tell the people concerned yourself. The log has more about"
            f" it under {outgoing.key}.",
        )


async def shut_out(desk: Desk, outgoing: Outgoing, error: str) -> None:
    """Raise an alarm about a place that refuses the bot for now; its messages wait."""
    await _alarm_closed_place(
        desk,
        outgoing,
        error,
        "What I owe there waits for a day and is said as soon as that is mended: please invite me.",
    )


async def token_refused(desk: Desk, error: str) -> None:
    """Raise an alarm about a refused token, posted once Slack accepts the token again.

    Until then the log and the health pages report it.
    """
    await raise_alarm(
        desk,
        f"token:{error}:{desk.now:%Y-%m-%d}",
        f"Slack refused the app's token ({error}), and until that was mended I could say nothing."
        " Nothing is lost: what was owed meanwhile is said now, late. Please look at what was due.",
    )


async def _alarm_closed_place(desk: Desk, outgoing: Outgoing, error: str, consequence: str) -> None:
    """Raise the daily alarm about a place that cannot be written to."""
    place = await place_named(desk, outgoing.address)
    await raise_alarm(
        desk,
        shut_key(desk, outgoing.address, CLOSED.get(error, error)),
        f"I cannot write in {place}: {_PLACE_ERRORS[error]} ({error}). {consequence}",
        channel=readable_place(desk, outgoing.address),
    )


async def _subject_of(desk: Desk, outgoing: Outgoing) -> str:
    """Return the message's kind, with its ticket's key, as the subject of a sentence."""
    kind = outgoing.message.kind.replace("_", " ")
    if outgoing.ticket_id is None:
        return f"A message ({kind})"
    ticket = await desk.work.tickets.get_for_update(outgoing.ticket_id)
    return f"A message about {ticket.key} ({kind})"


def readable_place(desk: Desk, shut: str) -> str:
    """Return the channel for alarms about a closed channel.

    Alarms go to the managers' channel; if that channel is closed, to the triage channel.
    """
    places = desk.places
    return places.triage_channel if shut == places.managers_channel else places.managers_channel


def shut_key(desk: Desk, channel: str, why: str) -> str:
    """Return the key of the alarm about a closed channel: once a day, whichever way it was
    noticed."""
    return f"shut:{channel}:{why}:{desk.now:%Y-%m-%d}"


async def place_named(desk: Desk, channel: str) -> str:
    """Return a channel, or a person's direct messages, in words for the operators."""
    if channel == desk.places.triage_channel:
        return f"the triage channel ({channel})"
    if channel == desk.places.managers_channel:
        return f"the managers' channel ({channel})"
    if member := await desk.work.staff.get(UserId(channel)):
        return f"a direct message to {member.name or channel} ({channel})"
    client = await desk.work.clients.by_channel_for_update(ChannelId(channel))
    return f"{client.name}'s channel ({channel})" if client else f"the channel {channel}"
