"""reactions.add, reactions.remove."""

import re

from bot.sandbox.errors import SlackError
from bot.sandbox.json_types import Json
from bot.sandbox.slack import Slack
from bot.sandbox.web_api.arguments import Arguments
from bot.sandbox.web_api.methods.lookups import existing_message, joined_channel
from bot.sandbox.workspace.records import Message
from bot.sandbox.workspace.timestamps import number

_NAME = re.compile(r"[a-z0-9_+'\-]+(::skin-tone-[2-6])?")


def _target(slack: Slack, arguments: Arguments) -> tuple[Message, str]:
    if not arguments.text("channel") or not arguments.text("timestamp"):
        raise SlackError("no_item_specified")
    channel = joined_channel(slack, arguments)
    if channel.is_archived:
        raise SlackError("is_archived")
    name = arguments.required("name")
    if not _NAME.fullmatch(name):
        raise SlackError("invalid_name")
    timestamp = arguments.text("timestamp")
    if number(timestamp) is None:
        raise SlackError("bad_timestamp")
    return existing_message(slack, channel, timestamp), name


def add(slack: Slack, arguments: Arguments) -> Json:
    message, name = _target(slack, arguments)
    bot = slack.workspace.bot.user_id
    if bot in message.reactions.get(name, []):
        raise SlackError("already_reacted")
    slack.react(message, bot, name, add=True)
    return {}


def remove(slack: Slack, arguments: Arguments) -> Json:
    message, name = _target(slack, arguments)
    bot = slack.workspace.bot.user_id
    if bot not in message.reactions.get(name, []):
        raise SlackError("no_reaction")
    slack.react(message, bot, name, add=False)
    return {}
