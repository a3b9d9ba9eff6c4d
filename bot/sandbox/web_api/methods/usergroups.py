"""usergroups.users.list."""

from bot.sandbox.errors import SlackError
from bot.sandbox.json_types import Json
from bot.sandbox.slack import Slack
from bot.sandbox.web_api.arguments import Arguments


def users_list(slack: Slack, arguments: Arguments) -> Json:
    """Return the IDs of the members of a group."""
    members = slack.workspace.user_groups.get(arguments.required("usergroup"))
    if members is None:
        raise SlackError("no_such_subteam")
    return {"users": sorted(members)}
