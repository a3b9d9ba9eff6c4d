"""The rights of the app: the scopes, events, commands and shortcuts of its manifest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.sandbox.errors import ImpossibleError, SlackError
from bot.sandbox.json_types import Json
from bot.sandbox.workspace.records import Channel

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
"""The scope in "Required scopes" of each method's page. Methods not listed here need no scope."""

CHANNEL_SCOPES: Mapping[str, Mapping[str, str]] = {
    "conversations.history": HISTORY,
    "conversations.info": READ,
    "conversations.members": READ,
    "conversations.replies": HISTORY,
}
"""Methods whose scope depends on the kind of conversation."""

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
"""The scope that a subscription needs. Events about membership and sharing need `channels:read` or
`groups:read`, by the kind of channel. The App Home and the removal of the app need no scope."""

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
    """The scopes of the bot's token and the subscriptions of the app; None means all of them."""

    scopes: frozenset[str] | None = None
    events: frozenset[str] | None = None
    commands: Mapping[str, bool] | None = None  # True: Slack escapes the text (`should_escape`)
    interactive: bool = True
    shortcuts: Mapping[str, str] | None = None
    home_tab: bool = True
    messages_tab: bool = True

    @classmethod
    def of(cls, manifest: Json | None) -> "Rights":
        """Return the rights that an app manifest requests.

        Raises ImpossibleError if an event lacks "the required scopes" of its page, as Slack
        refuses such a manifest.
        """
        if manifest is None:
            return cls()
        features, settings = manifest.get("features", {}), manifest.get("settings", {})
        tabs = features.get("app_home", {})
        scopes = frozenset(manifest["oauth_config"]["scopes"]["bot"])
        events = frozenset(settings.get("event_subscriptions", {}).get("bot_events", ()))
        _check_event_scopes(events, scopes)
        return cls(
            scopes,
            events,
            {
                command["command"]: command.get("should_escape", False)
                for command in features.get("slash_commands", ())
            },
            settings.get("interactivity", {}).get("is_enabled", False),
            {item["callback_id"]: item["type"] for item in features.get("shortcuts", ())},
            tabs.get("home_tab_enabled", False),
            tabs.get("messages_tab_enabled", False),
        )

    def require(self, *needed: str) -> None:
        """Raise SlackError `missing_scope` unless the token has every scope in `needed`."""
        missing = [scope for scope in needed if not self.has(scope)]
        if missing:
            raise SlackError("missing_scope", needed=",".join(missing), provided=self.provided)

    def has(self, scope: str) -> bool:
        return self.scopes is None or scope in self.scopes

    @property
    def posts_anywhere(self) -> bool:
        """Whether the app has `chat:write.public`. Without a manifest the stricter rule holds."""
        return self.scopes is not None and "chat:write.public" in self.scopes

    @property
    def provided(self) -> str:
        """The token's scopes as Slack lists them, also in the header `x-oauth-scopes`."""
        return ",".join(sorted(self.scopes or ()))

    def hears(self, event: Json, channel: Channel | None) -> bool:
        """Return whether the app subscribes to this event and has the scope for this channel."""
        if self.events is None:
            return True
        kind = str(event["type"])
        if kind == "message":
            return _MESSAGES[channel.kind if channel else "channel"] in self.events
        if kind in _BY_CHANNEL and channel is not None and not self.has(READ[channel.kind]):
            return False
        return kind in self.events


def needed_scopes(method: str, channel: Channel | None) -> Iterable[str]:
    """Return the scopes that a method needs, by the kind of conversation where it matters."""
    if method in CHANNEL_SCOPES:
        return [CHANNEL_SCOPES[method][channel.kind if channel else "channel"]]
    return [METHOD_SCOPES[method]] if method in METHOD_SCOPES else []


def _check_event_scopes(events: frozenset[str], scopes: frozenset[str]) -> None:
    for event in sorted(events):
        if event in EVENT_SCOPES and EVENT_SCOPES[event] not in scopes:
            raise ImpossibleError(f"{event} needs the scope {EVENT_SCOPES[event]}: add it")
        if event in _BY_CHANNEL and not scopes & set(READ.values()):
            raise ImpossibleError(f"{event} needs channels:read or groups:read: add one")
