"""users.info, users.list, users.conversations, bots.info, team.info."""

from bot.sandbox.answers import SlackError
from bot.sandbox.arguments import Arguments
from bot.sandbox.bodies import bot_body, channel_body, user_body
from bot.sandbox.methods.places import visible_person
from bot.sandbox.pages import page
from bot.sandbox.records import Channel, Json
from bot.sandbox.rights import READ
from bot.sandbox.slack import Slack


def info(slack: Slack, arguments: Arguments) -> Json:
    person = visible_person(slack, arguments.text("user"))
    return {"user": user_body(slack.workspace, person)}


def list_all(slack: Slack, arguments: Arguments) -> Json:
    """The people of our own workspace, page by page."""
    own = [each for each in slack.workspace.users.values() if not slack.workspace.is_outside(each)]
    by_id = sorted(own, key=lambda each: each.user_id)
    shown, cursor = page(by_id, arguments, 1000, lambda each: each.user_id)
    return {
        "members": [user_body(slack.workspace, each) for each in shown],
        "cache_ts": int(slack.clock.now().timestamp()),
        "response_metadata": {"next_cursor": cursor},
    }


_TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": None}


def conversations(slack: Slack, arguments: Arguments) -> Json:
    """Where somebody is a member; of what is not public, only where the bot is too.

    `types` decides which scopes are needed: `channels:read`, `groups:read`, `im:read`.
    """
    types = (arguments.text("types") or "public_channel").replace(" ", "").split(",")
    if not set(types) <= _TYPES.keys():
        raise SlackError("invalid_types")
    kinds = {_TYPES[each] for each in types}
    slack.rights.insist_on(*(READ[each] for each in sorted(filter(None, kinds))))
    bot = slack.workspace.bot.user_id
    user = arguments.text("user") or bot
    visible_person(slack, user)
    found = [
        each
        for each in slack.workspace.channels.values()
        if each.kind in kinds and user in each.members and _open_to(bot, each)
        if not (each.is_archived and arguments.flag("exclude_archived"))
    ]
    by_id = sorted(found, key=lambda each: each.channel_id)
    shown, cursor = page(by_id, arguments, 100, lambda each: each.channel_id)
    return {
        "channels": [channel_body(slack.workspace, each) for each in shown],
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
