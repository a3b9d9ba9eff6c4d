"""The JSON of messages in histories and events."""

from typing import Any

from bot.sandbox.events.bodies import bot_body
from bot.sandbox.json_types import Json
from bot.sandbox.workspace.records import Message
from bot.sandbox.workspace.state import Workspace


def message_body(workspace: Workspace, message: Message, *, with_metadata: bool = False) -> Json:
    """Return a message as histories and events have it, without the reply count."""
    body: Json = {"type": "message", "ts": message.ts, "text": message.text}
    body |= _present(
        subtype=message.subtype,
        user=message.user,
        username=message.username,
        client_msg_id=message.client_msg_id,
        edited=message.edited,
        thread_ts=message.thread_ts,
        files=_files(workspace, message),
        attachments=message.attachments,
        blocks=message.blocks or _rich_text(message),
        reactions=_reactions(message),
        metadata=message.metadata if with_metadata else None,
        upload=bool(message.files),
        language=message.language and {"locale": message.language, "is_reliable": True},
    )
    if message.is_reply:
        parent = workspace.find(message.channel, str(message.thread_ts))
        body |= _present(parent_user_id=parent.user if parent else None)
    return body | _author(workspace, message)


def _present(**values: Any) -> Json:
    return {name: value for name, value in values.items() if value}


def _author(workspace: Workspace, message: Message) -> Json:
    """Return the team of the author, and the app for a message of an app."""
    if message.bot_id:
        app = workspace.apps[message.bot_id]
        return {
            "team": app.team_id,
            "bot_id": app.bot_id,
            "app_id": app.app_id,
            "bot_profile": bot_body(app) | {"team_id": app.team_id},
        }
    if message.user is None:
        return {}
    user = workspace.users[message.user]
    if not workspace.is_outside(user):
        return {"team": user.team_id}
    team = workspace.teams[user.team_id]
    profile = {"real_name": user.name, "display_name": user.name, "team": team.team_id}
    return {
        "team": team.team_id,
        "user_team": team.team_id,
        "source_team": team.team_id,
        "user_profile": profile,
    }


def _files(workspace: Workspace, message: Message) -> list[Json]:
    """Return the files of a message. Slack sends a stub for a file of a person outside.

    The app calls `files.info` for the rest.
    """
    author = workspace.users.get(message.user or "")
    if author is None or not workspace.is_outside(author):
        return message.files
    kept = ("id", "created", "timestamp", "user")
    return [
        {name: file[name] for name in kept}
        | {"mode": "file_access", "file_access": "check_file_info"}
        for file in message.files
    ]


def _rich_text(message: Message) -> list[Json]:
    """Return the rich text block that Slack adds to a message that a person typed."""
    if message.bot_id or message.is_note or not message.text:
        return []
    section = {
        "type": "rich_text_section",
        "elements": [{"type": "text", "text": message.text}],
    }
    return [{"type": "rich_text", "block_id": f"t{message.ts[-4:]}", "elements": [section]}]


def _reactions(message: Message) -> list[Json]:
    return [
        {"name": name, "users": list(users), "count": len(users)}
        for name, users in message.reactions.items()
        if users
    ]


def thread_count(workspace: Workspace, message: Message) -> Json:
    """Return the reply count of a message that has replies, otherwise {}."""
    replies = workspace.replies(message.channel, message.ts)
    if not replies:
        return {}
    authors = [reply.user or reply.bot_id for reply in replies]
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(set(authors)),
        "reply_users": list(dict.fromkeys(authors)),
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }


def tombstone_body(message: Message) -> Json:
    """Return the stub that Slack shows in place of a deleted message with replies."""
    return {
        "type": "message",
        "subtype": "tombstone",
        "hidden": True,
        "user": "USLACKBOT",
        "text": "This message was deleted.",
        "ts": message.ts,
        "thread_ts": message.ts,
    }
