"""The dialogs of staff: resolve, answer, open a ticket for a report that came another way."""

from collections.abc import Sequence
from typing import Any

from bot.domain.plan import Severity
from bot.domain.ticket import Source
from bot.errors import Refusal
from bot.views.blocks import OPTIONS_IN_A_MENU, Block, option, plain
from bot.views.ids import (
    ASSIGN_VIEW,
    CLIENT,
    FROM_NOW,
    FROM_THE_START,
    GIVEN_AT,
    NOTE_VIEW,
    OPEN_VIEW,
    PERSON,
    REPLY_VIEW,
    REPORTED_AT,
    REPORTED_BY,
    RESOLVE_VIEW,
    SEVERITY,
    SEVERITY_VIEW,
    SINCE,
    SOURCE,
    WORDS,
)
from bot.views.text import clip_plain, width

View = dict[str, Any]
WORDS_LENGTH = 3000
TIME_LENGTH = 16  # of "2026-03-13 14:00"
_TIME = "As 2026-03-13 14:00, in the time of the client's plan. Leave it empty for now."


def resolve_modal(key: str, severities: Sequence[Severity], *, severity_needed: bool) -> View:
    """Asks what was done, and for a severity where the ticket has none (`severity_needed`)."""
    words = _words("What was done", hint="A client in Slack reads this in their thread.")
    blocks = [words]
    if severity_needed and severities:
        options = [option(one.label, one.id) for one in severities[:OPTIONS_IN_A_MENU]]
        blocks.append(_menu(SEVERITY, "Severity", {"options": options}))
    return _modal(RESOLVE_VIEW, "Resolve", "Resolve", blocks, key)


def severity_modal(key: str, severities: Sequence[Severity]) -> View:
    """Asks for a severity, and since when it is so severe: from the start, or from now."""
    options = [option(one.label, one.id) for one in severities[:OPTIONS_IN_A_MENU]]
    since = [
        option("It was so from the start", FROM_THE_START),
        option("It became so now: its time runs from now", FROM_NOW),
    ]
    radio = {"type": "radio_buttons", "action_id": SINCE, "options": since}
    blocks = [
        _menu(SEVERITY, "Severity", {"options": options}),
        _input(SINCE, "Since when", radio | {"initial_option": since[1]}),
    ]
    return _modal(SEVERITY_VIEW, "Severity", "Set", blocks, key)


def reply_modal(key: str, *, by_slack: bool) -> View:
    """Asks for the answer that goes to the client's thread; where the client is not in Slack,
    for the answer that was given another way, and when."""
    if by_slack:
        hint = "It is posted in the client's thread, in your name."
        return _modal(REPLY_VIEW, "Reply to", "Send", [_words("Your answer", hint=hint)], key)
    blocks = [
        _words("What you answered", hint="It is kept with the ticket and not sent anywhere."),
        _line(GIVEN_AT, "When you answered", TIME_LENGTH, hint=_TIME, optional=True),
    ]
    return _modal(REPLY_VIEW, "Answer to", "Record the answer", blocks, key)


def assign_modal(key: str, has_it: str | None) -> View:
    """Asks who is to have the ticket; `has_it` (a Slack user ID) is whoever has it now."""
    menu: Block = {"type": "users_select", "action_id": PERSON}
    if has_it is not None:
        menu["initial_user"] = has_it
    return _modal(ASSIGN_VIEW, "Assign", "Assign", [_input(PERSON, "Who is to have it", menu)], key)


def note_modal(key: str) -> View:
    """Asks for a note that only staff read."""
    words = _words("Note", hint="Only the support team reads it, in the ticket's thread in triage.")
    return _modal(NOTE_VIEW, "Note on", "Keep it", [words], key)


def open_modal(clients: Sequence[tuple[str, str]]) -> View:
    """Asks for a report that came by e-mail, phone or portal. `clients` are (key, name).

    Raises Refusal where there is no client to choose.
    """
    if not clients:
        raise Refusal("There is no client yet: add one with `deskbell client add` first.")
    sources = [
        option("E-mail", Source.EMAIL),
        option("Phone", Source.PHONE),
        option("Portal", Source.PORTAL),
    ]
    blocks = [
        _menu(CLIENT, "Client", _client_options(clients)),
        _menu(SOURCE, "How it reached us", {"options": sources}),
        _line(REPORTED_BY, "Reported by", 80, hint="The person's name."),
        _line(REPORTED_AT, "When it was reported", TIME_LENGTH, hint=_TIME, optional=True),
        _words("What was reported", hint="In the client's own words where you can."),
    ]
    return _modal(OPEN_VIEW, "Open a ticket", "Open", blocks, "")


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


def _modal(callback_id: str, title: str, submit: str, blocks: list[Block], key: str) -> View:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": key,
        "title": plain(f"{title} {key}", 24, otherwise=title),
        "submit": plain(submit, 24, otherwise="Send"),
        "close": plain("Cancel", 24, otherwise="Cancel"),
        "blocks": blocks,
    }


def _words(label: str, *, hint: str) -> Block:
    return _line(WORDS, label, WORDS_LENGTH, hint=hint) | {
        "element": {
            "type": "plain_text_input",
            "action_id": WORDS,
            "multiline": True,
            "min_length": 1,
            "max_length": WORDS_LENGTH,
        }
    }


def _line(name: str, label: str, length: int, *, hint: str, optional: bool = False) -> Block:
    element = {"type": "plain_text_input", "action_id": name, "max_length": length}
    return _input(name, label, element) | {
        "hint": plain(hint, 2000, otherwise=label),
        "optional": optional,
    }


def _menu(name: str, label: str, choices: Block) -> Block:
    return _input(name, label, {"type": "static_select", "action_id": name, **choices})


def _input(name: str, label: str, element: Block) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label, 2000, otherwise=name),
        "element": element,
    }
