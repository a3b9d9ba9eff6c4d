"""The inner events about channels, people and files."""

from bot.sandbox.events.bodies import user_body
from bot.sandbox.json_types import Json
from bot.sandbox.workspace.records import Channel, User
from bot.sandbox.workspace.state import Workspace


def moved(
    kind: str,
    workspace: Workspace,
    user: str,
    channel: Channel,
    event_ts: str,
    *,
    inviter: str | None = None,
) -> Json:
    """Return a membership event: `kind` is `member_joined_channel` or `member_left_channel`."""
    event = {
        "type": kind,
        "user": user,
        "channel": channel.channel_id,
        "channel_type": "G" if channel.is_private else "C",
        "team": workspace.users[user].team_id,
        "event_ts": event_ts,
    }
    return event | ({"inviter": inviter} if inviter else {})


def channel_event(change: str, channel: Channel, event_ts: str, **more: object) -> Json:
    """Return `channel_<change>`, or `group_<change>` for a private channel."""
    kind = f"group_{change}" if channel.is_private else f"channel_{change}"
    return {"type": kind, "channel": channel.channel_id, **more, "event_ts": event_ts}


def renamed(channel: Channel, event_ts: str) -> Json:
    """Return the event of a rename, in which `channel` is an object with the new name."""
    shown = {"id": channel.channel_id, "name": channel.name, "name_normalized": channel.name}
    return channel_event("rename", channel, event_ts) | {"channel": shown | {"created": 0}}


def id_changed(old: str, new: str, event_ts: str) -> Json:
    return {
        "type": "channel_id_changed",
        "old_channel_id": old,
        "new_channel_id": new,
        "event_ts": event_ts,
    }


def shared(channel: Channel, team: str, event_ts: str) -> Json:
    return {
        "type": "channel_shared",
        "connected_team_id": team,
        "channel": channel.channel_id,
        "event_ts": event_ts,
    }


def unshared(channel: Channel, team: str, event_ts: str) -> Json:
    return {
        "type": "channel_unshared",
        "previously_connected_team_id": team,
        "channel": channel.channel_id,
        "is_ext_shared": bool(channel.shared_with),
        "event_ts": event_ts,
    }


def user_changed(workspace: Workspace, user: User, event_ts: str) -> Json:
    return {
        "type": "user_change",
        "user": user_body(workspace, user),
        "cache_ts": int(float(event_ts)),
        "event_ts": event_ts,
    }


def file_shared(file: Json, channel: Channel, event_ts: str) -> Json:
    """Return `file_shared`, which has IDs alone; `files.info` returns the rest."""
    return {
        "type": "file_shared",
        "channel_id": channel.channel_id,
        "file_id": file["id"],
        "user_id": file["user"],
        "file": {"id": file["id"]},
        "event_ts": event_ts,
    }
