"""Messages in a client's channel other than the ticket's card."""

from bot.domain.plan import Plan
from bot.domain.sheet import ClientSheet
from bot.views.blocks import (
    BLOCKS_IN_A_MESSAGE,
    MESSAGE_TEXT,
    SECTION_TEXT,
    Block,
    actions,
    button,
    people_said,
    section,
)
from bot.views.client_card import goes_on, resolved_buttons
from bot.views.ids import ASK
from bot.views.message import Message
from bot.views.text import blank, clip, clip_plain, inline, mention, one_line, quoted, split

NOTHING_WRITTEN = "(nothing was written)"


def resolution_note(sheet: ClientSheet) -> Message:
    """Return the message that a ticket is resolved, with the resolution and buttons to reopen or
    rate it."""
    first = f"*{inline(sheet.key, 80, otherwise='Your request')}* is resolved."
    # Quoting at most doubles a piece, so 1,400 characters stay within a section.
    done = [people_said(quoted(piece)) for piece in split(sheet.resolution, 1400)]
    how = section(
        "If it is not solved, press the button and we go on with it. If it is: how well did we do?"
    )
    buttons = actions(resolved_buttons(sheet.key), "resolution_note")
    text = f"{first} {clip(sheet.resolution, 3000)}".strip()
    return Message(text, [section(first), *done[: BLOCKS_IN_A_MESSAGE - 3], how, *buttons])


def reopened_note(sheet: ClientSheet) -> Message:
    """Return the message that a resolved ticket is open again."""
    who = mention(sheet.assignee) if sheet.assignee else "Our support team"
    key = inline(sheet.key, 80, otherwise="Your request")
    return _message(f"*{key}* is open again. {who} will look into it.")


def reply_message(words: str, engineer_name: str) -> Message:
    """Return an engineer's reply under the engineer's name.

    Long replies are split into paragraphs. 150,000 characters fit, which is more than a dialog or
    message of Slack can carry.
    """
    if blank(words):
        return Message(NOTHING_WRITTEN, [section(NOTHING_WRITTEN)], _author(engineer_name))
    blocks: list[Block] = [section(piece) for piece in split(words, SECTION_TEXT)]
    return Message(clip(words, MESSAGE_TEXT), blocks[:BLOCKS_IN_A_MESSAGE], _author(engineer_name))


def merged_note(sheet: ClientSheet) -> Message:
    """Return the message in the thread of a merged ticket that names the ticket it was merged
    into."""
    return _message(goes_on(sheet))


def not_covered_note(sheet: ClientSheet) -> Message | None:
    """Return the message that the plan does not cover this category of work. Returns None if staff
    have since chosen a covered category."""
    if sheet.covered:
        return None
    kind = inline(sheet.kind, 75, otherwise="this kind of work")
    key = inline(sheet.key, 80, otherwise="your request")
    return _message(
        f"About *{key}*: *{kind}* is not part of your support plan, so it does not count"
        " against it. We do such work as a separate service: if you would like an offer, write so"
        " in this thread and we will send you one before anything begins."
    )


def ask_card() -> Message:
    """Return the card with the button that opens a ticket, for channels in which posts do not open
    tickets."""
    words = (
        "Do you need help? Press the button and say what you need: our support team answers in a"
        " thread here. A :ticket: on any message asks us, too."
    )
    ask = button("Ask for help", ASK, "ask", style="primary")
    return Message(words, [section(words), *actions([ask], "ask")])


def asked_note(by: str, words: str) -> Message:
    """Return the request that the user `by` wrote in the dialog of the ask card."""
    first = f"{mention(by)} asks:"
    paragraphs = [people_said(quoted(piece)) for piece in split(words, 1400)]
    text = f"{first} {clip(words, 3000)}".strip()
    return Message(text, [section(first), *paragraphs[: BLOCKS_IN_A_MESSAGE - 1]])


def where_to_write(plan: Plan) -> Message:
    """Return the answer to a client who writes in Slack although their plan has no support
    there."""
    name = inline(plan.name, 80, otherwise="your plan")
    first = f"Your plan, *{name}*, has no support in Slack."
    return _message(f"{first} {clip(plan.where_to_write, 2000) or _by_channels(plan)}")


def refusal(sentence: str, mentions: tuple[str, ...] = ()) -> Message:
    """Return why a request was refused and the alternative. `mentions` are IDs of users that the
    sentence may mention."""
    words = clip(sentence, SECTION_TEXT)
    for user_id in mentions:
        words = words.replace(f"&lt;@{user_id}&gt;", mention(user_id))
    return _message(words or "That was not done. Please try it once more.")


def _by_channels(plan: Plan) -> str:
    ways = " or ".join(inline(way, 40, otherwise="") for way in plan.channels[:5])
    return f"Please write to us by {ways}." if ways.strip() else "Please ask your contact with us."


def _message(text: str) -> Message:
    return Message(text, [section(text)])


def _author(name: str) -> str | None:
    line = one_line(name)
    return None if blank(line) else clip_plain(line, 80)
