"""The answers of `/desk client`."""

from bot.domain.operations.client import Client, Intake

USAGE = "[CLIENT [intake every|mention|asked | join MINUTES | change]]"
MEANING = "the clients and their plans, or which posts of one open tickets (managers)"
_OPENS = {
    Intake.EVERY: "every post opens a ticket",
    Intake.MENTION: "only what mentions the desk opens a ticket",
    Intake.ASKED: "only the card's button or a :ticket: opens a ticket",
}


def intake_set(client: Client) -> str:
    """Return the answer which posts in the client's channel open tickets."""
    return f"In the channel of {client.key}, {_OPENS[client.intake]}."


def join_set(client: Client) -> str:
    """Return the answer for how long a follow-up joins the ticket before it."""
    return f"Follow-ups of {client.key} join a ticket for {client.join_minutes} minutes."
