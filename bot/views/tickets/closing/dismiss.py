"""The menu choice to dismiss a message that is no ticket."""

DISMISS = "dismiss"
DISMISS_LABEL = "Not a ticket"
USAGE = "KEY"
MEANING = "it was no ticket, and counts for nothing"


def dismissed(key: str) -> str:
    """Return the answer that the ticket is dismissed."""
    return f"{key} was no ticket."
