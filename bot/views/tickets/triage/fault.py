"""The input and the answers about a fault of the vendor."""

from bot.domain.ticket import Ticket

FAULT = "fault"  # the input of the category's dialog
USAGE = "KEY why | no"
MEANING = "it was our own fault, and does not count"


def fault_set(ticket: Ticket) -> str:
    """Return the answer whether the ticket counts."""
    counts = "counts against the plan" if ticket.counted else "does not count against the plan"
    return f"{ticket.key} {counts}."
