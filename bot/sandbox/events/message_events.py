"""The inner events about messages and reactions."""

from bot.sandbox.events.message_bodies import message_body, thread_count
from bot.sandbox.json_types import Json
from bot.sandbox.workspace.records import Channel, Message
from bot.sandbox.workspace.state import Workspace


def _place(channel: Channel, event_ts: str) -> Json:
    return {
        "channel": channel.channel_id,
        "event_ts": event_ts,
        "channel_type": channel.kind,
    }


def posted(workspace: Workspace, channel: Channel, message: Message) -> Json:
    return message_body(workspace, message, with_metadata=True) | _place(channel, message.ts)


def mentioned(workspace: Workspace, channel: Channel, message: Message) -> Json:
    """Return `app_mention`, the second event of a message that mentions the bot.

    It has the `ts` of the message. `team` is our workspace. `user_team` is the team of an author
    outside, or their organization if their team belongs to an organization.
    """
    event = posted(workspace, channel, message) | {"type": "app_mention"}
    event.pop("channel_type")
    author = workspace.users.get(message.user or "")
    if author is None or not workspace.is_outside(author):
        return event
    team = workspace.teams[author.team_id]
    theirs = team.enterprise_id or team.team_id
    profile = event["user_profile"] | {"team": theirs}
    names = {"user_team": theirs, "source_team": theirs, "user_profile": profile}
    return event | names | {"team": workspace.team.team_id}


def changed(
    workspace: Workspace, channel: Channel, message: Message, before: Json, event_ts: str
) -> Json:
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": _with_thread_count(workspace, message),
        "previous_message": before,
        "hidden": True,
        "ts": event_ts,
        **_place(channel, event_ts),
    }


def _with_thread_count(workspace: Workspace, message: Message) -> Json:
    body = message_body(workspace, message, with_metadata=True)
    return body if message.is_reply else body | thread_count(workspace, message)


def replied(workspace: Workspace, channel: Channel, message: Message, event_ts: str) -> Json:
    """Return `message_replied` as Slack really sends it: without subtype, author or text."""
    replies = [
        {"user": reply.user, "ts": reply.ts}
        for reply in workspace.replies(message.channel, message.ts)
    ]
    return {
        "type": "message",
        "message": _with_thread_count(workspace, message) | {"replies": replies},
        "hidden": True,
        "ts": event_ts,
        **_place(channel, event_ts),
    }


def deleted(channel: Channel, message: Message, before: Json, event_ts: str) -> Json:
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": before,
        "hidden": True,
        "deleted_ts": message.ts,
        "ts": event_ts,
        **_place(channel, event_ts),
    }


def reacted(kind: str, user: str, name: str, message: Message, event_ts: str) -> Json:
    """Return a reaction event. `kind` is `reaction_added` or `reaction_removed`."""
    return {
        "type": kind,
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "item_user": message.user,
        "event_ts": event_ts,
    }
