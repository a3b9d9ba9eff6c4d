"""The dialogs to write and preview a reply, and the reply itself."""

from bot.domain.tickets.refusals import AnswerTooLong
from bot.views.blocks import BLOCKS_IN_A_MESSAGE, MESSAGE_TEXT, SECTION_TEXT, Block, plain, section
from bot.views.form import PRIVATE_METADATA, TIME, TIME_LENGTH, View, line_input, modal, words_input
from bot.views.message import Message
from bot.views.text import blank, clip, clip_plain, inline, one_line, split, width
from bot.views.tickets.client_thread import NOTHING_WRITTEN

REPLY = "reply"
REPLY_LABEL = "Reply to client"
RECORD_LABEL = "Record the answer"  # for a client outside Slack
REPLY_VIEW = "reply_view"
GIVEN_AT = "given_at"
PREVIEW_VIEW = "preview_view"  # `preview` encodes its private metadata
USAGE = "KEY [words]"
MEANING = "answer the client in your name"


def reply_modal(key: str, *, by_slack: bool) -> View:
    """Return the dialog for a reply to the client.

    With `by_slack` the reply is posted in the client's thread after a preview. Otherwise the dialog
    records a reply that was given outside Slack, and its time.
    """
    if by_slack:
        hint = "It is posted in the client's thread, in your name."
        words = words_input("Your answer", hint=hint)
        return modal(REPLY_VIEW, "Reply to", "Preview", [words], key)
    blocks = [
        words_input("What you answered", hint="It is kept with the ticket and not sent anywhere."),
        line_input(GIVEN_AT, "When you answered", TIME_LENGTH, hint=TIME, optional=True),
    ]
    return modal(REPLY_VIEW, "Answer to", "Record the answer", blocks, key)


def preview_modal(key: str, words: str, name: str | None) -> View:
    """Return the preview of a reply under the engineer's `name`; its submission sends exactly these
    words.

    Raises Refusal if the words do not fit in the `private_metadata` of a view (3,000 characters).
    """
    metadata = preview(key, words)
    if (over := width(metadata) - PRIVATE_METADATA) > 0:
        raise AnswerTooLong(over)
    shown = reply_message(words, name)
    first = (
        f"The client reads this in their thread, from *{inline(name or '', 80, otherwise='you')}*:"
    )
    view = modal(PREVIEW_VIEW, "Reply to", "Send", [section(first), *shown.blocks], key)
    return view | {"private_metadata": metadata, "close": plain("Back", 24, otherwise="Back")}


def preview(key: str, words: str) -> str:
    """Encode the private metadata of a reply's preview: its submission sends exactly the words that
    it shows."""
    return f"{key}\n{words}"


def previewed(metadata: str) -> tuple[str, str]:
    """Decode the metadata of `preview`: the ticket key and the words."""
    key, _, words = metadata.partition("\n")
    return key, words


def reply_message(words: str, engineer_name: str | None) -> Message:
    """Return an engineer's reply under the engineer's name.

    Long replies are split into paragraphs. 150,000 characters fit, which is more than a dialog or
    message of Slack can carry.
    """
    if blank(words):
        return Message(NOTHING_WRITTEN, [section(NOTHING_WRITTEN)], _author(engineer_name))
    blocks: list[Block] = [section(piece) for piece in split(words, SECTION_TEXT)]
    return Message(clip(words, MESSAGE_TEXT), blocks[:BLOCKS_IN_A_MESSAGE], _author(engineer_name))


def _author(name: str | None) -> str | None:
    line = one_line(name or "")
    return None if blank(line) else clip_plain(line, 80)
