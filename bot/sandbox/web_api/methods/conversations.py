"""conversations.history, replies, info, members, open, join."""

from collections.abc import Sequence
from operator import attrgetter

from bot.sandbox.errors import SlackError
from bot.sandbox.events.bodies import channel_body
from bot.sandbox.events.channel_events import moved
from bot.sandbox.events.message_bodies import message_body, thread_count, tombstone_body
from bot.sandbox.json_types import Json
from bot.sandbox.slack import Slack
from bot.sandbox.web_api.arguments import Arguments
from bot.sandbox.web_api.methods.lookups import joined_channel, visible_channel, visible_person
from bot.sandbox.web_api.pagination import Window, page
from bot.sandbox.workspace.records import Channel, Message


def history(slack: Slack, arguments: Arguments) -> Json:
    """Return messages newest first, without replies that were not also sent to the channel."""
    channel = joined_channel(slack, arguments)
    window = Window.of(arguments)
    shown = slack.workspace.standing(channel.channel_id, attrgetter("in_channel"))
    shown += slack.workspace.tombstones(channel.channel_id)
    newest = sorted(shown, key=attrgetter("ts"), reverse=True)
    within = [message for message in newest if window.holds(message.ts)]
    shown_now, cursor = page(within, arguments, 100, attrgetter("ts"), newest_first=True)
    return _messages(slack, shown_now, cursor, arguments)


def replies(slack: Slack, arguments: Arguments) -> Json:
    """Return a thread oldest first. The parent is always included, also outside the window."""
    channel = joined_channel(slack, arguments)
    ts = arguments.required("ts")
    parent = slack.workspace.find(channel.channel_id, ts)
    thread_ts = str(parent.thread_ts) if parent is not None and parent.is_reply else ts
    first = _first_of_thread(slack, channel, thread_ts)
    window = Window.of(arguments)
    thread = slack.workspace.replies(channel.channel_id, thread_ts)
    within = [reply for reply in thread if window.holds(reply.ts)]
    shown, cursor = page([first, *within], arguments, 1000, attrgetter("ts"))
    return _messages(slack, shown, cursor, arguments)


def _first_of_thread(slack: Slack, channel: Channel, thread_ts: str) -> Message:
    first = slack.workspace.find(channel.channel_id, thread_ts)
    stubs = slack.workspace.tombstones(channel.channel_id)
    first = first or next((stub for stub in stubs if stub.ts == thread_ts), None)
    if first is None:
        raise SlackError("thread_not_found")
    return first


def _messages(slack: Slack, shown: Sequence[Message], cursor: str, arguments: Arguments) -> Json:
    with_metadata = arguments.flag("include_all_metadata")
    body: Json = {
        "messages": [_shown(slack, message, with_metadata=with_metadata) for message in shown],
        "has_more": bool(cursor),
    }
    return body | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def _shown(slack: Slack, message: Message, *, with_metadata: bool) -> Json:
    if message.deleted:
        body = tombstone_body(message)
    else:
        body = message_body(slack.workspace, message, with_metadata=with_metadata)
    if body.get("subtype") == "file_share":  # only the Events API has this subtype
        del body["subtype"]
    return body if message.is_reply else body | thread_count(slack.workspace, message)


def info(slack: Slack, arguments: Arguments) -> Json:
    channel = visible_channel(slack, arguments)
    body = channel_body(slack.workspace, channel)
    if arguments.flag("include_num_members"):
        body["num_members"] = len(channel.members)
    return {"channel": body}


def members(slack: Slack, arguments: Arguments) -> Json:
    channel = visible_channel(slack, arguments)
    shown, cursor = page(sorted(channel.members), arguments, 100, str)
    return {"members": list(shown), "response_metadata": {"next_cursor": cursor}}


def open_direct(slack: Slack, arguments: Arguments) -> Json:
    """Open the direct messages with a single person; the sandbox has no group messages."""
    wanted = [user for user in arguments.text("users").split(",") if user]
    if not wanted:
        raise SlackError("users_list_not_supplied")
    if len(wanted) > 1:
        raise SlackError("method_not_supported_for_channel_type")
    person = visible_person(slack, wanted[0])
    if person.is_bot:
        raise SlackError("cannot_dm_bot")
    if person.is_deleted:
        raise SlackError("user_disabled")
    channel = slack.workspace.direct_channel(person.user_id)
    whole = channel_body(slack.workspace, channel)
    return {"channel": whole if arguments.flag("return_im") else {"id": channel.channel_id}}


def join(slack: Slack, arguments: Arguments) -> Json:
    """Join a public channel; a bot cannot join any other conversation."""
    channel = visible_channel(slack, arguments)
    if channel.is_archived:
        raise SlackError("is_archived")
    if channel.direct_with or channel.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    bot = slack.workspace.bot.user_id
    if bot not in channel.members:
        slack.workspace.enter(channel, bot)
        event_ts = slack.next_ts(channel.channel_id)
        event = moved("member_joined_channel", slack.workspace, bot, channel, event_ts)
        slack.emit(event, channel)
    return {"channel": channel_body(slack.workspace, channel)}
