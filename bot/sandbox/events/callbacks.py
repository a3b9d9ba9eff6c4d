"""The outer body of an event, as Slack sends it to the app."""

from datetime import datetime
from uuid import uuid4

from bot.sandbox.json_types import Json
from bot.sandbox.workspace.records import Channel, Team
from bot.sandbox.workspace.state import Workspace


def event_callback(
    workspace: Workspace, event: Json, now: datetime, channel: Channel | None = None
) -> Json:
    """Return the outer body of an event. `event_id` is the same in every delivery."""
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
    """Return `app_rate_limited`, which "has no inner event". Its minute is in Unix time."""
    return {
        "token": workspace.verification,
        "type": "app_rate_limited",
        "team_id": workspace.team.team_id,
        "minute_rate_limited": int(now.timestamp()) // 60 * 60,
        "api_app_id": workspace.app_id,
    }


def _team_of_author(workspace: Workspace, event: Json) -> Team | None:
    """Return the team of a message's author, or None for any other event.

    A message in a shared channel has the `team_id` of its author, as the payloads in Bolt's own
    tests have. Bolt therefore reads `authorizations` and not `team_id`.
    """
    if event["type"] != "message":
        return None
    inner = event.get("message") or event.get("previous_message") or event
    author = workspace.users.get(inner.get("user") or "")
    return workspace.teams[author.team_id] if author else None


def _installation(workspace: Workspace, team: Team, channel: Channel | None) -> Json:
    """Return an installation that sees the event: the author's if the app is installed there."""
    shared = bool(channel and channel.shared_with)
    where = team if shared and team.team_id in workspace.installations else workspace.team
    return {
        "enterprise_id": where.enterprise_id,
        "team_id": where.team_id,
        "user_id": workspace.installations[where.team_id],
        "is_bot": True,
        "is_enterprise_install": False,
    }
