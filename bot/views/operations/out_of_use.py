"""Notices for interactions that Deskbell no longer supports: a button on an old card, a dialog that
stayed open during an update, or a command that the app's page still lists."""

from typing import Any

from bot.views.blocks import plain, section

OUT_OF_USE_VIEW = "out_of_use_view"  # a notice without a submit button
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
    """Return the notice that replaces a submitted dialog."""
    return _notice(_DIALOG)


def shortcut_out_of_use() -> dict[str, Any]:
    """Return the notice for a shortcut that was used in a place where Deskbell cannot post."""
    return _notice(SHORTCUT)


def _notice(words: str) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": OUT_OF_USE_VIEW,
        "title": plain("No longer in use", 24, otherwise="No longer in use"),
        "close": plain("Close", 24, otherwise="Close"),
        "blocks": [section(words)],
    }
