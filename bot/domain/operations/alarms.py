"""The alarms that operators get: faults that need a person, with their facts."""

from dataclasses import asdict, dataclass
from enum import StrEnum

from bot.domain.operations.stuck_rows import ClocksCrashed, ClocksUnrepaired, RowStuck
from bot.json_types import Json

TAG = "alarm"  # the fact that names the kind of a stored alarm

# Slack's errors about a place rather than the words (chat.postMessage, conversations.open).
PLACE_ERRORS = frozenset(
    {
        "cannot_dm_bot",
        "channel_not_found",
        "is_archived",
        "is_inactive",
        "messages_tab_disabled",
        "missing_scope",
        "not_in_channel",
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "user_disabled",
        "user_not_found",
    }
)


class PlaceKind(StrEnum):
    """The kinds of places in which the desk writes."""

    TRIAGE = "triage"
    MANAGERS = "managers"
    PERSON = "person"  # a direct message to a staff member
    CLIENT = "client"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A channel or a person. `channel` is a channel ID or a user ID; `name` is that of the person
    or the client, None if there is none."""

    kind: PlaceKind
    channel: str
    name: str | None = None


class Closed(StrEnum):
    """Why the desk can neither read nor write in a channel."""

    ARCHIVED = "archived"
    DELETED = "deleted"
    LEFT = "left"


class Consequence(StrEnum):
    """The fate of messages to a place that refuses them."""

    OTHERS_TOLD = "others_told"  # the reader counts as away
    WAITS_UNTIL_OPEN = "waits_until_open"
    WAITS_A_DAY = "waits_a_day"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class PlaceRefuses:
    """Slack accepts no message in a place. `error` is one of PLACE_ERRORS."""

    place: NamedPlace
    error: str
    consequence: Consequence


@dataclass(frozen=True, slots=True)
class MessageRefused:
    """Slack will never accept a message. `kind` and `key` are those of the outbox; `ticket` is the
    key of its ticket, None if it has none."""

    key: str
    kind: str
    ticket: str | None
    place: NamedPlace
    error: str


@dataclass(frozen=True, slots=True)
class TokenRefused:
    """Slack refused the app's token, and accepts it again by the time this is read."""

    error: str


@dataclass(frozen=True, slots=True)
class ChannelIdTaken:
    """Slack reports a new ID for the channel of one client that belongs to another client."""

    client: str
    channel: str
    new_id: str
    other: str


@dataclass(frozen=True, slots=True)
class SettingOutdated:
    """A setting names the old ID of a channel."""

    setting: str
    place: NamedPlace
    new_id: str


@dataclass(frozen=True, slots=True)
class ChannelClosed:
    """A channel in which the desk works was closed."""

    place: NamedPlace
    why: Closed


@dataclass(frozen=True, slots=True)
class DeliveryParked:
    """A delivery from Slack crashed `attempts` times. `channel` is None if it has none;
    `reference` identifies the fault in the log."""

    row_id: int
    channel: str | None
    attempts: int
    reference: str


@dataclass(frozen=True, slots=True)
class AccountClosed:
    """The Slack account of a staff member was closed."""

    user_id: str
    name: str


@dataclass(frozen=True, slots=True)
class SubscribedChannelShared:
    """A channel that reads a digest is now shared with people outside the workspace."""

    channel: str


@dataclass(frozen=True, slots=True)
class PageNotTaken:
    """A pager did not accept a page."""


@dataclass(frozen=True, slots=True)
class SlackSilent:
    """Slack accepts messages and delivers no events."""


@dataclass(frozen=True, slots=True)
class WordedAlarm:
    """An alarm of an earlier release, which stored its sentences."""

    words: str


Alarm = (
    AccountClosed
    | ChannelClosed
    | ChannelIdTaken
    | ClocksCrashed
    | ClocksUnrepaired
    | DeliveryParked
    | MessageRefused
    | PageNotTaken
    | PlaceRefuses
    | RowStuck
    | SettingOutdated
    | SlackSilent
    | SubscribedChannelShared
    | TokenRefused
    | WordedAlarm
)
# The names under which alarms are stored; rows outlive a release, so a name never changes.
KINDS: dict[str, type[Alarm]] = {
    "account_closed": AccountClosed,
    "channel_closed": ChannelClosed,
    "channel_id_taken": ChannelIdTaken,
    "clocks_crashed": ClocksCrashed,
    "clocks_unrepaired": ClocksUnrepaired,
    "delivery_parked": DeliveryParked,
    "message_refused": MessageRefused,
    "page_not_taken": PageNotTaken,
    "place_refuses": PlaceRefuses,
    "row_stuck": RowStuck,
    "setting_outdated": SettingOutdated,
    "slack_silent": SlackSilent,
    "subscribed_channel_shared": SubscribedChannelShared,
    "token_refused": TokenRefused,
}
_NAMES = {kind: name for name, kind in KINDS.items()}


def alarm_facts(alarm: Alarm) -> Json:
    """Return the alarm as it is stored with its message."""
    if isinstance(alarm, WordedAlarm):
        return {"words": alarm.words}
    return {TAG: _NAMES[type(alarm)]} | asdict(alarm)
