"""The dialogs of staff: resolve, answer, open a ticket for a report that came another way."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.plan import Category, Severity
from bot.domain.ticket import Source
from bot.errors import Refusal
from bot.views.blocks import (
    OPTIONS_IN_A_MENU,
    SECTION_TEXT,
    Block,
    option,
    people_said,
    plain,
    section,
)
from bot.views.client_thread import reply_message
from bot.views.form import View, labelled, line_input, menu_input, modal, words_input
from bot.views.ids import (
    ADD_VIEW,
    ASK_VIEW,
    ASSIGN_VIEW,
    CATEGORY,
    CATEGORY_VIEW,
    CLIENT,
    FAULT,
    FROM_NOW,
    FROM_THE_START,
    GIVEN_AT,
    INTO,
    MERGE_VIEW,
    NOTE_VIEW,
    OPEN_VIEW,
    PERSON,
    PREVIEW_VIEW,
    REPLY_VIEW,
    REPORTED_AT,
    REPORTED_BY,
    RESOLVE_VIEW,
    SEVERITY,
    SEVERITY_VIEW,
    SINCE,
    SNOOZE_VIEW,
    SOURCE,
    UNTIL,
    picked,
    preview,
)
from bot.views.text import blank, clip, clip_plain, inline, quoted, width

PRIVATE_METADATA = 3000
PICKED_LENGTH = 2900
FAULT_LENGTH = 300
TIME_LENGTH = 16  # of "2026-03-13 14:00"
_TIME = "As 2026-03-13 14:00, in the time of the client's plan. Leave it empty for now."


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
        line_input(GIVEN_AT, "When you answered", TIME_LENGTH, hint=_TIME, optional=True),
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


def refused_modal(sentence: str) -> View:
    """In the place of a dialog that cannot be done any more."""
    words = clip(sentence, SECTION_TEXT) or "That was not done: please try once more."
    title, close = (plain(one, 24, otherwise=one) for one in ("Not done", "Close"))
    return {"type": "modal", "title": title, "close": close, "blocks": [section(words)]}


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


def ask_modal(channel_id: str, severities: Sequence[Severity]) -> View:
    """Asks a client what they need and, if they like, how severe it is."""
    hint = "Our support team reads it, and so does everybody in this channel."
    blocks = [words_input("What do you need?", hint=hint)]
    if severities:
        options = [option(_defined(one), one.id) for one in severities[:OPTIONS_IN_A_MENU]]
        blocks.append(
            menu_input(SEVERITY, "How severe is it?", {"options": options}) | {"optional": True}
        )
    view = modal(ASK_VIEW, "Ask for help", "Ask", blocks, "")
    return view | {"private_metadata": channel_id}


def _defined(severity: Severity) -> str:
    return f"{clip_plain(severity.label, 25)}: {severity.definition}"


def add_modal(channel_id: str, ts: str, words: str, tickets: Sequence[tuple[str, str]]) -> View:
    """Asks to which of these open tickets (key, words) a message is added."""
    options = [option(f"{key}: {about}", key) for key, about in tickets[:OPTIONS_IN_A_MENU]]
    menu = menu_input(INTO, "Add it to", {"options": options})
    said = clip(words, 1400)
    shown = [people_said(quoted(said))] if not blank(said) else []
    view = modal(ADD_VIEW, "Add to a ticket", "Add", [*shown, menu], "")
    return view | {"private_metadata": picked(channel_id, ts, clip_plain(words, PICKED_LENGTH))}


def open_modal(clients: Sequence[tuple[str, str]], *, words: str = "") -> View:
    """Asks for a report that came by e-mail, phone or portal. `clients` are (key, name); `words`
    stand in it from the start.

    Raises Refusal where there is no client to choose.
    """
    if not clients:
        raise Refusal("There is no client yet: add one with `deskbell client add` first.")
    sources = [
        option("E-mail", Source.EMAIL),
        option("Phone", Source.PHONE),
        option("Portal", Source.PORTAL),
    ]
    hint = "In the client's own words where you can."
    reported = words_input("What was reported", hint=hint, value=words)
    blocks = [
        menu_input(CLIENT, "Client", _client_options(clients)),
        menu_input(SOURCE, "How it reached us", {"options": sources}),
        line_input(REPORTED_BY, "Reported by", 80, hint="The person's name."),
        line_input(REPORTED_AT, "When it was reported", TIME_LENGTH, hint=_TIME, optional=True),
        reported,
    ]
    return modal(OPEN_VIEW, "Open a ticket", "Open", blocks, "")


def _client_options(clients: Sequence[tuple[str, str]]) -> Block:
    """A menu holds 100 options; more go in groups of 100."""
    options = [_client_option(key, name) for key, name in clients]
    if len(options) <= OPTIONS_IN_A_MENU:
        return {"options": options}
    starts = range(0, len(options), OPTIONS_IN_A_MENU)[:OPTIONS_IN_A_MENU]
    groups = [options[start : start + OPTIONS_IN_A_MENU] for start in starts]
    return {"option_groups": [{"label": _from_to(group), "options": group} for group in groups]}


def _client_option(key: str, name: str) -> Block:
    """The name may be clipped, the key may not: it is what tells two clients apart."""
    room = max(1, 75 - width(key) - 3)
    return option(f"{clip_plain(name, room)} ({key})", key)


def _from_to(group: Sequence[Block]) -> Block:
    return plain(f"{group[0]['value']} to {group[-1]['value']}", 75, otherwise="Clients")
