"""Dialogs in which staff work on a ticket."""

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
    """Return the dialog for a resolution. With `severity_needed` it also asks for a severity,
    because the ticket has none."""
    words = words_input("What was done", hint="A client in Slack reads this in their thread.")
    blocks = [words]
    if severity_needed and severities:
        options = [
            option(severity.label, severity.id) for severity in severities[:OPTIONS_IN_A_MENU]
        ]
        blocks.append(menu_input(SEVERITY, "Severity", {"options": options}))
    return modal(RESOLVE_VIEW, "Resolve", "Resolve", blocks, key)


def severity_modal(key: str, severities: Sequence[Severity]) -> View:
    """Return the dialog for a severity, which applies from the opening of the ticket or from
    now."""
    options = [option(severity.label, severity.id) for severity in severities[:OPTIONS_IN_A_MENU]]
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


def preview_modal(key: str, words: str, name: str) -> View:
    """Return the preview of a reply under the engineer's `name`; its submission sends exactly these
    words.

    Raises Refusal if the words do not fit in the `private_metadata` of a view (3,000 characters).
    """
    metadata = preview(key, words)
    if (over := width(metadata) - PRIVATE_METADATA) > 0:
        raise Refusal(f"The answer is {over} characters too long: shorten it, or send it in two.")
    shown = reply_message(words, name)
    first = f"The client reads this in their thread, from *{inline(name, 80, otherwise='you')}*:"
    view = modal(PREVIEW_VIEW, "Reply to", "Send", [section(first), *shown.blocks], key)
    return view | {"private_metadata": metadata, "close": plain("Back", 24, otherwise="Back")}


def assign_modal(key: str, assignee: str | None) -> View:
    """Return the dialog that assigns a ticket; `assignee` (a Slack user ID) is the current
    assignee."""
    menu: Block = {"type": "users_select", "action_id": PERSON}
    if assignee is not None:
        menu["initial_user"] = assignee
    return modal(
        ASSIGN_VIEW, "Assign", "Assign", [labelled(PERSON, "Who is to have it", menu)], key
    )


def note_modal(key: str) -> View:
    """Return the dialog for a note that only staff read."""
    words = words_input(
        "Note", hint="Only the support team reads it, in the ticket's thread in triage."
    )
    return modal(NOTE_VIEW, "Note on", "Keep it", [words], key)


def category_modal(
    key: str, categories: Sequence[Category], chosen: str | None, fault: str
) -> View:
    """Return the dialog for a ticket's category and for a fault of the vendor.

    `chosen` is the ID of the current category, None for none. `fault` is the recorded reason why
    the vendor caused the ticket, "" for none.
    """
    options = {
        category.id: option(_kind(category), category.id)
        for category in categories[:OPTIONS_IN_A_MENU]
    }
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
    """Return the dialog that snoozes a ticket; it proposes a day after `now` (aware), rounded down
    to 15 minutes."""
    tomorrow = int((now + timedelta(days=1)).timestamp()) // 900 * 900
    picker = {"type": "datetimepicker", "action_id": UNTIL, "initial_date_time": tomorrow}
    until = labelled(UNTIL, "Until", picker)
    hint = "Its clock runs on: what is at risk or late stands in the queue all the same."
    until["hint"] = plain(hint, 2000, otherwise="Snooze")
    return modal(SNOOZE_VIEW, "Snooze", "Snooze", [until], key)


def merge_modal(key: str, others: Sequence[tuple[str, str]]) -> View:
    """Return the dialog that merges a ticket into another open ticket of its client. `others` are
    pairs of key and first words."""
    options = [option(f"{other}: {words}", other) for other, words in others[:OPTIONS_IN_A_MENU]]
    menu = menu_input(INTO, "Merge it into", {"options": options})
    hint = "It goes on as part of that ticket, and counts once. What is due first stays due first."
    menu["hint"] = plain(hint, 2000, otherwise="Merge")
    return modal(MERGE_VIEW, "Merge", "Merge", [menu], key)
