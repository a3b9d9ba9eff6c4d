"""The dialog to open a ticket from a report."""

from collections.abc import Sequence

from bot.domain.intake.refusals import NoClientYet
from bot.domain.ticket import Source
from bot.views.blocks import OPTIONS_IN_A_MENU, Block, option, plain
from bot.views.form import TIME, TIME_LENGTH, View, line_input, menu_input, modal, words_input
from bot.views.text import clip_plain, width

OPEN_SHORTCUT = "open_ticket"  # in the menu of a message
OPEN_VIEW = "open_view"
CLIENT = "client"
SOURCE = "source"
REPORTED_AT = "reported_at"
REPORTED_BY = "reported_by"
USAGE = ""
MEANING = "enter a report that came by e-mail, phone or portal, with its time"


def open_modal(clients: Sequence[tuple[str, str]], *, words: str = "") -> View:
    """Return the dialog for a report that arrived by email, phone or portal.

    `clients` are pairs of key and name; `words` are the initial text of the report. Raises Refusal
    if there is no client.
    """
    if not clients:
        raise NoClientYet
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
