"""The dialogs of staff about one ticket."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.plan import Category, Severity
from bot.domain.ticket import FAULT_LENGTH
from bot.errors import Refusal
from bot.views.blocks import (
    OPTIONS_IN_A_MENU,
    Block,
    option,
    plain,
    section,
)
from bot.views.client_thread import reply_message
from bot.views.form import (
    TIME,
    TIME_LENGTH,
    View,
    labelled,
    line_input,
    menu_input,
    modal,
    words_input,
)
from bot.views.ids import (
    ASSIGN_VIEW,
    CATEGORY,
    CATEGORY_VIEW,
    FAULT,
    FROM_NOW,
    FROM_THE_START,
    GIVEN_AT,
    INTO,
    MERGE_VIEW,
    NOTE_VIEW,
    PERSON,
    PREVIEW_VIEW,
    REPLY_VIEW,
    RESOLVE_VIEW,
    SEVERITY,
    SEVERITY_VIEW,
    SINCE,
    SNOOZE_VIEW,
    UNTIL,
    preview,
)
from bot.views.text import clip_plain, inline, width

PRIVATE_METADATA = 3000


def resolve_modal(key: str, severities: Sequence[Severity], *, severity_needed: bool) -> View:
    """Asks what was done, and for a severity where the ticket has none (`severity_needed`)."""
    words = words_input("What was done", hint="A client in Slack reads this in their thread.")
    blocks = [words]
    if severity_needed and severities:
        options = [option(one.label, one.id) for one in severities[:OPTIONS_IN_A_MENU]]
        blocks.append(menu_input(SEVERITY, "Severity", {"options": options}))
    return modal(RESOLVE_VIEW, "Resolve", "Resolve", blocks, key)


def severity_modal(key: str, severities: Sequence[Severity]) -> View:
    """Asks for a severity, and since when it is so severe: from the start, or from now."""
    options = [option(one.label, one.id) for one in severities[:OPTIONS_IN_A_MENU]]
    since = [
        option("It was so from the start", FROM_THE_START),
        option("It became so now: its time runs from now", FROM_NOW),
    ]
    radio = {"type": "radio_buttons", "action_id": SINCE, "options": since}
    blocks = [
        menu_input(SEVERITY, "Severity", {"options": options}),
        labelled(SINCE, "Since when", radio | {"initial_option": since[1]}),
    ]
    return modal(SEVERITY_VIEW, "Severity", "Set", blocks, key)


def reply_modal(key: str, *, by_slack: bool) -> View:
    """Asks for the answer that goes to the client's thread; where the client is not in Slack,
    for the answer that was given another way, and when."""
    if by_slack:
        hint = "It is posted in the client's thread, in your name."
        words = words_input("Your answer", hint=hint)
        return modal(REPLY_VIEW, "Reply to", "Preview", [words], key)
    blocks = [
        words_input("What you answered", hint="It is kept with the ticket and not sent anywhere."),
        line_input(GIVEN_AT, "When you answered", TIME_LENGTH, hint=TIME, optional=True),
    ]
    return modal(REPLY_VIEW, "Answer to", "Record the answer", blocks, key)


def preview_modal(key: str, words: str, name: str) -> View:
    """Shows an answer as the client will read it, in the engineer's `name`. What it sends is what
    it shows: Raises Refusal for words that do not fit into the `private_metadata` of a view, which
    hold 3,000 characters."""
    metadata = preview(key, words)
    if (over := width(metadata) - PRIVATE_METADATA) > 0:
        raise Refusal(f"The answer is {over} characters too long: shorten it, or send it in two.")
    shown = reply_message(words, name)
    first = f"The client reads this in their thread, from *{inline(name, 80, otherwise='you')}*:"
    view = modal(PREVIEW_VIEW, "Reply to", "Send", [section(first), *shown.blocks], key)
    return view | {"private_metadata": metadata, "close": plain("Back", 24, otherwise="Back")}


def assign_modal(key: str, has_it: str | None) -> View:
    """Asks who is to have the ticket; `has_it` (a Slack user ID) is whoever has it now."""
    menu: Block = {"type": "users_select", "action_id": PERSON}
    if has_it is not None:
        menu["initial_user"] = has_it
    return modal(
        ASSIGN_VIEW, "Assign", "Assign", [labelled(PERSON, "Who is to have it", menu)], key
    )


def note_modal(key: str) -> View:
    """Asks for a note that only staff read."""
    words = words_input(
        "Note", hint="Only the support team reads it, in the ticket's thread in triage."
    )
    return modal(NOTE_VIEW, "Note on", "Keep it", [words], key)


def category_modal(
    key: str, categories: Sequence[Category], chosen: str | None, fault: str
) -> View:
    """Asks what kind of work it is (`chosen` until now), and whether it was the vendor's own
    fault (`fault`: why, until now)."""
    options = {one.id: option(_kind(one), one.id) for one in categories[:OPTIONS_IN_A_MENU]}
    blocks: list[Block] = []
    if options:
        menu: Block = {"options": list(options.values())}
        if current := options.get(chosen or ""):
            menu["initial_option"] = current
        blocks.append(menu_input(CATEGORY, "Kind of work", menu) | {"optional": True})
    hint = "Then it does not count against the plan. Only the support team reads this."
    why = line_input(
        FAULT, "Our own fault? Say why", FAULT_LENGTH, hint=hint, optional=True, value=fault
    )
    return modal(CATEGORY_VIEW, "Category", "Save", [*blocks, why], key)


def _kind(category: Category) -> str:
    return category.label if category.covered else f"{clip_plain(category.label, 50)} (not covered)"


def snooze_modal(key: str, now: datetime) -> View:
    """Asks until when it is out of the queue: a day after `now` (aware) unless told otherwise."""
    tomorrow = int((now + timedelta(days=1)).timestamp()) // 900 * 900
    picker = {"type": "datetimepicker", "action_id": UNTIL, "initial_date_time": tomorrow}
    until = labelled(UNTIL, "Until", picker)
    hint = "Its clock runs on: what is at risk or late stands in the queue all the same."
    until["hint"] = plain(hint, 2000, otherwise="Snooze")
    return modal(SNOOZE_VIEW, "Snooze", "Snooze", [until], key)


def merge_modal(key: str, others: Sequence[tuple[str, str]]) -> View:
    """Asks which of the client's other open tickets (key, words) it goes on as part of."""
    options = [option(f"{other}: {words}", other) for other, words in others[:OPTIONS_IN_A_MENU]]
    menu = menu_input(INTO, "Merge it into", {"options": options})
    hint = "It goes on as part of that ticket, and counts once. What is due first stays due first."
    menu["hint"] = plain(hint, 2000, otherwise="Merge")
    return modal(MERGE_VIEW, "Merge", "Merge", [menu], key)
