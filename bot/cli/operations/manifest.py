"""`deskbell manifest`: the permissions and events of the Slack app, and the reason for each."""

from typing import Any

BOT_SCOPES = (
    "channels:history",  # messages in clients' public channels, and finding the bot's own
    "channels:read",  # changes of channels: archived, shared, a new ID
    "groups:history",  # as channels:history, for private channels
    "groups:read",
    "im:history",  # finding the bot's own direct messages
    "chat:write",
    "chat:write.customize",  # replies in the engineer's name
    "commands",
    "files:read",  # names of files from other workspaces
    "files:write",  # the digest's chart
    "im:write",  # pings by direct message
    "usergroups:read",  # DESKBELL_STAFF_GROUP
    "users:read",  # for user_change: deactivated accounts
    "reactions:read",  # a :ticket: reaction opens a ticket
)
EVENTS = (
    "message.channels",
    "message.groups",
    "app_home_opened",
    "reaction_added",
    # Changes of the desk's channels (Slack calls private channels groups) and of the app.
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_id_changed",
    "channel_left",
    "channel_rename",
    "channel_shared",
    "channel_unarchive",
    "channel_unshared",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "tokens_revoked",
    "user_change",  # a deactivated account of a member of staff
)


def app_manifest() -> dict[str, Any]:
    """Return the app's manifest for Socket Mode. Each vendor creates an app from it in its own
    workspace."""
    return {
        "display_information": {
            "name": "Deskbell",
            "description": "A support desk that keeps the promises in your support plans.",
        },
        "features": {
            "bot_user": {"display_name": "Deskbell", "always_online": True},
            # Pings are direct messages. The tab is read-only because nobody reads replies to them.
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "shortcuts": [
                {
                    "name": "Open a ticket",
                    "type": "message",
                    "callback_id": "open_ticket",
                    "description": "Make a ticket of this message",
                },
                {
                    "name": "Add to a ticket",
                    "type": "message",
                    "callback_id": "add_to_ticket",
                    "description": "Make this message part of a ticket",
                },
            ],
            "slash_commands": [
                {
                    "command": "/desk",
                    "description": "Work at the desk",
                    "usage_hint": "help | list | show KEY | take KEY | resolve KEY words",
                    "should_escape": True,  # mentions arrive with user IDs
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(BOT_SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True},
            "socket_mode_enabled": True,
            "org_deploy_enabled": False,
            "token_rotation_enabled": False,
        },
    }
