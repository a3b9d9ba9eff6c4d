"""The button with which a client withdraws a ticket."""

from bot.domain.tickets.ticket_view import ClientTicketView
from bot.views.blocks import Block, button, confirmation

WITHDRAW = "withdraw"


def withdraw_button(ticket_view: ClientTicketView) -> Block:
    """ "On the card of each ticket beyond: price, how to withdraw." """
    counts = "It has been answered, so it still counts."
    if not ticket_view.answered_at:
        counts = "It then counts for nothing."
    ask = confirmation(
        f"Withdraw {ticket_view.key}?",
        f"We do no more about it. {counts}",
        confirm="Yes, withdraw it",
        deny="Keep it",
    )
    return button("Withdraw", WITHDRAW, ticket_view.key, confirm=ask)
