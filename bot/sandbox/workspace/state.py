"""The state of the workspace: teams, people, channels, messages and files."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from operator import attrgetter
from typing import Any

from bot.sandbox.errors import ImpossibleError
from bot.sandbox.json_types import Json
from bot.sandbox.workspace.records import App, Channel, Message, Team, User


class Workspace:
    """Our workspace with the bot, and the workspaces that share channels with ours."""

    def __init__(self, name: str, bot_name: str) -> None:
        self._counts: defaultdict[str, int] = defaultdict(int)
        self.teams: dict[str, Team] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: list[Message] = []
        self.user_groups: dict[str, frozenset[str]] = {}
        self.files: dict[str, Json] = {}
        self.contents: dict[str, bytes] = {}
        self._by_place: dict[tuple[str, str], Message] = {}
        self._by_channel: defaultdict[str, list[Message]] = defaultdict(list)
        self._threads: defaultdict[tuple[str, str], list[Message]] = defaultdict(list)
        self.team = self.add_team(name)
        self.app_id = self.mint("A")
        self.verification = f"verification-{self.app_id}"
        self.bot_id = self.mint("B")
        self.bot = self.add_user(bot_name, self.team.team_id, is_bot=True)
        ours = App(self.bot_id, self.app_id, self.bot.user_id, bot_name, self.team.team_id)
        self.apps = {self.bot_id: ours}
        self.installations = {self.team.team_id: self.bot.user_id}

    def mint(self, prefix: str) -> str:
        """Return a new ID: a letter for the kind, then capitals and digits, as Slack's are."""
        self._counts[prefix] += 1
        return f"{prefix}0SB{self._counts[prefix]:06d}"

    def add_team(self, name: str, *, enterprise: bool = False) -> Team:
        domain = "".join(char for char in name.lower() if char.isalnum() or char == "-")
        organization = self.mint("E") if enterprise else None
        team = Team(self.mint("T"), name, domain or "workspace", organization)
        self.teams[team.team_id] = team
        return team

    def add_user(
        self, name: str, team_id: str, *, user_id: str | None = None, is_bot: bool = False
    ) -> User:
        if team_id not in self.teams:
            raise ImpossibleError(f"there is no workspace {team_id}: add it with add_team first")
        user = User(user_id or self.mint("U"), name, team_id, is_bot)
        _check_new(self.users, user.user_id)
        self.users[user.user_id] = user
        return user

    def add_app(self, name: str, team_id: str) -> App:
        """Add another app with its own bot user."""
        user = self.add_user(name, team_id, is_bot=True)
        app = App(self.mint("B"), self.mint("A"), user.user_id, name, team_id)
        self.apps[app.bot_id] = app
        return app

    def install_at(self, team_id: str) -> None:
        """Install our app in another workspace, where its bot is a separate user."""
        bot = self.add_user(self.bot.name, team_id, is_bot=True)
        self.installations[team_id] = bot.user_id

    def change_user(self, user_id: str, **changes: Any) -> User:
        changed = replace(self.user(user_id), **changes)
        self.users[user_id] = changed
        return changed

    def add_channel(
        self,
        name: str,
        members: Iterable[str],
        *,
        shared_with: str | None = None,
        is_private: bool = False,
        channel_id: str | None = None,
    ) -> Channel:
        channel = Channel(
            channel_id or self.mint("C"),
            name,
            self.team.team_id,
            shared_with=shared_with,
            is_private=is_private,
        )
        _check_new(self.channels, channel.channel_id)
        self.channels[channel.channel_id] = channel
        for user_id in members:
            self.enter(channel, user_id)
        return channel

    def enter(self, channel: Channel, user_id: str) -> None:
        """Add a member.

        Raises ImpossibleError unless the channel is shared with the person's workspace.
        """
        user = self.user(user_id)
        if user.team_id not in (channel.team_id, channel.shared_with):
            raise ImpossibleError(
                f"{user.name} is of another workspace: share #{channel.name} with it first"
            )
        channel.members.add(user_id)

    def direct_channel(self, user_id: str) -> Channel:
        """Return the direct messages between the bot and a person, and open them if necessary."""
        for channel in self.channels.values():
            if channel.direct_with == user_id:
                return channel
        opened = Channel(self.mint("D"), "directmessage", self.team.team_id, direct_with=user_id)
        opened.members = {user_id, self.bot.user_id}
        self.channels[opened.channel_id] = opened
        return opened

    def user(self, user_id: str) -> User:
        """Return a person. Raises ImpossibleError for an unknown ID: the test is wrong."""
        if user_id not in self.users:
            raise ImpossibleError(f"nobody has the id {user_id}: add them with add_user first")
        return self.users[user_id]

    def channel(self, channel_id: str) -> Channel:
        """Return a channel. Raises ImpossibleError for an unknown ID: the test is wrong."""
        if channel_id not in self.channels:
            raise ImpossibleError(f"no channel has the id {channel_id}: add it with add_channel")
        return self.channels[channel_id]

    def is_outside(self, user: User) -> bool:
        return user.team_id != self.team.team_id

    def shares_channel(self, user_id: str) -> bool:
        """Return whether the bot and this person are members of the same channel."""
        both = {user_id, self.bot.user_id}
        return any(both <= channel.members for channel in self.channels.values())

    def keep(self, message: Message) -> None:
        """Store a message. `find` and `standing` do not return an ephemeral message."""
        self.messages.append(message)
        if message.ephemeral_to is None:
            self._by_place[(message.channel, message.ts)] = message
            self._by_channel[message.channel].append(message)
            if message.is_reply:
                self._threads[(message.channel, str(message.thread_ts))].append(message)

    def change_channel_id(self, channel: Channel, new: str) -> None:
        """Move the messages of a channel to its new ID."""
        _check_new(self.channels, new)
        old, channel.channel_id = channel.channel_id, new
        self.channels[new] = self.channels.pop(old)
        moved = self._by_channel.pop(old, [])
        self._by_channel[new] = moved
        for message in self.messages:
            if message.channel == old:
                message.channel = new
                self._by_place.pop((old, message.ts), None)
        self._by_place |= {(new, message.ts): message for message in moved}
        for channel_id, thread_ts in [key for key in self._threads if key[0] == old]:
            self._threads[(new, thread_ts)] = self._threads.pop((channel_id, thread_ts))

    def find(self, channel_id: str, ts: str) -> Message | None:
        """Return a message, or None if it does not exist or has been deleted."""
        message = self._by_place.get((channel_id, ts))
        return None if message is None or message.deleted else message

    def standing(self, channel_id: str, where: Callable[[Message], bool]) -> list[Message]:
        """Return the undeleted messages of a channel that satisfy `where`, oldest first."""
        return _standing(message for message in self._by_channel[channel_id] if where(message))

    def replies(self, channel_id: str, thread_ts: str) -> list[Message]:
        """Return the undeleted replies of a thread, oldest first, without the parent."""
        return _standing(self._threads[(channel_id, thread_ts)])

    def tombstones(self, channel_id: str) -> list[Message]:
        """Return the deleted messages that still have replies: Slack shows a stub for each."""
        return [
            message
            for message in self._by_channel[channel_id]
            if message.deleted and not message.is_reply and self.replies(channel_id, message.ts)
        ]


def _standing(messages: Iterable[Message]) -> list[Message]:
    return sorted((message for message in messages if not message.deleted), key=attrgetter("ts"))


def _check_new(known: object, identifier: str) -> None:
    if isinstance(known, dict) and identifier in known:
        raise ImpossibleError(f"{identifier} is taken: choose another id")
