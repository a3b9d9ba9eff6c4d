"""The answers about a waived price."""

from bot.domain.ticket import Ticket

USAGE = "KEY why | no"
MEANING = "charge nothing for it (managers)"


def waived(ticket: Ticket) -> str:
    """Return the answer whether the ticket is charged."""
    return f"{ticket.key} {'costs nothing' if ticket.waived else 'costs what its plan says'}."


def how_to_waive(key: str) -> str:
    """Return the refusal of a `/desk waive` without a reason."""
    return (
        "Say why nothing is charged, as in"
        f" */desk waive {key} they waited for us*; *no* takes it back."
    )
