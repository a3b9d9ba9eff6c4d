"""The answers about a waived price."""

from bot.domain.ticket import Ticket

USAGE = "KEY why | no"
MEANING = "charge nothing for it (managers)"


def waived(ticket: Ticket) -> str:
    """Return the answer whether the ticket is charged."""
    return f"{ticket.key} {'costs nothing' if ticket.waived else 'costs what its plan says'}."
