"""usergroups.users.list."""

from bot.sandbox.answers import SlackError
from bot.sandbox.arguments import Arguments
from bot.sandbox.records import Json
from bot.sandbox.slack import Slack


def users_list(slack: Slack, arguments: Arguments) -> Json:
    """The IDs of the people of a group."""
    members = slack.workspace.user_groups.get(arguments.needed("usergroup"))
    if members is None:
        raise SlackError("no_such_subteam")
    return {"users": sorted(members)}
