"""Messages as the JSON that history and events have."""

from typing import Any

from bot.sandbox.bodies import bot_body
from bot.sandbox.records import Json, Message
from bot.sandbox.workspace import Workspace


def message_body(workspace: Workspace, message: Message, *, with_metadata: bool = False) -> Json:
    """A message as history and events have it, without its place in a thread's count."""
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
        blocks=message.blocks or _typed_words(message),
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
    """Which team, and for messages of apps which app."""
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
    """Files of people outside come as stubs: Slack has the app ask `files.info` for the rest."""
    author = workspace.users.get(message.user or "")
    if author is None or not workspace.is_outside(author):
        return message.files
    kept = ("id", "created", "timestamp", "user")
    return [
        {name: each[name] for name in kept}
        | {"mode": "file_access", "file_access": "check_file_info"}
        for each in message.files
    ]


def _typed_words(message: Message) -> list[Json]:
    """What people type arrives as a rich text block too."""
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
    """What a first message says of its thread, once there is one."""
    answers = workspace.replies(message.channel, message.ts)
    if not answers:
        return {}
    authors = [each.user or each.bot_id for each in answers]
    return {
        "thread_ts": message.ts,
        "reply_count": len(answers),
        "reply_users_count": len(set(authors)),
        "reply_users": list(dict.fromkeys(authors)),
        "latest_reply": answers[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }


def tombstone_body(message: Message) -> Json:
    """What stands where a message with replies was deleted."""
    return {
        "type": "message",
        "subtype": "tombstone",
        "hidden": True,
        "user": "USLACKBOT",
        "text": "This message was deleted.",
        "ts": message.ts,
        "thread_ts": message.ts,
    }
