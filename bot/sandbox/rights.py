"""What the app may do and hear: its manifest, as far as Slack enforces it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.sandbox.answers import ImpossibleError, SlackError
from bot.sandbox.records import Channel, Json

HISTORY = {
    "channel": "channels:history",
    "group": "groups:history",
    "im": "im:history",
}
READ = {"channel": "channels:read", "group": "groups:read", "im": "im:read"}

METHOD_SCOPES: Mapping[str, str] = {
    "bots.info": "users:read",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.join": "channels:join",
    "conversations.open": "im:write",
    "files.completeUploadExternal": "files:write",
    "files.getUploadURLExternal": "files:write",
    "files.info": "files:read",
    "reactions.add": "reactions:write",
    "reactions.remove": "reactions:write",
    "team.info": "team:read",
    "usergroups.users.list": "usergroups:read",
    "users.info": "users:read",
    "users.list": "users:read",
}
"""The scope in "Required scopes" of each method's page; those that are not here need none."""

CHANNEL_SCOPES: Mapping[str, Mapping[str, str]] = {
    "conversations.history": HISTORY,
    "conversations.info": READ,
    "conversations.members": READ,
    "conversations.replies": HISTORY,
}
"""Methods whose scope is that of the kind of conversation."""

EVENT_SCOPES: Mapping[str, str] = {
    "app_mention": "app_mentions:read",
    "channel_archive": "channels:read",
    "channel_deleted": "channels:read",
    "channel_left": "channels:read",
    "channel_rename": "channels:read",
    "channel_unarchive": "channels:read",
    "group_archive": "groups:read",
    "group_deleted": "groups:read",
    "group_left": "groups:read",
    "group_rename": "groups:read",
    "group_unarchive": "groups:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "user_change": "users:read",
}
"""The scope that a subscription needs; membership and sharing follow `channels:read` or
`groups:read` by the channel, and the App Home and the app's own end need none."""

_BY_CHANNEL = (
    "channel_id_changed",
    "channel_shared",
    "channel_unshared",
    "member_joined_channel",
    "member_left_channel",
)
_MESSAGES = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


@dataclass(frozen=True)
class Rights:
    """The scopes of the bot's token and what the app has subscribed to; None is everything."""

    scopes: frozenset[str] | None = None
    events: frozenset[str] | None = None
    commands: Mapping[str, bool] | None = None  # whether their words come escaped
    interactive: bool = True
    shortcuts: Mapping[str, str] | None = None
    home_tab: bool = True
    messages_tab: bool = True

    @classmethod
    def of(cls, manifest: Json | None) -> "Rights":
        """What an app manifest asks for; refused as Slack refuses it where it contradicts itself.

        Slack: an event is subscribed to with "the required scopes" of its page.
        """
        if manifest is None:
            return cls()
        features, settings = manifest.get("features", {}), manifest.get("settings", {})
        tabs = features.get("app_home", {})
        scopes = frozenset(manifest["oauth_config"]["scopes"]["bot"])
        events = frozenset(settings.get("event_subscriptions", {}).get("bot_events", ()))
        _insist(events, scopes)
        return cls(
            scopes,
            events,
            {
                each["command"]: each.get("should_escape", False)
                for each in features.get("slash_commands", ())
            },
            settings.get("interactivity", {}).get("is_enabled", False),
            {each["callback_id"]: each["type"] for each in features.get("shortcuts", ())},
            tabs.get("home_tab_enabled", False),
            tabs.get("messages_tab_enabled", False),
        )

    def insist_on(self, *needed: str) -> None:
        """Refuse with `missing_scope` unless the token has each of these."""
        missing = [each for each in needed if not self.has(each)]
        if missing:
            raise SlackError("missing_scope", needed=",".join(missing), provided=self.provided)

    def has(self, scope: str) -> bool:
        return self.scopes is None or scope in self.scopes

    @property
    def posts_anywhere(self) -> bool:
        """Only who asked for it: an app without a manifest is held to the stricter rule."""
        return self.scopes is not None and "chat:write.public" in self.scopes

    @property
    def provided(self) -> str:
        """The token's scopes as Slack lists them, also in the header `x-oauth-scopes`."""
        return ",".join(sorted(self.scopes or ()))

    def hears(self, event: Json, channel: Channel | None) -> bool:
        """Whether the app has subscribed to this event and may hear of this channel."""
        if self.events is None:
            return True
        kind = str(event["type"])
        if kind == "message":
            return _MESSAGES[channel.kind if channel else "channel"] in self.events
        if kind in _BY_CHANNEL and channel is not None and not self.has(READ[channel.kind]):
            return False
        return kind in self.events


def needed_scopes(method: str, channel: Channel | None) -> Iterable[str]:
    """The scopes of a method, for the conversation it is about where that decides."""
    if method in CHANNEL_SCOPES:
        return [CHANNEL_SCOPES[method][channel.kind if channel else "channel"]]
    return [METHOD_SCOPES[method]] if method in METHOD_SCOPES else []


def _insist(events: frozenset[str], scopes: frozenset[str]) -> None:
    for event in sorted(events):
        if event in EVENT_SCOPES and EVENT_SCOPES[event] not in scopes:
            raise ImpossibleError(f"{event} needs the scope {EVENT_SCOPES[event]}: add it")
        if event in _BY_CHANNEL and not scopes & set(READ.values()):
            raise ImpossibleError(f"{event} needs channels:read or groups:read: add one")
