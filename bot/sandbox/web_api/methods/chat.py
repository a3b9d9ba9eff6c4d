"""chat.postMessage, chat.update, chat.delete, chat.postEphemeral, chat.getPermalink."""

from dataclasses import dataclass

from bot.sandbox.block_kit.blocks import check_message_blocks, with_identifiers
from bot.sandbox.block_kit.visible_text import visible_text
from bot.sandbox.errors import SlackError
from bot.sandbox.events.message_bodies import message_body
from bot.sandbox.json_types import Json
from bot.sandbox.slack import Slack
from bot.sandbox.web_api.arguments import Arguments
from bot.sandbox.web_api.methods.lookups import (
    existing_message,
    joined_channel,
    visible_channel,
    writable_channel,
)
from bot.sandbox.workspace.records import Channel, Message
from bot.sandbox.workspace.timestamps import number

LONGEST_TEXT = 40_000
LONGEST_UPDATE = 4_000
LONGEST_BLOCKS = 13_200


@dataclass(frozen=True)
class Content:
    """The checked content of a message."""

    text: str
    blocks: list[Json]
    attachments: list[Json]


def content_of(arguments: Arguments, *, longest: int = LONGEST_TEXT) -> Content:
    """Return the content of a call. Raises SlackError if it is empty or too long.

    Slack truncates a posted text after 40,000 characters and refuses an update of more than 4,000
    characters with `msg_too_long`. The sandbox refuses both, because an app never intends to lose
    text. The limit of `msg_blocks_too_long` is not documented; users report about 13,200.
    """
    text = arguments.text("text")
    blocks = arguments.structure("blocks", "invalid_blocks_format") or []
    attachments = arguments.structure("attachments", "invalid_attachments") or []
    if not text and not blocks and not attachments:
        raise SlackError("no_text")
    if len(text) > longest:
        raise SlackError("msg_too_long")
    if len(attachments) > 100:
        raise SlackError("too_many_attachments")
    check_message_blocks(blocks)
    if sum(map(len, visible_text(blocks))) > LONGEST_BLOCKS:
        raise SlackError("msg_blocks_too_long")
    return Content(text, with_identifiers(blocks), attachments)


def metadata_of(arguments: Arguments) -> Json | None:
    """Return the metadata of a call, or None.

    Slack, "Message metadata": `event_type` and the object `event_payload` are both required.
    """
    metadata = arguments.structure("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise SlackError("invalid_metadata_format")
    if not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    return {name: metadata[name] for name in ("event_type", "event_payload")}


def thread_of(slack: Slack, channel: Channel, arguments: Arguments) -> str | None:
    """Return the thread of a call, or None. Raises SlackError if the thread does not exist."""
    thread_ts = arguments.text("thread_ts")
    if not thread_ts:
        return None
    if number(thread_ts) is None or "." not in thread_ts:
        raise SlackError("invalid_thread_ts", [f"{thread_ts} is not a valid thread_ts"])
    parent = slack.workspace.find(channel.channel_id, thread_ts)
    if parent is None and not slack.workspace.replies(channel.channel_id, thread_ts):
        raise SlackError("thread_not_found")
    if parent is not None and parent.is_reply:
        raise SlackError("cannot_reply_to_message")
    return thread_ts


def post_message(slack: Slack, arguments: Arguments) -> Json:
    """Post a message.

    Slack: a `username` or an icon needs the scope `chat:write.customize`.
    """
    if any(arguments.text(name) for name in ("username", "icon_url", "icon_emoji")):
        slack.rights.require("chat:write.customize")
    channel = writable_channel(slack, arguments)
    if channel.direct_with and not slack.rights.messages_tab:
        raise SlackError("messages_tab_disabled")
    content, metadata = content_of(arguments), metadata_of(arguments)
    thread_ts = thread_of(slack, channel, arguments)
    username = arguments.text("username") or None
    message = by_bot(slack, channel, content, thread_ts)
    message.metadata, message.username = metadata, username
    if username:
        message.user, message.subtype = None, "bot_message"
    elif thread_ts and arguments.flag("reply_broadcast"):
        message.subtype = "thread_broadcast"
    slack.post(message)
    return {
        "channel": channel.channel_id,
        "ts": message.ts,
        "message": message_body(slack.workspace, message, with_metadata=True),
    }


def by_bot(slack: Slack, channel: Channel, content: Content, thread_ts: str | None) -> Message:
    """Return a message of the bot that is not posted yet."""
    return Message(
        channel.channel_id,
        slack.next_ts(channel.channel_id),
        content.text,
        thread_ts=thread_ts,
        user=slack.workspace.bot.user_id,
        bot_id=slack.workspace.bot_id,
        blocks=content.blocks,
        attachments=content.attachments,
    )


def update(slack: Slack, arguments: Arguments) -> Json:
    """Update a message of the bot. An ephemeral message is not found.

    Slack: "If the `text` argument is provided and `blocks` are not provided, the `blocks` will be
    removed". A call without metadata keeps the metadata, and "an empty object" removes it.
    """
    channel = joined_channel(slack, arguments)
    if channel.is_archived:
        raise SlackError("is_inactive")
    message = existing_message(slack, channel, arguments.required("ts"))
    if message.bot_id != slack.workspace.bot_id:
        raise SlackError("cant_update_message")
    content = content_of(arguments, longest=LONGEST_UPDATE)
    slack.edit(
        message,
        slack.workspace.bot.user_id,
        text=content.text,
        blocks=content.blocks,
        attachments=content.attachments,
        metadata=_metadata_after(message, arguments),
    )
    return {
        "channel": channel.channel_id,
        "ts": message.ts,
        "text": message.text,
        "message": message_body(slack.workspace, message, with_metadata=True),
    }


def _metadata_after(message: Message, arguments: Arguments) -> Json | None:
    if arguments.values.get("metadata") is None:
        return message.metadata
    emptied = arguments.values["metadata"] in ({}, "{}")
    return None if emptied else metadata_of(arguments)


def delete(slack: Slack, arguments: Arguments) -> Json:
    channel = joined_channel(slack, arguments)
    message = existing_message(slack, channel, arguments.required("ts"))
    if message.bot_id != slack.workspace.bot_id:
        raise SlackError("cant_delete_message")
    slack.delete(message)
    return {"channel": channel.channel_id, "ts": message.ts}


def post_ephemeral(slack: Slack, arguments: Arguments) -> Json:
    """Show a message to a single member of the conversation; no history contains it."""
    channel = joined_channel(slack, arguments)
    if channel.is_archived:
        raise SlackError("is_archived")
    user = arguments.required("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    message = by_bot(slack, channel, content_of(arguments), thread_of(slack, channel, arguments))
    message.ephemeral_to = user
    slack.post(message)
    return {"message_ts": message.ts}


def get_permalink(slack: Slack, arguments: Arguments) -> Json:
    channel = visible_channel(slack, arguments)
    message = existing_message(slack, channel, arguments.required("message_ts"))
    place = f"{channel.channel_id}/p{message.ts.replace('.', '')}"
    link = f"https://{slack.workspace.team.domain}.slack.com/archives/{place}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.channel_id}"
    return {"channel": channel.channel_id, "permalink": link}
