"""The reactions that open a ticket from a message."""

FLAGS = frozenset({"ticket", "admission_tickets"})  # Slack's names of the two reactions
