"""Events, taken from the inbox: each becomes one call of one use-case."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from bot.ports import ChannelMessage, Json
from bot.usecases.desk import Desk
from bot.usecases.intake import receive_message

# What a person writes. Others (joins, topics, bots) are no messages to us.
WRITTEN_BY_PEOPLE = frozenset({None, "file_share", "thread_broadcast", "me_message"})


async def on_message(desk: Desk, event: Json) -> str:
    """A message in a channel, or a mention of the bot, which is the same message again."""
    if event.get("subtype") not in WRITTEN_BY_PEOPLE or event.get("bot_id"):
        return f"not written by a person ({event.get('subtype') or 'bot'})"
    return await receive_message(desk, channel_message(event))


def channel_message(event: Json) -> ChannelMessage:
    """The message of an event. A message's text can be empty with the words in its blocks."""
    root = event.get("thread_ts")
    return ChannelMessage(
        channel_id=event["channel"],
        ts=event["ts"],
        thread_ts=root if root != event["ts"] else None,
        user_id=event["user"],
        text=event.get("text") or " ".join(_words(event.get("blocks", []))),
        file_names=tuple(file.get("name") or "a file" for file in event.get("files", [])),
        client_msg_id=event.get("client_msg_id"),
    )


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


ON_EVENT: dict[str, Callable[[Desk, Json], Awaitable[str]]] = {
    "message": on_message,
    "app_mention": on_message,
}


async def handle(desk: Desk, body: Json) -> str:
    """What became of a delivery, in words for the record."""
    event = body["event"]
    on_event = ON_EVENT.get(event["type"])
    return await on_event(desk, event) if on_event else f"nothing to do for {event['type']}"
