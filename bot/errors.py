"""The one root of everything that Deskbell raises on purpose."""


class DeskbellError(Exception):
    """Something that Deskbell itself says; the message is one sentence for a person."""


class Refusal(DeskbellError):
    """Somebody asked for what cannot be done; the message says what to do instead.

    Nothing has been written when it is raised out of a use-case: the transaction is rolled back.
    """


class ConfigurationError(DeskbellError):
    """A setting, a catalogue or a word on the command line is wrong; names each fault at once."""
