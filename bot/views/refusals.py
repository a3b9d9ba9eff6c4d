"""How a refusal is shown."""

from bot.errors import Refusal
from bot.views.blocks import SECTION_TEXT, plain, section
from bot.views.form import View
from bot.views.message import Message
from bot.views.text import clip, mention


def sentence_of(refusal: Refusal) -> str:
    """Return the sentence of a refusal."""
    return str(refusal)


def refusal(sentence: str, mentions: tuple[str, ...] = ()) -> Message:
    """Return why a request was refused and the alternative. `mentions` are IDs of users that the
    sentence may mention."""
    words = clip(sentence, SECTION_TEXT)
    for user_id in mentions:
        words = words.replace(f"&lt;@{user_id}&gt;", mention(user_id))
    return _message(words or "That was not done. Please try it once more.")


def _message(text: str) -> Message:
    return Message(text, [section(text)])


def refused_modal(sentence: str) -> View:
    """Return a dialog that reports a refusal; it replaces a dialog whose action is no longer
    possible."""
    words = clip(sentence, SECTION_TEXT) or "That was not done: please try once more."
    title, close = (plain(label, 24, otherwise=label) for label in ("Not done", "Close"))
    return {"type": "modal", "title": title, "close": close, "blocks": [section(words)]}
