"""The one root of everything that Deskbell raises on purpose."""


class DeskbellError(Exception):
    """Something that Deskbell itself says; the message is one sentence for a person."""


class Refusal(DeskbellError):
    """Somebody asked for what cannot be done; the message says what to do instead.

    Nothing has been written when it is raised out of a use-case: the transaction is rolled back.
    `mentions` are the people (Slack user IDs) whom the sentence names as `<@U…>` on purpose: all
    else in it may be what somebody has typed.
    """

    def __init__(self, sentence: str, *, mentions: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.mentions = mentions


class ConfigurationError(DeskbellError):
    """A setting, a catalogue or a word on the command line is wrong; names each fault at once."""


class StoreTrouble(DeskbellError):
    """The database cannot do its work now: full, read-only, away. The message says what ails it
    and what to do. Nothing of the transaction is kept; the same can be tried again."""


class SlackTrouble(DeskbellError):
    """Slack does not answer a question now, or not as it should; the message says how. The same
    can be asked again. `error` is what Slack calls it, "" where it gave no such answer."""

    def __init__(self, words: str, error: str = "") -> None:
        super().__init__(words)
        self.error = error
