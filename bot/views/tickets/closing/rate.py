"""The answer to a client who rated a ticket."""

from bot.domain.ticket import BEST_RATING, Ticket


def rated_text(ticket: Ticket) -> str:
    """Return the thanks for the ticket's rating."""
    return f"Thank you: you gave {ticket.key} {ticket.rating} of {BEST_RATING}."
