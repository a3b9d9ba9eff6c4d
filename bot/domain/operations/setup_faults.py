"""Faults of arguments and settings that the command line reports."""

from dataclasses import dataclass

from bot.errors import ConfigurationError, ConfigurationFault


@dataclass(eq=False)
class ArgumentFaults(ConfigurationFault):
    """Several arguments are wrong, or one is; each fault is an error of its own."""

    faults: tuple[ConfigurationError, ...]


class NameEmpty(ConfigurationFault):
    """The client's name has no visible character."""


@dataclass(eq=False)
class KeyMalformed(ConfigurationFault):
    """The client's key is not 2 to 10 letters and digits, a letter first."""

    key: str


@dataclass(eq=False)
class KeyTaken(ConfigurationFault):
    """Another client has the key."""

    key: str


@dataclass(eq=False)
class ChannelMalformed(ConfigurationFault):
    """The words are not a Slack channel ID."""

    channel: str


@dataclass(eq=False)
class ChannelTaken(ConfigurationFault):
    """The channel is that of the client with the key `owner`."""

    channel: str
    owner: str


@dataclass(eq=False)
class ChannelInternal(ConfigurationFault):
    """The channel is the triage channel or the managers' channel."""

    channel: str


@dataclass(eq=False)
class ChannelMissing(ConfigurationFault):
    """The plan includes support in Slack, and no channel is given."""

    plan: str


@dataclass(eq=False)
class UserMalformed(ConfigurationFault):
    """The words are not a Slack user ID. `argument` names the argument, such as "backup"."""

    argument: str
    user_id: str


@dataclass(eq=False)
class NoSuchRole(ConfigurationFault):
    """The words are not the name of a role."""

    role: str


@dataclass(eq=False)
class NotOnStaffList(ConfigurationFault):
    """The person to remove is not on the staff list."""

    user_id: str


@dataclass(eq=False)
class InternalChannelIsClients(ConfigurationFault):
    """The setting names the channel of the client with the key `owner`."""

    setting: str
    channel: str
    owner: str


@dataclass(eq=False)
class BotTokenInvalid(ConfigurationFault):
    """Slack does not accept SLACK_BOT_TOKEN. `error` is Slack's error code."""

    error: str


@dataclass(eq=False)
class AppTokenInvalid(ConfigurationFault):
    """Slack does not accept SLACK_APP_TOKEN. `error` is Slack's error code."""

    error: str


@dataclass(eq=False)
class AddressUnavailable(ConfigurationFault):
    """The HTTP server cannot listen at HOST and PORT. `reason` is that of the operating system."""

    host: str
    port: int
    reason: str | None


class AppriseMissing(ConfigurationFault):
    """Pagers are configured, and Apprise is not installed."""


@dataclass(eq=False)
class PagerAddressUnknown(ConfigurationFault):
    """Apprise knows no such address. `number` is its place, from 1: addresses contain passwords."""

    number: int


@dataclass(eq=False)
class DatabaseUnusable(ConfigurationFault):
    """The database cannot be opened or migrated. `url` contains no password."""

    url: str
    reason: str


@dataclass(eq=False)
class DatabaseInUse(ConfigurationFault):
    """Another Deskbell serves the SQLite file."""

    path: str


@dataclass(eq=False)
class PragmaIgnored(ConfigurationFault):
    """This build of SQLite does not keep the value of a pragma."""

    pragma: str
    value: int
