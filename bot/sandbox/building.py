"""Setting the scene: workspaces, people, channels, who is where."""

from collections.abc import Iterable

from bot.sandbox.answers import ImpossibleError
from bot.sandbox.events import moved
from bot.sandbox.records import Json
from bot.sandbox.stage import Stage


class Building(Stage):
    """What an administrator does."""

    def add_team(self, name: str) -> str:
        """A workspace of others, to share channels with; its id."""
        return self._workspace.add_team(name).team_id

    def add_user(self, name: str, *, team: str | None = None, user_id: str | None = None) -> str:
        """A person, of our workspace unless `team` names another; their id."""
        return self._workspace.add_user(name, team or self.team_id, user_id=user_id).user_id

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

    def join(self, user: str, channel: str) -> None:
        """Somebody comes into a channel, the bot perhaps: `member_joined_channel` where it is."""
        place = self._workspace.channel(channel)
        self._workspace.enter(place, user)
        self._tell_of_move("member_joined_channel", user, channel)

    def leave(self, user: str, channel: str) -> None:
        """Somebody leaves a channel; if it is the bot, nothing tells it of this channel again."""
        place = self._workspace.channel(channel)
        if user not in place.members:
            raise ImpossibleError(f"{user} is not in #{place.name} and cannot leave it")
        place.members.discard(user)
        self._tell_of_move("member_left_channel", user, channel)

    def archive(self, channel: str) -> None:
        """Nothing can be posted there any more."""
        self._workspace.channel(channel).is_archived = True

    def tell(self, event: Json, channel: str | None = None) -> None:
        """Send the app an event that has no deed of its own here, as `channel_rename` has not.

        With a `channel` it is sent only while the bot is there.
        """
        place = None if channel is None else self._workspace.channel(channel)
        self._slack.emit(event, place)

    def _tell_of_move(self, kind: str, user: str, channel: str) -> None:
        place = self._workspace.channel(channel)
        event_ts = self._slack.next_ts(channel)
        self._slack.emit(moved(kind, self._workspace, user, place, event_ts), place)
