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
