"""The Events API's bodies, as Slack sends them."""

from datetime import datetime
from uuid import uuid4

from bot.sandbox.message_bodies import message_body
from bot.sandbox.records import Channel, Json, Message
from bot.sandbox.workspace import Workspace


def event_callback(
    workspace: Workspace, event: Json, now: datetime, channel: Channel | None = None
) -> Json:
    """The outer body of one event; `event_id` stays the same in each delivery of it."""
    installed = {
        "enterprise_id": None,
        "team_id": workspace.team.team_id,
        "user_id": workspace.bot.user_id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": workspace.verification,
        "team_id": workspace.team.team_id,
        "context_team_id": workspace.team.team_id,
        "context_enterprise_id": None,
        "api_app_id": workspace.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": workspace.mint("Ev"),
        "event_time": int(now.timestamp()),
        "authorizations": [installed],
        "is_ext_shared_channel": bool(channel and channel.shared_with),
        "event_context": f"4-{uuid4()}",
    }


def _at(channel: Channel, event_ts: str) -> Json:
    return {
        "channel": channel.channel_id,
        "event_ts": event_ts,
        "channel_type": channel.kind,
    }


def posted(workspace: Workspace, channel: Channel, message: Message) -> Json:
    return message_body(workspace, message, with_metadata=True) | _at(channel, message.ts)


def mentioned(workspace: Workspace, channel: Channel, message: Message) -> Json:
    """The second event of a message that names the bot: the same `ts`, another type."""
    event = posted(workspace, channel, message) | {"type": "app_mention"}
    event.pop("channel_type")
    return event


def changed(
    workspace: Workspace, channel: Channel, message: Message, before: Json, event_ts: str
) -> Json:
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": message_body(workspace, message, with_metadata=True),
        "previous_message": before,
        "hidden": True,
        "ts": event_ts,
        **_at(channel, event_ts),
    }


def deleted(channel: Channel, message: Message, before: Json, event_ts: str) -> Json:
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": before,
        "hidden": True,
        "deleted_ts": message.ts,
        "ts": event_ts,
        **_at(channel, event_ts),
    }


def reacted(kind: str, user: str, name: str, message: Message, event_ts: str) -> Json:
    """`kind` is `reaction_added` or `reaction_removed`."""
    return {
        "type": kind,
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "item_user": message.user,
        "event_ts": event_ts,
    }


def moved(kind: str, workspace: Workspace, user: str, channel: Channel, event_ts: str) -> Json:
    """`kind` is `member_joined_channel` or `member_left_channel`."""
    return {
        "type": kind,
        "user": user,
        "channel": channel.channel_id,
        "channel_type": "G" if channel.is_private else "C",
        "team": workspace.users[user].team_id,
        "event_ts": event_ts,
    }
