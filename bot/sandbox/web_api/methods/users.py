"""users.info, users.list, users.conversations, bots.info, team.info."""

from operator import attrgetter

from bot.sandbox.errors import SlackError
from bot.sandbox.events.bodies import bot_body, channel_body, user_body
from bot.sandbox.json_types import Json
from bot.sandbox.slack import Slack
from bot.sandbox.web_api.arguments import Arguments
from bot.sandbox.web_api.methods.lookups import visible_person
from bot.sandbox.web_api.pagination import page
from bot.sandbox.workspace.records import Channel
from bot.sandbox.workspace.rights import READ


def info(slack: Slack, arguments: Arguments) -> Json:
    person = visible_person(slack, arguments.text("user"))
    return {"user": user_body(slack.workspace, person)}


def list_all(slack: Slack, arguments: Arguments) -> Json:
    """Return the people of our workspace, page by page."""
    people = slack.workspace.users.values()
    ours = [person for person in people if not slack.workspace.is_outside(person)]
    by_id = sorted(ours, key=attrgetter("user_id"))
    shown, cursor = page(by_id, arguments, 1000, attrgetter("user_id"))
    return {
        "members": [user_body(slack.workspace, person) for person in shown],
        "cache_ts": int(slack.clock.now().timestamp()),
        "response_metadata": {"next_cursor": cursor},
    }


_TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": None}


def conversations(slack: Slack, arguments: Arguments) -> Json:
    """Return the conversations of a person; private channels only if the bot is a member.

    `types` decides which scopes are needed: `channels:read`, `groups:read`, `im:read`.
    """
    types = (arguments.text("types") or "public_channel").replace(" ", "").split(",")
    if not set(types) <= _TYPES.keys():
        raise SlackError("invalid_types")
    kinds = {_TYPES[name] for name in types}
    slack.rights.require(*(READ[kind] for kind in sorted(filter(None, kinds))))
    bot = slack.workspace.bot.user_id
    user = arguments.text("user") or bot
    visible_person(slack, user)
    channels = [
        channel
        for channel in slack.workspace.channels.values()
        if channel.kind in kinds and user in channel.members and _open_to(bot, channel)
        if not (channel.is_archived and arguments.flag("exclude_archived"))
    ]
    by_id = sorted(channels, key=attrgetter("channel_id"))
    shown, cursor = page(by_id, arguments, 100, attrgetter("channel_id"))
    return {
        "channels": [channel_body(slack.workspace, channel) for channel in shown],
        "response_metadata": {"next_cursor": cursor},
    }


def _open_to(bot: str, channel: Channel) -> bool:
    return channel.kind == "channel" or bot in channel.members


def bots_info(slack: Slack, arguments: Arguments) -> Json:
    app = slack.workspace.apps.get(arguments.text("bot") or slack.workspace.bot_id)
    if app is None:
        raise SlackError("bot_not_found")
    return {"bot": bot_body(app)}


def team_info(slack: Slack, arguments: Arguments) -> Json:
    team = slack.workspace.teams.get(arguments.text("team") or slack.workspace.team.team_id)
    if team is None:
        raise SlackError("team_not_found")
    url = f"https://{team.domain}.slack.com/"
    return {"team": {"id": team.team_id, "name": team.name, "domain": team.domain, "url": url}}
