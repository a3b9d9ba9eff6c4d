"""Events from the inbox: every event becomes a call of a use-case."""

from collections.abc import Awaitable, Callable

from bot.domain.ids import ChannelId
from bot.domain.intake.channel_message import Deletion
from bot.json_types import Json
from bot.slack_ts import MessageTs
from bot.usecases.desk import Desk
from bot.usecases.intake.edits import Edit, delete_message, edit_message
from bot.usecases.intake.receive_message import receive_message
from bot.usecases.intake.slack_messages import OWN, channel_message, is_written_by_a_person
from bot.usecases.operations.unreachable import account_changed
from handlers.slack.events import channels as channel_events
from handlers.slack.features import FEATURES
from handlers.slack.inbox_writer import ABOUT_MEMBERS, own_users
from handlers.slack.sanitize import sanitize


async def on_message(desk: Desk, event: Json) -> str:
    """Handle a message in a channel, or an `app_mention`, which repeats the same message.

    A message edited before its delivery has a mark of the edit.
    """
    if event.get("subtype") in ON_CHANGE:
        return await ON_CHANGE[event["subtype"]](desk, event)
    if not is_written_by_a_person(event):
        return f"not written by a person ({event.get('subtype') or 'bot'})"
    message = channel_message(event)
    if event.get("edited"):
        return await edit_message(desk, Edit(message, MessageTs.parse(event["edited"]["ts"]), None))
    return await receive_message(desk, message)


async def on_change(desk: Desk, event: Json) -> str:
    """Handle `message_changed`.

    Slack leaves a `tombstone` if a deleted message has replies.
    """
    message, before = event["message"], event.get("previous_message") or {}
    if message.get("subtype") == "tombstone":
        return await on_deletion(desk, {"deleted_ts": message["ts"], **event})
    if not is_written_by_a_person(message):
        return f"not written by a person ({message.get('subtype') or 'bot'})"
    place = {"channel": event["channel"], OWN: event.get(OWN, ())}
    return await edit_message(
        desk,
        Edit(
            channel_message(message | place),
            _since_ts(event, message, before),
            channel_message(before | place) if is_written_by_a_person(before) else None,
        ),
    )


def _since_ts(event: Json, message: Json, before: Json) -> MessageTs:
    """Return the `ts` from which a message has its current text.

    Removing a file leaves no edit mark: then the event's own time counts. Without any mark, it is
    the message's own `ts`.
    """
    edited, edited_before = (version.get("edited") or {} for version in (message, before))
    if edited != edited_before:
        return MessageTs.parse(edited.get("ts") or event["ts"])
    return MessageTs.parse((event.get("event_ts") or event["ts"]) if before else message["ts"])


async def on_deletion(desk: Desk, event: Json) -> str:
    """Handle `message_deleted`; Slack does not say who deleted the message."""
    before = event.get("previous_message") or {}
    by_a_person = is_written_by_a_person(before)
    if before and not by_a_person:
        return f"not written by a person ({before.get('subtype') or 'bot'})"
    return await delete_message(
        desk,
        Deletion(
            event["channel"],
            MessageTs.parse(event["deleted_ts"]),
            MessageTs.parse(event.get("event_ts") or event["ts"]).instant,
            channel_message(before | {"channel": event["channel"]}) if by_a_person else None,
        ),
    )


async def on_user_change(desk: Desk, event: Json) -> str:
    """Handle `user_change`; `user` is an object here."""
    user = event["user"]
    return await account_changed(desk, user["id"], is_closed=bool(user.get("deleted")))


ON_CHANGE = {"message_changed": on_change, "message_deleted": on_deletion}


ON_EVENT: dict[str, Callable[[Desk, Json], Awaitable[str]]] = {
    "message": on_message,
    "app_mention": on_message,
    "user_change": on_user_change,
    **channel_events.ON_EVENT,
    **{name: on_event for feature in FEATURES for name, on_event in feature.events.items()},
}


async def handle(desk: Desk, body: Json) -> str:
    """Process a delivery; return a sentence about the result for the record."""
    event = sanitize(body["event"])
    on_event = ON_EVENT.get(event["type"])
    if on_event is None:
        return f"nothing to do for {event['type']}"
    if event["type"] in ABOUT_MEMBERS and event["user"] not in own_users(body):
        return "somebody else came or went"
    own = {OWN: [user for user in own_users(body) if user]}
    return await on_event(desk, await _as_called_now(desk, event | own))


async def _as_called_now(desk: Desk, event: Json) -> Json:
    """Return the event with the channel's current ID, in case Slack changed it since."""
    channel = event.get("channel")
    if not isinstance(channel, str):
        return event
    return event | {"channel": await desk.work.channels.current(ChannelId(channel))}
