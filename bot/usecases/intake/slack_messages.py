"""Parse messages from Slack's events and channel histories into `ChannelMessage` values."""

from collections.abc import Iterator
from typing import Any

from bot.domain.intake.channel_message import ANNOUNCED, ChannelMessage
from bot.json_types import Json
from bot.slack_ts import MessageTs

# Subtypes of messages that people write. All others (joins, topics, bots) are ignored.
WRITTEN_BY_PEOPLE = frozenset({None, "file_share", "thread_broadcast", "me_message"})

OWN = "own_users"  # key added to an event by its reader: the IDs by which the desk is mentioned


def is_written_by_a_person(message: Json) -> bool:
    """Return whether a person wrote the message.

    Slack's `message_replied` comes without its subtype; it is recognised by the missing `user`.
    """
    by_an_app = message.get("bot_id") or not message.get("ts") or not message.get("user")
    return message.get("subtype") in WRITTEN_BY_PEOPLE and not by_an_app


def channel_message(event: Json) -> ChannelMessage:
    """Return the message of an event.

    If `text` is empty, the words are taken from the blocks. `OWN` lists the user IDs by which the
    desk is mentioned.
    """
    ts, root = event["ts"], event.get("thread_ts")
    text = event.get("text") or " ".join(_texts(event.get("blocks", [])))
    return ChannelMessage(
        channel_id=event["channel"],
        ts=MessageTs.parse(ts),
        thread_ts=MessageTs.parse(root) if root and root != ts else None,
        user_id=event["user"],
        text=text,
        file_names=tuple(_file_name(file) for file in event.get("files", [])),
        client_msg_id=event.get("client_msg_id"),
        to_the_desk=any(f"<@{own}" in text for own in event.get(OWN, ())),
    )


def _file_name(file: Json) -> str:
    """Return the file's name, or a placeholder that `files.info` must resolve.

    Slack: "Check the file object's `file_access` property".
    """
    announced = file.get("file_access") == "check_file_info" and file.get("id")
    return f"{ANNOUNCED}{file['id']}" if announced else file.get("name") or "a file"


def _texts(blocks: Any) -> Iterator[str]:
    """Yield every text in the blocks, depth first."""
    if isinstance(blocks, list):
        for block in blocks:
            yield from _texts(block)
    elif isinstance(blocks, dict):
        text = blocks.get("text")
        if isinstance(text, str):
            yield text
        for value in blocks.values():
            yield from _texts(value)
