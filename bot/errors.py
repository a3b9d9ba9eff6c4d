"""The exceptions that Deskbell raises on purpose."""


class DeskbellError(Exception):
    """The base class. The message is a sentence for a person."""


class Refusal(DeskbellError):
    """A request cannot be fulfilled. The message says what to do instead.

    A use case that raises it has written nothing: the transaction is rolled back. `mentions` are
    the Slack user IDs that the sentence mentions as `<@U…>` on purpose; all other text may be user
    input.
    """

    def __init__(self, sentence: str, *, mentions: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.mentions = mentions


class ConfigurationError(DeskbellError):
    """A setting, a catalogue or a command-line argument is wrong. The message lists all faults."""


class StoreTrouble(DeskbellError):
    """The database cannot work now: full, read-only or unreachable.

    The message says what is wrong and what to do. The transaction is rolled back, and may be
    retried.
    """


class SlackTrouble(DeskbellError):
    """Slack does not answer a request now, or not as expected. The request may be retried.

    The message describes the problem. `error` is Slack's error code, "" if there was none.
    """

    def __init__(self, words: str, error: str = "") -> None:
        super().__init__(words)
        self.error = error
