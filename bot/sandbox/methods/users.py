"""users.info, users.list, bots.info, team.info, files.info."""

from bot.sandbox.answers import SlackError
from bot.sandbox.arguments import Arguments
from bot.sandbox.bodies import bot_body, user_body
from bot.sandbox.methods.places import visible_person
from bot.sandbox.pages import page
from bot.sandbox.records import Json
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


def bots_info(slack: Slack, arguments: Arguments) -> Json:
    if arguments.text("bot") not in ("", slack.workspace.bot_id):
        raise SlackError("bot_not_found")
    return {"bot": bot_body(slack.workspace)}


def team_info(slack: Slack, arguments: Arguments) -> Json:
    team = slack.workspace.teams.get(arguments.text("team") or slack.workspace.team.team_id)
    if team is None:
        raise SlackError("team_not_found")
    url = f"https://{team.domain}.slack.com/"
    return {"team": {"id": team.team_id, "name": team.name, "domain": team.domain, "url": url}}


def files_info(slack: Slack, arguments: Arguments) -> Json:
    """The whole of a file, also of one that an event only named with `check_file_info`."""
    file = slack.workspace.files.get(arguments.text("file"))
    if file is None:
        raise SlackError("file_not_found")
    return {"file": file, "comments": [], "response_metadata": {"next_cursor": ""}}
