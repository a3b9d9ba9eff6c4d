"""The conversation, message or person of a call, and whether the bot may reach it."""

from bot.sandbox.errors import SlackError
from bot.sandbox.slack import Slack
from bot.sandbox.web_api.arguments import Arguments
from bot.sandbox.workspace.files import channels_of
from bot.sandbox.workspace.records import Channel, Message, User


def visible_channel(slack: Slack, arguments: Arguments) -> Channel:
    """Return the conversation. Raises SlackError if it is private and without the bot."""
    channel = slack.workspace.channels.get(arguments.text("channel"))
    if channel is None:
        raise SlackError("channel_not_found")
    if channel.is_private and not is_member(slack, channel):
        raise SlackError("channel_not_found")
    return channel


def joined_channel(slack: Slack, arguments: Arguments) -> Channel:
    """Return the conversation. Raises SlackError unless the bot is a member."""
    channel = visible_channel(slack, arguments)
    if not is_member(slack, channel):
        raise SlackError("not_in_channel")
    return channel


def writable_channel(slack: Slack, arguments: Arguments) -> Channel:
    """Return the conversation to post in. The ID of a person opens their direct messages.

    Raises SlackError if the channel is archived or the bot is not a member.

    Slack: `chat:write.public` lets an app post in public channels "without joining".
    """
    person = slack.workspace.users.get(arguments.text("channel"))
    if person is not None:
        if not may_see(slack, person):
            raise SlackError("channel_not_found")
        return slack.workspace.direct_channel(person.user_id)
    channel = visible_channel(slack, arguments)
    if not is_member(slack, channel) and not slack.rights.posts_anywhere:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


def is_member(slack: Slack, channel: Channel) -> bool:
    return slack.workspace.bot.user_id in channel.members


def may_see(slack: Slack, person: User) -> bool:
    """Return whether the bot sees a person: people outside need a channel in common with it."""
    outside = slack.workspace.is_outside(person)
    return not outside or slack.workspace.shares_channel(person.user_id)


def may_see_file(slack: Slack, file: dict[str, object]) -> bool:
    """Return whether the bot sees a file: its own, or shown in a conversation of the bot."""
    bot = slack.workspace.bot.user_id
    channels = slack.workspace.channels
    shown_in = (channels[channel] for channel in channels_of(file) if channel in channels)
    return file["user"] == bot or any(bot in channel.members for channel in shown_in)


def existing_message(slack: Slack, channel: Channel, ts: str) -> Message:
    message = slack.workspace.find(channel.channel_id, ts)
    if message is None:
        raise SlackError("message_not_found")
    return message


def visible_person(slack: Slack, user_id: str) -> User:
    person = slack.workspace.users.get(user_id)
    if person is None:
        raise SlackError("user_not_found")
    if not may_see(slack, person):
        raise SlackError("user_not_visible")
    return person
