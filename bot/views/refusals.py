"""How a refusal is shown, and its sentence."""

# The wings register the sentences of their refusals.
from bot.views.agreements import refusals as _agreements  # noqa: F401
from bot.views.blocks import SECTION_TEXT, plain, section, text_message
from bot.views.form import View
from bot.views.intake import refusals as _intake  # noqa: F401
from bot.views.message import Message
from bot.views.operations import refusals as _operations  # noqa: F401
from bot.views.operations import setup_faults as _setup_faults  # noqa: F401
from bot.views.reports import refusals as _reports  # noqa: F401
from bot.views.sentences import sentence_of
from bot.views.sla import refusals as _sla  # noqa: F401
from bot.views.sla import text_faults as _text_faults  # noqa: F401
from bot.views.text import clip, mention
from bot.views.tickets import refusals as _tickets  # noqa: F401

__all__ = ["NO_DIALOG", "refusal", "refused_modal", "sentence_of"]

NO_DIALOG = "Slack did not open the dialog: please try again."


def refusal(sentence: str, mentions: tuple[str, ...] = ()) -> Message:
    """Return why a request was refused and the alternative. `mentions` are IDs of users that the
    sentence may mention."""
    words = clip(sentence, SECTION_TEXT)
    for user_id in mentions:
        words = words.replace(f"&lt;@{user_id}&gt;", mention(user_id))
    return text_message(words or "That was not done. Please try it once more.")


def refused_modal(sentence: str) -> View:
    """Return a dialog that reports a refusal; it replaces a dialog whose action is no longer
    possible."""
    words = clip(sentence, SECTION_TEXT) or "That was not done: please try once more."
    title, close = (plain(label, 24, otherwise=label) for label in ("Not done", "Close"))
    return {"type": "modal", "title": title, "close": close, "blocks": [section(words)]}
