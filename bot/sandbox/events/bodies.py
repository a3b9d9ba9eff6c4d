"""The JSON of people, teams, conversations and views."""

from bot.sandbox.json_types import Json
from bot.sandbox.workspace.records import App, Channel, Team, User, View
from bot.sandbox.workspace.state import Workspace


def bot_body(app: App) -> Json:
    return {
        "id": app.bot_id,
        "app_id": app.app_id,
        "user_id": app.user_id,
        "name": app.name,
        "deleted": False,
        "updated": 0,
    }


def user_body(workspace: Workspace, user: User) -> Json:
    """Return a person. Slack shows little more than the name of a person outside."""
    profile: Json = {"real_name": user.name, "display_name": user.name, "team": user.team_id}
    body: Json = {
        "id": user.user_id,
        "team_id": user.team_id,
        "name": handle_of(user),
        "real_name": user.name,
        "deleted": user.is_deleted,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "profile": profile,
    }
    if workspace.is_outside(user):
        return body | {"is_stranger": True}
    if user.is_bot:
        profile |= {"bot_id": workspace.bot_id, "api_app_id": workspace.app_id}
    return body | {
        "is_admin": False,
        "is_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "tz": "Etc/UTC",
        "tz_label": "Coordinated Universal Time",
        "tz_offset": 0,
    }


def handle_of(user: User) -> str:
    return user.name.lower().replace(" ", ".")


def team_body(team: Team) -> Json:
    return {"id": team.team_id, "domain": team.domain}


def channel_body(workspace: Workspace, channel: Channel) -> Json:
    """Return a conversation as `conversations.info` has it."""
    body: Json = {
        "id": channel.channel_id,
        "created": 0,
        "is_im": bool(channel.direct_with),
        "is_archived": channel.is_archived,
        "is_org_shared": False,
        "context_team_id": workspace.team.team_id,
    }
    if channel.direct_with:
        return body | {"user": channel.direct_with, "is_open": True}
    shared = channel.shared_with
    return body | {
        "name": channel.name,
        "name_normalized": channel.name,
        "creator": workspace.bot.user_id,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_mpim": False,
        "is_private": channel.is_private,
        "is_general": False,
        "is_member": workspace.bot.user_id in channel.members,
        "is_shared": bool(shared),
        "is_ext_shared": bool(shared),
        "is_pending_ext_shared": False,
        "shared_team_ids": [channel.team_id, *([shared] if shared else [])],
        "connected_team_ids": [shared] if shared else [],
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def view_body(workspace: Workspace, view: View, values: Json | None = None) -> Json:
    """Return a view as answers and payloads have it. `values` is its `state.values`."""
    given = view.definition
    body: Json = {
        "id": view.view_id,
        "team_id": view.team_id,
        "type": given["type"],
        "blocks": view.blocks,
        "private_metadata": view.private_metadata,
        "callback_id": view.callback_id,
        "external_id": given.get("external_id") or "",
        "state": {"values": values or {}},
        "hash": view.hash,
        "title": given.get("title") or {"type": "plain_text", "text": "View Title"},
        "close": given.get("close"),
        "submit": given.get("submit"),
        "clear_on_close": given.get("clear_on_close", False),
        "notify_on_close": given.get("notify_on_close", False),
        "root_view_id": view.root_view_id,
        "previous_view_id": view.previous_view_id,
        "app_id": workspace.app_id,
        "app_installed_team_id": workspace.team.team_id,
        "bot_id": workspace.bot_id,
    }
    return body
