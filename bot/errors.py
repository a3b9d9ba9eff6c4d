"""The exceptions that Deskbell raises on purpose."""

from dataclasses import dataclass
from enum import StrEnum


class DeskbellError(Exception):
    """The base class. The message is a sentence for a person, except in subclasses with facts."""


@dataclass(eq=False)
class Refusal(DeskbellError):
    """A request cannot be fulfilled. Each reason is a subclass with its facts.

    A use case that raises it has written nothing: the transaction is rolled back. The sentence for
    the person is `bot.views.refusals.sentence_of(refusal)`; it says what to do instead.
    """

    @property
    def people(self) -> tuple[str, ...]:
        """Return the Slack user IDs that the sentence mentions as `<@U…>` on purpose.

        All other text of the sentence may be user input.
        """
        return ()

    def __str__(self) -> str:
        return repr(self)


class ConfigurationError(DeskbellError):
    """A setting, a catalogue or a command-line argument is wrong. The message lists all faults."""


@dataclass(eq=False)
class ConfigurationFault(ConfigurationError):
    """A setting or an argument is wrong. Each fault is a subclass with its facts.

    The sentence is `bot.views.refusals.sentence_of(fault)`.
    """

    def __str__(self) -> str:
        return repr(self)


class StoreProblem(StrEnum):
    """Why the database cannot work now."""

    DISK_FULL = "disk_full"
    READ_ONLY = "read_only"
    UNREACHABLE = "unreachable"
    LOCKED = "locked"  # by another program
    DISK_FAILS = "disk_fails"
    DAMAGED = "damaged"
    TOO_MANY_CONNECTIONS = "too_many_connections"
    OUT_OF_MEMORY = "out_of_memory"
    TRANSACTION_STALLED = "transaction_stalled"  # Deskbell left it idle, and the server ended it


@dataclass(eq=False)
class StoreTrouble(DeskbellError):
    """The database cannot work now. The transaction is rolled back, and may be retried."""

    problem: StoreProblem

    def __str__(self) -> str:
        return repr(self)


class SlackTrouble(DeskbellError):
    """Slack does not answer a request now, or not as expected. The request may be retried.

    The message describes the problem. `error` is Slack's error code, "" if there was none.
    """

    def __init__(self, words: str, error: str = "") -> None:
        super().__init__(words)
        self.error = error
