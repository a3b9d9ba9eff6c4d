"""What cannot be said in Slack: the operators are told, in the transaction that parks it."""

from bot.ports import Outgoing
from bot.usecases.alarm import ALARM, raise_alarm
from bot.usecases.desk import Desk

# What Slack says of a place and not of the words (chat.postMessage, conversations.open), and what
# that means.
_OF_PLACE = {
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
# Of these, the ones that are over when the channel is unarchived or the bot is invited, and what
# has happened then: events may have told it already.
CLOSED = {
    "channel_not_found": "not found",
    "is_archived": "archived",
    "is_inactive": "archived",
    "not_in_channel": "left",
}
_WAITS_FOR_THE_DOOR = (
    "What I owe there is said when I can write there again. If that cannot wait, please tell the"
    " people concerned yourself."
)
NEXT_IS_TOLD = (
    "They count as away from now on, and whoever is next is told instead: *deskbell staff remove*"
    " takes them off the list, */desk away @them no* says that they are back."
)
_OF_PERSON = ("user_disabled", "user_not_found")
_NOT_SAID = (
    "What I owed there is not said, and I do not try it again: please tell the people concerned"
    " yourself."
)


async def refused(desk: Desk, owed: Outgoing, error: str) -> None:
    """Slack will never take this message, and it is parked: tell of a place that takes nothing
    once a day, and of words that it does not take once each."""
    if error in _OF_PLACE:
        await _no_way_in(
            desk,
            owed,
            error,
            NEXT_IS_TOLD
            if error in _OF_PERSON
            else _WAITS_FOR_THE_DOOR
            if error in CLOSED
            else _NOT_SAID,
        )
    elif owed.kind != ALARM:  # an alarm that cannot be said breeds no alarms
        place = await place_named(desk, owed.channel)
        await raise_alarm(
            desk,
            f"refused:{owed.key}",
            f"{await _named(desk, owed)} could not be shown in {place} ({error}), and I do"
            " not try it again: please tell the people concerned yourself. The log has more about"
            f" it under {owed.key}.",
        )


async def shut_out(desk: Desk, owed: Outgoing, error: str) -> None:
    """Slack does not let the bot into a place yet, and what is owed there waits."""
    await _no_way_in(
        desk,
        owed,
        error,
        "What I owe there waits for a day and is said as soon as that is mended: please invite me.",
    )


async def token_refused(desk: Desk, error: str) -> None:
    """Slack refuses the app. This is read once it does so no more; until then the log and the
    health pages say it."""
    await raise_alarm(
        desk,
        f"token:{error}:{desk.now:%Y-%m-%d}",
        f"Slack refused the app's token ({error}), and until that was mended I could say nothing."
        " Nothing is lost: what was owed meanwhile is said now, late. Please look at what was due.",
    )


async def _no_way_in(desk: Desk, owed: Outgoing, error: str, what_now: str) -> None:
    await raise_alarm(
        desk,
        shut_key(desk, owed.channel, CLOSED.get(error, error)),
        f"I cannot write in {await place_named(desk, owed.channel)}: {_OF_PLACE[error]} ({error})."
        f" {what_now}",
        channel=readable_place(desk, owed.channel),
    )


async def _named(desk: Desk, owed: Outgoing) -> str:
    kind = owed.kind.replace("_", " ")
    if owed.ticket_id is None:
        return f"A message ({kind})"
    ticket = await desk.work.tickets.get(owed.ticket_id)
    return f"A message about {ticket.key} ({kind})"


def readable_place(desk: Desk, shut: str) -> str:
    """Where the operators read of a channel that is shut: the managers' own, or of that in the
    triage channel."""
    places = desk.places
    return places.triage_channel if shut == places.managers_channel else places.managers_channel


def shut_key(desk: Desk, channel: str, why: str) -> str:
    """Names the trouble that a channel is shut: told once a day, whoever finds it first."""
    return f"shut:{channel}:{why}:{desk.now:%Y-%m-%d}"


async def place_named(desk: Desk, channel: str) -> str:
    """A channel, or a person's direct messages, as the operators know it."""
    if channel == desk.places.triage_channel:
        return f"the triage channel ({channel})"
    if channel == desk.places.managers_channel:
        return f"the managers' channel ({channel})"
    if member := await desk.work.staff.get(channel):
        return f"a direct message to {member.name or channel} ({channel})"
    client = await desk.work.clients.by_channel(channel)
    return f"{client.name}'s channel ({channel})" if client else f"the channel {channel}"
