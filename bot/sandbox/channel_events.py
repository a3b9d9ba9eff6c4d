"""What the Events API tells of channels, people and the app itself."""

from bot.sandbox.bodies import user_body
from bot.sandbox.records import Channel, Json, User
from bot.sandbox.workspace import Workspace


def moved(
    kind: str,
    workspace: Workspace,
    user: str,
    channel: Channel,
    event_ts: str,
    *,
    inviter: str | None = None,
) -> Json:
    """`kind` is `member_joined_channel` or `member_left_channel`."""
    event = {
        "type": kind,
        "user": user,
        "channel": channel.channel_id,
        "channel_type": "G" if channel.is_private else "C",
        "team": workspace.users[user].team_id,
        "event_ts": event_ts,
    }
    return event | ({"inviter": inviter} if inviter else {})


def of_channel(what: str, channel: Channel, event_ts: str, **more: object) -> Json:
    """`channel_archive` and its like; of a private channel it is called `group_archive`."""
    kind = f"group_{what}" if channel.is_private else f"channel_{what}"
    return {"type": kind, "channel": channel.channel_id, **more, "event_ts": event_ts}


def renamed(channel: Channel, event_ts: str) -> Json:
    """Here `channel` is an object with what it is called now."""
    shown = {"id": channel.channel_id, "name": channel.name, "name_normalized": channel.name}
    return of_channel("rename", channel, event_ts) | {"channel": shown | {"created": 0}}


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
    """Only the ids: whoever wants more asks `files.info`."""
    return {
        "type": "file_shared",
        "channel_id": channel.channel_id,
        "file_id": file["id"],
        "user_id": file["user"],
        "file": {"id": file["id"]},
        "event_ts": event_ts,
    }
