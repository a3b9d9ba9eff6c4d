"""The initial state of the workspace: teams, people, channels and memberships."""

from collections.abc import Iterable

from bot.sandbox.json_types import Json
from bot.sandbox.slack import Slack


class Setup:
    """Adds to the workspace without an event, as if it had existed before the app was installed."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._workspace = slack.workspace

    def add_team(self, name: str, *, enterprise: bool = False) -> str:
        """Add another workspace, perhaps of an organization, and return its ID."""
        return self._workspace.add_team(name, enterprise=enterprise).team_id

    def install_at(self, team: str) -> None:
        """Install the app in another workspace as well.

        Slack: `authorizations` is "an installation of your app" that sees the event.
        """
        self._workspace.install_at(team)

    def add_user(self, name: str, *, team: str | None = None, user_id: str | None = None) -> str:
        """Add a person to our workspace, or to `team`, and return their ID."""
        team_id = team or self._workspace.team.team_id
        return self._workspace.add_user(name, team_id, user_id=user_id).user_id

    def put_user_group(self, members: Iterable[str], group: str = "") -> str:
        """Create a user group of our workspace, or replace the members of `group`."""
        group = group or self._workspace.mint("S")
        self._workspace.user_groups[group] = frozenset(members)
        return group

    def add_channel(
        self,
        name: str,
        *,
        members: Iterable[str] = (),
        shared_with: str | None = None,
        bot: bool = True,
        private: bool = False,
        channel_id: str | None = None,
    ) -> str:
        """Add a channel and return its ID. `shared_with` is the ID of another workspace."""
        everybody = [*members, *([self._workspace.bot.user_id] if bot else [])]
        channel = self._workspace.add_channel(
            name, everybody, shared_with=shared_with, is_private=private, channel_id=channel_id
        )
        return channel.channel_id

    def direct_channel(self, user: str) -> str:
        """Return the ID of the direct messages between the bot and a person."""
        return self._workspace.direct_channel(self._workspace.user(user).user_id).channel_id

    def tell(self, event: Json, channel: str | None = None) -> None:
        """Send the app an event for which the sandbox has no method, such as `team_rename`.

        With a `channel` the event is sent only if the bot is a member.
        """
        place = None if channel is None else self._workspace.channel(channel)
        self._slack.emit(event, place)
