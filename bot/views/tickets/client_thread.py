"""Messages in a client's channel other than the ticket's card."""

NOTHING_WRITTEN = "(nothing was written)"
