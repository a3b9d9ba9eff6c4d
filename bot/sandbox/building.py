"""Setting the scene: workspaces, people, channels, who is where."""

from collections.abc import Iterable

from bot.sandbox.records import Json
from bot.sandbox.stage import Stage


class Building(Stage):
    """Who and what is there before a story begins; no event tells of it."""

    def add_team(self, name: str, *, enterprise: bool = False) -> str:
        """A workspace of others, to share channels with, of an organization perhaps; its id."""
        return self._workspace.add_team(name, enterprise=enterprise).team_id

    def install_at(self, team: str) -> None:
        """Install the app in the other workspace too.

        Slack: `authorizations` is "an installation of your app", one of those that see the event.
        """
        self._workspace.install_at(team)

    def add_user(self, name: str, *, team: str | None = None, user_id: str | None = None) -> str:
        """A person, of our workspace unless `team` names another; their id."""
        return self._workspace.add_user(name, team or self.team_id, user_id=user_id).user_id

    def put_user_group(self, members: Iterable[str], group: str = "") -> str:
        """A user group of our workspace with these people, or that group with other people."""
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
        """A channel, shared with the workspace `shared_with` if given; its id. No event tells."""
        there = [*members, *([self.bot_user_id] if bot else [])]
        channel = self._workspace.add_channel(
            name, there, shared_with=shared_with, is_private=private, channel_id=channel_id
        )
        return channel.channel_id

    def direct_channel(self, user: str) -> str:
        """The conversation between the bot and a person; its id."""
        return self._workspace.direct_channel(self._workspace.user(user).user_id).channel_id

    def tell(self, event: Json, channel: str | None = None) -> None:
        """Send the app an event that has no deed of its own here, as `team_rename` has not.

        With a `channel` it is sent only while the bot is there.
        """
        place = None if channel is None else self._workspace.channel(channel)
        self._slack.emit(event, place)
