"""The ways to set a severity: buttons, a menu, a dialog and a `/desk` word."""

import re
from collections.abc import Sequence

from bot.domain.sla.targets.sla_target import Severity
from bot.views.blocks import OPTIONS_IN_A_MENU, option
from bot.views.form import View, labelled, menu_input, modal
from bot.views.ids import SEVERITY

CLIENT_SEVERITY = "client_severity"  # on the client's card
TRIAGE_SEVERITY = "triage_severity"  # the menu on the triage card
SEVERITY_ANEW = "severity_anew"
SEVERITY_ANEW_LABEL = "Severity, from now on…"
SEVERITY_VIEW = "severity_view"
SINCE = "since"
FROM_THE_START = "start"
FROM_NOW = "now"
USAGE = "KEY SEVERITY [now]"
MEANING = "it was so severe from the start, or is from now on"

PROPOSAL_NOTED = (
    "The support team has set the severity; we have noted that you see it differently."
    " Write in this thread what changed."
)


def client_severity(severity_id: str) -> str:
    """Return the action ID of a severity's button on the client's card."""
    return f"{CLIENT_SEVERITY}:{severity_id}"


def severity_of(action_id: str) -> str:
    """Return the severity ID from the action ID of a button on the client's card."""
    return action_id.removeprefix(f"{CLIENT_SEVERITY}:")


def severity_shown(block_id: str) -> str | None:
    """Return the severity that the card showed beside the pressed button or menu: "" if it showed
    none, None if the block ID does not carry it. Further rows of a block have ":25", ":50" or ":75"
    at the end of their ID."""
    _, separator, severity = re.sub(r":(?:25|50|75)$", "", block_id).partition(":")
    return severity if separator else None


def severity_choice(key: str, severity_id: str) -> str:
    """Encode the value of an option of the triage card's severity menu."""
    return f"{key}:{severity_id}"


def chosen_severity(value: str) -> tuple[str, str]:
    """Decode the value of `severity_choice`: the ticket key and the severity ID. Keys contain no
    colon."""
    key, _, severity_id = value.partition(":")
    return key, severity_id


NOTED = (
    "The support team has set the severity; we have noted that you see it differently."
    " Write in this thread what changed."
)


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


def severity_set(key: str, severity: str | None, *, from_now: bool) -> str:
    """Return the answer that the ticket has the severity, `from_now` or from its start."""
    return f"{key} is {severity} {'from now on' if from_now else 'from the start'}."
