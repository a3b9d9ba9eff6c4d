"""The input and the answers about a fault of the vendor."""

from bot.domain.ticket import Ticket

FAULT = "fault"  # the input of the category's dialog
USAGE = "KEY why | no"
MEANING = "it was our own fault, and does not count"


def fault_set(ticket: Ticket) -> str:
    """Return the answer whether the ticket counts."""
    counts = "counts against the plan" if ticket.counted else "does not count against the plan"
    return f"{ticket.key} {counts}."


def how_to_set_fault(key: str) -> str:
    """Return the refusal of a `/desk fault` without a reason."""
    return (
        "Say why it was our own fault, as in"
        f" */desk fault {key} our update broke it*; *no* takes it back."
    )
