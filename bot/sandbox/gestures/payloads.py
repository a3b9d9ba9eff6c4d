"""The payloads of interactions and slash commands, as Slack sends them."""

from dataclasses import dataclass

from bot.sandbox.events.bodies import handle_of, team_body, user_body, view_body
from bot.sandbox.events.message_bodies import message_body
from bot.sandbox.json_types import Json
from bot.sandbox.workspace.records import Channel, Message, User, View
from bot.sandbox.workspace.state import Workspace


@dataclass(frozen=True)
class ReplyTokens:
    """The trigger ID and the response URL with which the app can answer an interaction."""

    trigger_id: str
    response_url: str = ""


def _envelope(workspace: Workspace, kind: str, user: User, team_id: str) -> Json:
    person = {
        "id": user.user_id,
        "username": handle_of(user),
        "name": handle_of(user),
        "team_id": user.team_id,
    }
    return {
        "type": kind,
        "user": person,
        "team": team_body(workspace.teams[team_id]),
        "api_app_id": workspace.app_id,
        "token": workspace.verification,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_action(
    workspace: Workspace,
    user: User,
    message: Message,
    *,
    action: Json,
    tokens: ReplyTokens,
    values: Json,
) -> Json:
    """Return `block_actions` of a message. `team` is ours, `user.team_id` the person's."""
    channel = workspace.channels[message.channel]
    container = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.ephemeral_to is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    body = _envelope(workspace, "block_actions", user, workspace.team.team_id) | {
        "container": container,
        "trigger_id": tokens.trigger_id,
        "channel": {"id": message.channel, "name": _name_shown(channel)},
        "state": {"values": values},
        "response_url": tokens.response_url,
        "actions": [action],
    }
    if message.ephemeral_to is None:
        body["message"] = message_body(workspace, message, with_metadata=True)
    return body


def _name_shown(channel: Channel) -> str:
    if channel.direct_with:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name


def message_shortcut(
    workspace: Workspace, user: User, message: Message, *, callback_id: str, tokens: ReplyTokens
) -> Json:
    """Return `message_action`, a shortcut from the menu of a message."""
    channel = workspace.channels[message.channel]
    return _envelope(workspace, "message_action", user, workspace.team.team_id) | {
        "action_ts": message.ts,
        "callback_id": callback_id,
        "trigger_id": tokens.trigger_id,
        "response_url": tokens.response_url,
        "message_ts": message.ts,
        "message": message_body(workspace, message, with_metadata=True),
        "channel": {"id": message.channel, "name": _name_shown(channel)},
    }


def global_shortcut(
    workspace: Workspace, user: User, *, callback_id: str, trigger_id: str, action_ts: str
) -> Json:
    """Return `shortcut`, a global shortcut without a channel and a message."""
    return _envelope(workspace, "shortcut", user, workspace.team.team_id) | {
        "action_ts": action_ts,
        "callback_id": callback_id,
        "trigger_id": trigger_id,
    }


def view_action(
    workspace: Workspace, user: User, view: View, *, action: Json, trigger_id: str, values: Json
) -> Json:
    """Return `block_actions` of a modal or an App Home, without a `response_url`."""
    return _envelope(workspace, "block_actions", user, workspace.team.team_id) | {
        "container": {"type": "view", "view_id": view.view_id},
        "trigger_id": trigger_id,
        "view": view_body(workspace, view, values),
        "actions": [action],
    }


def submission(workspace: Workspace, user: User, view: View, trigger_id: str, values: Json) -> Json:
    """Return `view_submission`. `team` is the person's, `view.app_installed_team_id` ours."""
    return _envelope(workspace, "view_submission", user, user.team_id) | {
        "trigger_id": trigger_id,
        "view": view_body(workspace, view, values),
        "response_urls": [],
    }


def view_closed(workspace: Workspace, user: User, view: View, *, cleared: bool) -> Json:
    return _envelope(workspace, "view_closed", user, user.team_id) | {
        "view": view_body(workspace, view),
        "is_cleared": cleared,
    }


def command(
    workspace: Workspace, user: User, channel: Channel, *, name: str, text: str, tokens: ReplyTokens
) -> Json:
    """Return a slash command, in which every field is a string."""
    team = workspace.teams[user.team_id]
    return {
        "token": workspace.verification,
        "team_id": team.team_id,
        "team_domain": team.domain,
        "channel_id": channel.channel_id,
        "channel_name": _name_shown(channel),
        "user_id": user.user_id,
        "user_name": user_body(workspace, user)["name"],
        "command": name,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": tokens.response_url,
        "trigger_id": tokens.trigger_id,
    }
