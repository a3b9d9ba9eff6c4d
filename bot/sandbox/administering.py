"""What becomes of channels, people and the app while they are in use: each deed is told."""

from bot.sandbox import channel_events
from bot.sandbox.answers import ImpossibleError
from bot.sandbox.records import Channel, Message
from bot.sandbox.stage import Stage


class Administering(Stage):
    """What members, administrators and owners do."""

    def join(self, user: str, channel: str, *, by: str | None = None) -> None:
        """Somebody comes into a channel, the bot perhaps, invited `by` somebody or by themselves.

        `member_joined_channel` tells of it, and a note of the subtype `channel_join`.
        """
        place = self._workspace.channel(channel)
        self._workspace.enter(place, user)
        self._tell_of_move("member_joined_channel", user, place, by)
        self._note(place, user, "join", f"<@{user}> has joined the channel")

    def leave(self, user: str, channel: str, *, by: str | None = None) -> None:
        """Somebody leaves a channel, or is removed `by` somebody.

        To the bot `channel_left` (`group_left`) says so, and nothing tells it of this channel
        again.
        """
        place = self._workspace.channel(channel)
        if user not in place.members:
            raise ImpossibleError(f"{user} is not in #{place.name} and cannot leave it")
        place.members.discard(user)
        if user == self.bot_user_id:
            event_ts = self._slack.next_ts(channel)
            event = channel_events.of_channel("left", place, event_ts, actor_id=by or user)
            self._slack.emit(event, place, though_outside=True)
        self._tell_of_move("member_left_channel", user, place)
        self._note(place, user, "leave", f"<@{user}> has left the channel")

    def archive(self, channel: str, *, by: str | None = None) -> None:
        """Nothing can be posted there any more."""
        place, actor = self._workspace.channel(channel), by or self._administrator()
        self._note(place, actor, "archive", f"<@{actor}> archived the channel")
        place.is_archived = True
        self._tell(place, "archive", user=actor)

    def unarchive(self, channel: str, *, by: str | None = None) -> None:
        """The channel is in use again."""
        place, actor = self._workspace.channel(channel), by or self._administrator()
        place.is_archived = False
        self._tell(place, "unarchive", user=actor)
        self._note(place, actor, "unarchive", f"<@{actor}> un-archived the channel")

    def rename(self, channel: str, name: str, *, by: str | None = None) -> None:
        """The channel is called otherwise; its id stays."""
        place, actor = self._workspace.channel(channel), by or self._administrator()
        old, place.name = place.name, name
        self._slack.emit(channel_events.renamed(place, self._slack.next_ts(channel)), place)
        words = f'<@{actor}> has renamed the channel from "{old}" to "{name}"'
        self._note(place, actor, "name", words)

    def delete_channel(self, channel: str) -> None:
        """The channel is gone with all that was said in it."""
        place = self._workspace.channel(channel)
        self._tell(place, "deleted")
        del self._workspace.channels[channel]

    def share(self, channel: str, team: str) -> str:
        """Share a channel with another workspace; its id, which of a private one is a new one.

        Slack: "When a private channel is shared, the existing private channel's unique channel ID
        changes to a new identifier permanently."
        """
        place = self._workspace.channel(channel)
        if team not in self._workspace.teams:
            raise ImpossibleError(f"there is no workspace {team}: add it with add_team first")
        if place.is_private:
            self.change_id(channel)
        place.shared_with = team
        event_ts = self._slack.next_ts(place.channel_id)
        self._slack.emit(channel_events.shared(place, team, event_ts), place)
        return place.channel_id

    def unshare(self, channel: str) -> None:
        """End the sharing: the other workspace's people are no longer there."""
        place = self._workspace.channel(channel)
        team, place.shared_with = place.shared_with, None
        if team is None:
            raise ImpossibleError(f"#{place.name} is shared with nobody")
        place.members -= {each for each in place.members if self._of(each) == team}
        event_ts = self._slack.next_ts(channel)
        self._slack.emit(channel_events.unshared(place, team, event_ts), place)

    def change_id(self, channel: str, new: str | None = None) -> str:
        """Give a channel a new id, to which everything in it goes along; the old one is unknown."""
        place = self._workspace.channel(channel)
        new = new or self._workspace.mint("C")
        self._slack.change_channel_id(place, new)
        event_ts = self._slack.next_ts(new)
        self._slack.emit(channel_events.id_changed(channel, new, event_ts), place)
        return new

    def rename_user(self, user: str, name: str) -> None:
        """Somebody is called otherwise: `user_change`."""
        person = self._workspace.change_user(user, name=name)
        event_ts = self._slack.next_ts(user)
        self._slack.emit(channel_events.user_changed(self._workspace, person, event_ts))

    def deactivate(self, user: str) -> None:
        """Somebody's account is closed: `user_change` with `deleted`, and they are nowhere."""
        person = self._workspace.change_user(user, is_deleted=True)
        for channel in self._workspace.channels.values():
            channel.members.discard(user)
        event_ts = self._slack.next_ts(user)
        self._slack.emit(channel_events.user_changed(self._workspace, person, event_ts))

    def revoke_tokens(self) -> None:
        """Take the app's tokens away: `tokens_revoked` says so, and each call is refused."""
        bot = [self.bot_user_id]
        self._slack.emit({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": bot}})
        self._web_api.revoked = "token_revoked"

    async def uninstall(self) -> None:
        """Remove the app: `app_uninstalled` and `tokens_revoked` say so, its sockets close.

        Slack: account_inactive is for "a deleted user or workspace when using a `bot` token".
        """
        self._slack.emit({"type": "app_uninstalled"})
        self.revoke_tokens()
        self._web_api.revoked = "account_inactive"
        await self._sockets.connections.disconnect("link_disabled")

    def _administrator(self) -> str:
        """Whoever is of our workspace and no bot; the bot itself in an empty one."""
        people = self._workspace.users.values()
        ours = (one.user_id for one in people if one.team_id == self.team_id and not one.is_bot)
        return next(ours, self.bot_user_id)

    def _of(self, user: str) -> str:
        return self._workspace.user(user).team_id

    def _tell(self, place: Channel, what: str, **more: object) -> None:
        event_ts = self._slack.next_ts(place.channel_id)
        self._slack.emit(channel_events.of_channel(what, place, event_ts, **more), place)

    def _tell_of_move(
        self, kind: str, user: str, place: Channel, inviter: str | None = None
    ) -> None:
        event_ts = self._slack.next_ts(place.channel_id)
        event = channel_events.moved(kind, self._workspace, user, place, event_ts, inviter=inviter)
        self._slack.emit(event, place)

    def _note(self, place: Channel, user: str, what: str, words: str) -> None:
        """Slack writes a note of a subtype of its own for what happens to a channel."""
        kind = f"group_{what}" if place.is_private else f"channel_{what}"
        ts = self._slack.next_ts(place.channel_id)
        self._slack.post(Message(place.channel_id, ts, words, user=user, subtype=kind))
