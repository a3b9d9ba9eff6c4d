"""The dialog to set a severity that applies from now on, and the answer to a client's choice."""

from collections.abc import Sequence

from bot.domain.sla.targets.sla_target import Severity
from bot.views.blocks import OPTIONS_IN_A_MENU, option
from bot.views.form import View, labelled, menu_input, modal
from bot.views.ids import FROM_NOW, FROM_THE_START, SEVERITY, SEVERITY_VIEW, SINCE

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
