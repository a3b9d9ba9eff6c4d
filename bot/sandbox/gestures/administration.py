"""Changes to channels, people and the app, with the events that Slack sends for them."""

from bot.sandbox.errors import ImpossibleError
from bot.sandbox.events import channel_events
from bot.sandbox.slack import Slack
from bot.sandbox.transports.connections import Connections
from bot.sandbox.web_api.calls import WebApi
from bot.sandbox.workspace.records import Channel, Message


class ChannelAdministration:
    """Changes to channels and their members."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._workspace = slack.workspace

    def join(self, user: str, channel: str, *, by: str | None = None) -> None:
        """Add a person or the bot to a channel, invited `by` somebody or on their own.

        Slack sends `member_joined_channel` and posts a message of the subtype `channel_join`.
        """
        place = self._workspace.channel(channel)
        self._workspace.enter(place, user)
        self._emit_move("member_joined_channel", user, place, by)
        self._post_notice(place, user, "join", f"<@{user}> has joined the channel")

    def leave(self, user: str, channel: str, *, by: str | None = None) -> None:
        """Remove a person or the bot from a channel, removed `by` somebody or on their own.

        The bot receives `channel_left` (`group_left`) and no further event about the channel.
        """
        place = self._workspace.channel(channel)
        if user not in place.members:
            raise ImpossibleError(f"{user} is not in #{place.name} and cannot leave it")
        place.members.discard(user)
        if user == self._workspace.bot.user_id:
            event_ts = self._slack.next_ts(channel)
            event = channel_events.channel_event("left", place, event_ts, actor_id=by or user)
            self._slack.emit(event, place, though_outside=True)
        self._emit_move("member_left_channel", user, place)
        self._post_notice(place, user, "leave", f"<@{user}> has left the channel")

    def archive(self, channel: str, *, by: str | None = None) -> None:
        """Archive a channel: nothing can be posted there any more."""
        place, actor = self._workspace.channel(channel), by or self._administrator()
        self._post_notice(place, actor, "archive", f"<@{actor}> archived the channel")
        place.is_archived = True
        self._emit(place, "archive", user=actor)

    def unarchive(self, channel: str, *, by: str | None = None) -> None:
        """Restore an archived channel."""
        place, actor = self._workspace.channel(channel), by or self._administrator()
        place.is_archived = False
        self._emit(place, "unarchive", user=actor)
        self._post_notice(place, actor, "unarchive", f"<@{actor}> un-archived the channel")

    def rename(self, channel: str, name: str, *, by: str | None = None) -> None:
        """Rename a channel; its ID stays."""
        place, actor = self._workspace.channel(channel), by or self._administrator()
        old, place.name = place.name, name
        self._slack.emit(channel_events.renamed(place, self._slack.next_ts(channel)), place)
        text = f'<@{actor}> has renamed the channel from "{old}" to "{name}"'
        self._post_notice(place, actor, "name", text)

    def delete_channel(self, channel: str) -> None:
        """Delete a channel with its messages."""
        place = self._workspace.channel(channel)
        self._emit(place, "deleted")
        del self._workspace.channels[channel]

    def share(self, channel: str, team: str) -> str:
        """Share a channel with another workspace and return its ID.

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
        """Stop sharing a channel, which removes the people of the other workspace."""
        place = self._workspace.channel(channel)
        team, place.shared_with = place.shared_with, None
        if team is None:
            raise ImpossibleError(f"#{place.name} is shared with nobody")
        place.members -= {member for member in place.members if self._team_of(member) == team}
        event_ts = self._slack.next_ts(channel)
        self._slack.emit(channel_events.unshared(place, team, event_ts), place)

    def change_id(self, channel: str, new: str | None = None) -> str:
        """Give a channel a new ID. Its content moves along, and the old ID becomes unknown."""
        place = self._workspace.channel(channel)
        new = new or self._workspace.mint("C")
        self._slack.change_channel_id(place, new)
        event_ts = self._slack.next_ts(new)
        self._slack.emit(channel_events.id_changed(channel, new, event_ts), place)
        return new

    def _administrator(self) -> str:
        """Return a person of our workspace, or the bot in a workspace without people."""
        team_id = self._workspace.team.team_id
        for person in self._workspace.users.values():
            if person.team_id == team_id and not person.is_bot:
                return person.user_id
        return self._workspace.bot.user_id

    def _team_of(self, user: str) -> str:
        return self._workspace.user(user).team_id

    def _emit(self, place: Channel, change: str, **details: object) -> None:
        event_ts = self._slack.next_ts(place.channel_id)
        event = channel_events.channel_event(change, place, event_ts, **details)
        self._slack.emit(event, place)

    def _emit_move(self, kind: str, user: str, place: Channel, inviter: str | None = None) -> None:
        event_ts = self._slack.next_ts(place.channel_id)
        event = channel_events.moved(kind, self._workspace, user, place, event_ts, inviter=inviter)
        self._slack.emit(event, place)

    def _post_notice(self, place: Channel, user: str, change: str, text: str) -> None:
        """Post the message that Slack itself writes about a change to a channel."""
        subtype = f"group_{change}" if place.is_private else f"channel_{change}"
        ts = self._slack.next_ts(place.channel_id)
        self._slack.post(Message(place.channel_id, ts, text, user=user, subtype=subtype))


class AccountAdministration:
    """Changes to people and to the installation of the app."""

    def __init__(self, slack: Slack, web_api: WebApi, connections: Connections) -> None:
        self._slack = slack
        self._workspace = slack.workspace
        self._web_api = web_api
        self._connections = connections

    def rename_user(self, user: str, name: str) -> None:
        """Rename a person, which sends `user_change`."""
        person = self._workspace.change_user(user, name=name)
        event_ts = self._slack.next_ts(user)
        self._slack.emit(channel_events.user_changed(self._workspace, person, event_ts))

    def deactivate(self, user: str) -> None:
        """Deactivate a person: they leave all channels, and `user_change` has `deleted`."""
        person = self._workspace.change_user(user, is_deleted=True)
        for channel in self._workspace.channels.values():
            channel.members.discard(user)
        event_ts = self._slack.next_ts(user)
        self._slack.emit(channel_events.user_changed(self._workspace, person, event_ts))

    def revoke_tokens(self) -> None:
        """Revoke the app's tokens: Slack sends `tokens_revoked` and refuses every call."""
        bot = [self._workspace.bot.user_id]
        self._slack.emit({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": bot}})
        self._web_api.revoked = "token_revoked"

    async def uninstall(self) -> None:
        """Remove the app: Slack sends `app_uninstalled` and `tokens_revoked` and disconnects.

        Slack: account_inactive is for "a deleted user or workspace when using a `bot` token".
        """
        self._slack.emit({"type": "app_uninstalled"})
        self.revoke_tokens()
        self._web_api.revoked = "account_inactive"
        await self._connections.disconnect("link_disabled")
