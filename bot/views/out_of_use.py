"""What people are told who use something that Deskbell once had and has no more: a button on an old
card, a dialog that was open over an update, a command that the app's page still lists."""

from typing import Any

from bot.views.blocks import plain, section
from bot.views.ids import OUT_OF_USE_VIEW

BUTTON = (
    "This button is no longer in use, and nothing was changed. Please use the newest message about"
    " it, or just write here what you need."
)
COMMAND = (
    "This command is no longer in use, and nothing was changed. */desk help* says what there is."
)
SHORTCUT = (
    "This shortcut is no longer in use, and nothing was changed. */desk help* says what there is."
)
_DIALOG = (
    "This form is no longer in use, and what you entered was *not* saved: copy it if you still need"
    " it, close this, and open the form again from the newest message."
)


def dialog_out_of_use() -> dict[str, Any]:
    """In the place of a dialog that was sent."""
    return _notice(_DIALOG)


def shortcut_out_of_use() -> dict[str, Any]:
    """For a shortcut that was chosen where nothing can be said."""
    return _notice(SHORTCUT)


def _notice(words: str) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": OUT_OF_USE_VIEW,
        "title": plain("No longer in use", 24, otherwise="No longer in use"),
        "close": plain("Close", 24, otherwise="Close"),
        "blocks": [section(words)],
    }
