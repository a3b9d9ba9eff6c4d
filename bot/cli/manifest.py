"""`deskbell manifest`: what the Slack app may do and hear, and why."""

from typing import Any

BOT_SCOPES = (
    "channels:history",  # messages of clients' public channels, and looking up our own
    "channels:read",  # what becomes of them: archived, shared, another id
    "groups:history",  # the same in private channels
    "groups:read",
    "im:history",  # looking up our own direct messages
    "chat:write",
    "chat:write.customize",  # answers in the engineer's name
    "commands",
    "files:read",  # the names of files from other workspaces
    "files:write",  # the digest's picture
    "im:write",  # pings by direct message
    "usergroups:read",  # DESKBELL_STAFF_GROUP
    "users:read",  # for the event that an account is closed
    "reactions:read",  # a :ticket: on a message asks for one
)
EVENTS = (
    "message.channels",
    "message.groups",
    "app_home_opened",
    "reaction_added",
    # What becomes of the desk's channels (Slack calls the private ones groups), and of the app.
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
    "user_change",  # of the staff: an account that is closed
)


def app_manifest() -> dict[str, Any]:
    """The app's manifest, for Socket Mode. Each vendor installs it as an app of its own."""
    return {
        "display_information": {
            "name": "Deskbell",
            "description": "A support desk that keeps the promises in your support plans.",
        },
        "features": {
            "bot_user": {"display_name": "Deskbell", "always_online": True},
            # Pings come as direct messages; what is answered to them nobody would read.
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
                    "should_escape": True,  # people who are mentioned come with their IDs
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
