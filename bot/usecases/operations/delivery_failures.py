"""Alarms about messages that Slack refused, raised in the transaction that parks the message."""

from bot.domain.ids import ChannelId, UserId
from bot.domain.messages import Outgoing
from bot.domain.operations.alarms import (
    PLACE_ERRORS,
    Consequence,
    MessageRefused,
    NamedPlace,
    PlaceKind,
    PlaceRefuses,
    TokenRefused,
)
from bot.domain.operations.messages import AlarmMessage
from bot.usecases.alarm import raise_alarm
from bot.usecases.desk import Desk

# The errors of PLACE_ERRORS that end when the channel is unarchived or the bot is invited, with the
# name of the event that may have reported the change already.
CLOSED = {
    "channel_not_found": "not found",
    "is_archived": "archived",
    "is_inactive": "archived",
    "not_in_channel": "left",
}
_PERSON_ERRORS = ("user_disabled", "user_not_found")


async def refused(desk: Desk, outgoing: Outgoing, error: str) -> None:
    """Raise an alarm about a message that Slack will never accept; the message is parked.

    A closed place is reported once a day, refused words once for each message.
    """
    if error in PLACE_ERRORS:
        await _alarm_closed_place(desk, outgoing, error, _consequence(error))
    elif not isinstance(
        outgoing.message, AlarmMessage
    ):  # a refused alarm must not raise further alarms
        ticket_id = outgoing.ticket_id
        ticket = None if ticket_id is None else await desk.work.tickets.get_for_update(ticket_id)
        place = await named_place(desk, outgoing.address)
        about = ticket.key if ticket else None
        alarm = MessageRefused(outgoing.key, outgoing.message.kind, about, place, error)
        await raise_alarm(desk, f"refused:{outgoing.key}", alarm)


def _consequence(error: str) -> Consequence:
    """Return the consequence of an error that ends every attempt."""
    if error in _PERSON_ERRORS:
        return Consequence.OTHERS_TOLD
    return Consequence.WAITS_UNTIL_OPEN if error in CLOSED else Consequence.GIVEN_UP


async def shut_out(desk: Desk, outgoing: Outgoing, error: str) -> None:
    """Raise an alarm about a place that refuses the bot for now; its messages wait."""
    await _alarm_closed_place(desk, outgoing, error, Consequence.WAITS_A_DAY)


async def token_refused(desk: Desk, error: str) -> None:
    """Raise an alarm about a refused token, posted once Slack accepts the token again.

    Until then the log and the health pages report it.
    """
    await raise_alarm(desk, f"token:{error}:{desk.now:%Y-%m-%d}", TokenRefused(error))


async def _alarm_closed_place(
    desk: Desk, outgoing: Outgoing, error: str, consequence: Consequence
) -> None:
    """Raise the daily alarm about a place that cannot be written to."""
    await raise_alarm(
        desk,
        shut_key(desk, outgoing.address, CLOSED.get(error, error)),
        PlaceRefuses(await named_place(desk, outgoing.address), error, consequence),
        channel=readable_place(desk, outgoing.address),
    )


def readable_place(desk: Desk, shut: str) -> ChannelId:
    """Return the channel for alarms about a closed channel.

    Alarms go to the managers' channel; if that channel is closed, to the triage channel.
    """
    places = desk.places
    return places.triage_channel if shut == places.managers_channel else places.managers_channel


def shut_key(desk: Desk, channel: str, why: str) -> str:
    """Return the key of the alarm about a closed channel: once a day, whichever way it was
    noticed."""
    return f"shut:{channel}:{why}:{desk.now:%Y-%m-%d}"


async def named_place(desk: Desk, channel: str) -> NamedPlace:
    """Return the place with this channel ID or user ID."""
    if channel == desk.places.triage_channel:
        return NamedPlace(PlaceKind.TRIAGE, channel)
    if channel == desk.places.managers_channel:
        return NamedPlace(PlaceKind.MANAGERS, channel)
    if member := await desk.work.staff.get(UserId(channel)):
        return NamedPlace(PlaceKind.PERSON, channel, member.name)
    client = await desk.work.clients.by_channel_for_update(ChannelId(channel))
    if client is not None:
        return NamedPlace(PlaceKind.CLIENT, channel, client.name)
    return NamedPlace(PlaceKind.OTHER, channel)
