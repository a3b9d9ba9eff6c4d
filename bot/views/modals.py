"""Dialogs that do not belong to an existing ticket, and the dialog that reports a refusal."""

from collections.abc import Sequence

from bot.domain.plan import Severity
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
from bot.views.form import (
    TIME,
    TIME_LENGTH,
    View,
    line_input,
    menu_input,
    modal,
    words_input,
)
from bot.views.ids import (
    ADD_VIEW,
    ASK_VIEW,
    CLIENT,
    INTO,
    OPEN_VIEW,
    REPORTED_AT,
    REPORTED_BY,
    SEVERITY,
    SOURCE,
    picked,
)
from bot.views.text import blank, clip, clip_plain, quoted, width

PICKED_LENGTH = 2900


def refused_modal(sentence: str) -> View:
    """Return a dialog that reports a refusal; it replaces a dialog whose action is no longer
    possible."""
    words = clip(sentence, SECTION_TEXT) or "That was not done: please try once more."
    title, close = (plain(label, 24, otherwise=label) for label in ("Not done", "Close"))
    return {"type": "modal", "title": title, "close": close, "blocks": [section(words)]}


def ask_modal(channel_id: str, severities: Sequence[Severity]) -> View:
    """Return the dialog in which a client writes a request and may choose a severity."""
    hint = "Our support team reads it, and so does everybody in this channel."
    blocks = [words_input("What do you need?", hint=hint)]
    if severities:
        options = [
            option(_defined(severity), severity.id) for severity in severities[:OPTIONS_IN_A_MENU]
        ]
        blocks.append(
            menu_input(SEVERITY, "How severe is it?", {"options": options}) | {"optional": True}
        )
    view = modal(ASK_VIEW, "Ask for help", "Ask", blocks, "")
    return view | {"private_metadata": channel_id}


def _defined(severity: Severity) -> str:
    return f"{clip_plain(severity.label, 25)}: {severity.definition}"


def add_modal(channel_id: str, ts: str, words: str, tickets: Sequence[tuple[str, str]]) -> View:
    """Return the dialog that adds a message to an open ticket. `tickets` are pairs of key and first
    words."""
    options = [option(f"{key}: {about}", key) for key, about in tickets[:OPTIONS_IN_A_MENU]]
    menu = menu_input(INTO, "Add it to", {"options": options})
    excerpt = clip(words, 1400)
    shown = [people_said(quoted(excerpt))] if not blank(excerpt) else []
    view = modal(ADD_VIEW, "Add to a ticket", "Add", [*shown, menu], "")
    return view | {"private_metadata": picked(channel_id, ts, clip_plain(words, PICKED_LENGTH))}


def open_modal(clients: Sequence[tuple[str, str]], *, words: str = "") -> View:
    """Return the dialog for a report that arrived by email, phone or portal.

    `clients` are pairs of key and name; `words` are the initial text of the report. Raises Refusal
    if there is no client.
    """
    if not clients:
        raise Refusal("There is no client yet: add one with `deskbell client add` first.")
    sources = [
        option("E-mail", Source.EMAIL),
        option("Phone", Source.PHONE),
        option("Portal", Source.PORTAL),
        option("We noticed it ourselves (does not count)", Source.ALERT),
    ]
    hint = "In the client's own words where you can."
    reported = words_input("What was reported", hint=hint, value=words)
    blocks = [
        menu_input(CLIENT, "Client", _client_options(clients)),
        menu_input(SOURCE, "How it reached us", {"options": sources}),
        line_input(REPORTED_BY, "Reported by", 80, hint="The person's name."),
        line_input(REPORTED_AT, "When it was reported", TIME_LENGTH, hint=TIME, optional=True),
        reported,
    ]
    return modal(OPEN_VIEW, "Open a ticket", "Open", blocks, "")


def _client_options(clients: Sequence[tuple[str, str]]) -> Block:
    """Return the options of the client menu. A menu holds 100 options, so longer lists are split
    into groups of 100."""
    options = [_client_option(key, name) for key, name in clients]
    if len(options) <= OPTIONS_IN_A_MENU:
        return {"options": options}
    starts = range(0, len(options), OPTIONS_IN_A_MENU)[:OPTIONS_IN_A_MENU]
    groups = [options[start : start + OPTIONS_IN_A_MENU] for start in starts]
    return {"option_groups": [{"label": _from_to(group), "options": group} for group in groups]}


def _client_option(key: str, name: str) -> Block:
    """Return a client's option. The name may be clipped, but not the key, because it distinguishes
    clients."""
    room = max(1, 75 - width(key) - 3)
    return option(f"{clip_plain(name, room)} ({key})", key)


def _from_to(group: Sequence[Block]) -> Block:
    return plain(f"{group[0]['value']} to {group[-1]['value']}", 75, otherwise="Clients")
