"""The reactions that make a ticket of a message."""

FLAGS = frozenset({"ticket", "admission_tickets"})  # as Slack names the two
