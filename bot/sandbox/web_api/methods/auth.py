"""api.test, auth.test."""

from bot.sandbox.errors import SlackError
from bot.sandbox.json_types import Json
from bot.sandbox.slack import Slack
from bot.sandbox.web_api.arguments import Arguments


def api_test(_slack: Slack, arguments: Arguments) -> Json:
    """Return the arguments, or raise SlackError with the requested error."""
    if arguments.text("error"):
        raise SlackError(arguments.text("error"), args=arguments.values)
    return {"args": arguments.values}


def auth_test(slack: Slack, _arguments: Arguments) -> Json:
    workspace = slack.workspace
    return {
        "url": f"https://{workspace.team.domain}.slack.com/",
        "team": workspace.team.name,
        "team_id": workspace.team.team_id,
        "user": workspace.bot.name,
        "user_id": workspace.bot.user_id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }
