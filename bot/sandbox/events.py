"""The Events API's bodies, as Slack sends them."""

from datetime import datetime
from uuid import uuid4

from bot.sandbox.message_bodies import message_body, thread_count
from bot.sandbox.records import Channel, Json, Message, Team
from bot.sandbox.workspace import Workspace


def event_callback(
    workspace: Workspace, event: Json, now: datetime, channel: Channel | None = None
) -> Json:
    """The outer body of one event; `event_id` stays the same in each delivery of it."""
    team = _team_of_author(workspace, event) or workspace.team
    return {
        "token": workspace.verification,
        "team_id": team.team_id,
        **({"enterprise_id": team.enterprise_id} if team.enterprise_id else {}),
        "context_team_id": workspace.team.team_id,
        "context_enterprise_id": None,
        "api_app_id": workspace.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": workspace.mint("Ev"),
        "event_time": int(now.timestamp()),
        "authorizations": [_installation(workspace, team, channel)],
        "is_ext_shared_channel": bool(channel and channel.shared_with),
        "event_context": f"4-{uuid4()}",
    }


def rate_limited(workspace: Workspace, now: datetime) -> Json:
    """`app_rate_limited`: "has no inner event"; the minute in which it began, in Unix time."""
    return {
        "token": workspace.verification,
        "type": "app_rate_limited",
        "team_id": workspace.team.team_id,
        "minute_rate_limited": int(now.timestamp()) // 60 * 60,
        "api_app_id": workspace.app_id,
    }


def _team_of_author(workspace: Workspace, event: Json) -> Team | None:
    """Messages in shared channels bear the author's team outside; all else bears ours.

    As in the payloads of real shared channels in Bolt's own tests; Bolt therefore reads
    `authorizations` and not `team_id`.
    """
    if event["type"] != "message":
        return None
    inner = event.get("message") or event.get("previous_message") or event
    author = workspace.users.get(inner.get("user") or "")
    return workspace.teams[author.team_id] if author else None


def _installation(workspace: Workspace, team: Team, channel: Channel | None) -> Json:
    """One installation that sees the event: the author's, where the app is there too."""
    there = bool(channel and channel.shared_with) and team.team_id in workspace.installations
    where = team if there else workspace.team
    return {
        "enterprise_id": where.enterprise_id,
        "team_id": where.team_id,
        "user_id": workspace.installations[where.team_id],
        "is_bot": True,
        "is_enterprise_install": False,
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
    """The second event of a message that names the bot: the same `ts`, another type.

    Here `team` is ours, and `user_team` that of somebody outside: an organization's, if theirs
    is of one.
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
        "message": _with_count(workspace, message),
        "previous_message": before,
        "hidden": True,
        "ts": event_ts,
        **_at(channel, event_ts),
    }


def _with_count(workspace: Workspace, message: Message) -> Json:
    body = message_body(workspace, message, with_metadata=True)
    return body if message.is_reply else body | thread_count(workspace, message)


def replied(workspace: Workspace, channel: Channel, message: Message, event_ts: str) -> Json:
    """`message_replied` as it really comes: without its subtype, an author or a text."""
    answers = workspace.replies(message.channel, message.ts)
    replies = [{"user": each.user, "ts": each.ts} for each in answers]
    return {
        "type": "message",
        "message": _with_count(workspace, message) | {"replies": replies},
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
