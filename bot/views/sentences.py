"""The sentence for each kind of error; the wings register theirs in their `refusals` modules."""

from functools import singledispatch

from bot.errors import DeskbellError, Refusal


@singledispatch
def sentence_of(error: DeskbellError) -> str:
    """Return the sentence for a person, with what to do instead.

    An error without facts, such as a fault of a catalogue's file, carries its own text.
    """
    return str(error)


@sentence_of.register
def _(refusal: Refusal) -> str:
    raise NotImplementedError(f"{type(refusal).__name__} has no sentence in bot.views")
