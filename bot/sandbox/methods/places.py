"""Where a call points to: conversations, messages, people; and whether the bot may go there."""

from bot.sandbox.answers import SlackError
from bot.sandbox.arguments import Arguments
from bot.sandbox.records import Channel, Message, User
from bot.sandbox.slack import Slack


def visible_channel(slack: Slack, arguments: Arguments) -> Channel:
    """The conversation; a private one the bot is not in does not exist for it."""
    channel = slack.workspace.channels.get(arguments.text("channel"))
    if channel is None:
        raise SlackError("channel_not_found")
    if channel.is_private and not is_member(slack, channel):
        raise SlackError("channel_not_found")
    return channel


def joined_channel(slack: Slack, arguments: Arguments) -> Channel:
    """The conversation, which the bot has to be a member of."""
    channel = visible_channel(slack, arguments)
    if not is_member(slack, channel):
        raise SlackError("not_in_channel")
    return channel


def writable_channel(slack: Slack, arguments: Arguments) -> Channel:
    """Where to post: a joined channel that is not archived; a person's id opens the direct one.

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
    """People outside exist for the bot as long as they share a channel with it."""
    outside = slack.workspace.is_outside(person)
    return not outside or slack.workspace.shares_channel(person.user_id)


def standing_message(slack: Slack, channel: Channel, ts: str) -> Message:
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
