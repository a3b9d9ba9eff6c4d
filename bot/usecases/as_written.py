"""Messages as Slack's events and histories have them, read into values."""

from collections.abc import Iterator
from typing import Any

from bot.ports import ANNOUNCED, ChannelMessage, Json

# What a person writes. Others (joins, topics, bots) are no messages to us.
WRITTEN_BY_PEOPLE = frozenset({None, "file_share", "thread_broadcast", "me_message"})

OWN = "own_users"  # put into an event by whoever reads it


def is_written_by_a_person(message: Json) -> bool:
    """Slack's `message_replied` comes without its subtype: it has no `user`."""
    by_an_app = message.get("bot_id") or not message.get("ts") or not message.get("user")
    return message.get("subtype") in WRITTEN_BY_PEOPLE and not by_an_app


def channel_message(event: Json) -> ChannelMessage:
    """The message of an event. A message's text can be empty with the words in its blocks. `OWN`
    in it are the IDs by which the desk is mentioned."""
    root = event.get("thread_ts")
    text = event.get("text") or " ".join(_words(event.get("blocks", [])))
    return ChannelMessage(
        channel_id=event["channel"],
        ts=event["ts"],
        thread_ts=root if root != event["ts"] else None,
        user_id=event["user"],
        text=text,
        file_names=tuple(_named(file) for file in event.get("files", [])),
        client_msg_id=event.get("client_msg_id"),
        to_the_desk=any(f"<@{own}" in text for own in event.get(OWN, ())),
    )


def _named(file: Json) -> str:
    """ "Check the file object's `file_access` property": the rest is for `files.info` to say."""
    announced = file.get("file_access") == "check_file_info" and file.get("id")
    return f"{ANNOUNCED}{file['id']}" if announced else file.get("name") or "a file"


def _words(blocks: Any) -> Iterator[str]:
    if isinstance(blocks, list):
        for one in blocks:
            yield from _words(one)
    elif isinstance(blocks, dict):
        text = blocks.get("text")
        if isinstance(text, str):
            yield text
        for one in blocks.values():
            yield from _words(one)
