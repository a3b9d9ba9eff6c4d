"""Teams, people, channels and messages: what is there, without transport or time."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from bot.sandbox.answers import ImpossibleError
from bot.sandbox.records import App, Channel, Json, Message, Team, User


class Workspace:
    """Our workspace, with the bot in it, and those of others that share channels with ours."""

    def __init__(self, name: str, bot_name: str) -> None:
        self._counts: defaultdict[str, int] = defaultdict(int)
        self.teams: dict[str, Team] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: list[Message] = []
        self.user_groups: dict[str, frozenset[str]] = {}
        self.files: dict[str, Json] = {}
        self.contents: dict[str, bytes] = {}
        self._places: dict[tuple[str, str], Message] = {}
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
        """A new identifier: Slack's are a letter for the kind and then capitals and digits."""
        self._counts[prefix] += 1
        return f"{prefix}0SB{self._counts[prefix]:06d}"

    def add_team(self, name: str, *, enterprise: bool = False) -> Team:
        domain = "".join(each for each in name.lower() if each.isalnum() or each == "-")
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
        _insist_new(self.users, user.user_id)
        self.users[user.user_id] = user
        return user

    def add_app(self, name: str, team_id: str) -> App:
        """Another app, with a bot user of its own."""
        user = self.add_user(name, team_id, is_bot=True)
        app = App(self.mint("B"), self.mint("A"), user.user_id, name, team_id)
        self.apps[app.bot_id] = app
        return app

    def install_at(self, team_id: str) -> None:
        """Our app in another workspace, where its bot is another user."""
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
        _insist_new(self.channels, channel.channel_id)
        self.channels[channel.channel_id] = channel
        for user_id in members:
            self.enter(channel, user_id)
        return channel

    def enter(self, channel: Channel, user_id: str) -> None:
        """Make somebody a member; people of others come only into channels shared with theirs."""
        user = self.user(user_id)
        if user.team_id not in (channel.team_id, channel.shared_with):
            raise ImpossibleError(
                f"{user.name} is of another workspace: share #{channel.name} with it first"
            )
        channel.members.add(user_id)

    def direct_channel(self, user_id: str) -> Channel:
        """The conversation between the bot and a person, opened when it is not there yet."""
        for channel in self.channels.values():
            if channel.direct_with == user_id:
                return channel
        opened = Channel(self.mint("D"), "directmessage", self.team.team_id, direct_with=user_id)
        opened.members = {user_id, self.bot.user_id}
        self.channels[opened.channel_id] = opened
        return opened

    def user(self, user_id: str) -> User:
        """The person, for the one who builds the story: an unknown one is their mistake."""
        if user_id not in self.users:
            raise ImpossibleError(f"nobody has the id {user_id}: add them with add_user first")
        return self.users[user_id]

    def channel(self, channel_id: str) -> Channel:
        """The channel, for the one who builds the story: an unknown one is their mistake."""
        if channel_id not in self.channels:
            raise ImpossibleError(f"no channel has the id {channel_id}: add it with add_channel")
        return self.channels[channel_id]

    def is_outside(self, user: User) -> bool:
        return user.team_id != self.team.team_id

    def shares_channel(self, user_id: str) -> bool:
        """Whether the bot and this person are in a channel together."""
        both = {user_id, self.bot.user_id}
        return any(both <= channel.members for channel in self.channels.values())

    def keep(self, message: Message) -> None:
        """Store a message; an ephemeral one is shown once and found by nobody afterwards."""
        self.messages.append(message)
        if message.ephemeral_to is None:
            self._places[(message.channel, message.ts)] = message
            self._by_channel[message.channel].append(message)
            if message.is_reply:
                self._threads[(message.channel, str(message.thread_ts))].append(message)

    def change_channel_id(self, channel: Channel, new: str) -> None:
        """Everything said in a channel goes along to its new id."""
        _insist_new(self.channels, new)
        old, channel.channel_id = channel.channel_id, new
        self.channels[new] = self.channels.pop(old)
        said = self._by_channel.pop(old, [])
        self._by_channel[new] = said
        for message in (each for each in self.messages if each.channel == old):
            message.channel = new
            self._places.pop((old, message.ts), None)
        self._places |= {(new, each.ts): each for each in said}
        for place in [each for each in self._threads if each[0] == old]:
            self._threads[(new, place[1])] = self._threads.pop(place)

    def find(self, channel_id: str, ts: str) -> Message | None:
        """The message at this place, unless there is none or it has been deleted."""
        message = self._places.get((channel_id, ts))
        return None if message is None or message.deleted else message

    def standing(self, channel_id: str, where: Callable[[Message], bool]) -> list[Message]:
        """The messages of a channel that satisfy `where`, oldest first, without deleted ones."""
        return _standing(each for each in self._by_channel[channel_id] if where(each))

    def replies(self, channel_id: str, thread_ts: str) -> list[Message]:
        """The replies that stand in a thread, oldest first, without its parent."""
        return _standing(self._threads[(channel_id, thread_ts)])

    def tombstones(self, channel_id: str) -> list[Message]:
        """Deleted messages whose thread stands: Slack leaves a stub in their place."""
        return [
            each
            for each in self._by_channel[channel_id]
            if each.deleted and not each.is_reply and self.replies(channel_id, each.ts)
        ]


def _standing(messages: Iterable[Message]) -> list[Message]:
    return sorted((each for each in messages if not each.deleted), key=lambda each: each.ts)


def _insist_new(known: object, identifier: str) -> None:
    if isinstance(known, dict) and identifier in known:
        raise ImpossibleError(f"{identifier} is taken: choose another id")
