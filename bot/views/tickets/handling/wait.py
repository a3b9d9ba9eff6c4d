"""The menu choices to wait on the client, and the answers to the person who chooses them."""

WAIT = "wait"
WAIT_LABEL = "Wait on the client"
GO_ON = "go_on"
GO_ON_LABEL = "Wait no longer"
USAGE = "KEY"
WAIT_MEANING = "wait on the client"
GO_ON_MEANING = "wait no longer"


def waits(key: str) -> str:
    """Return the answer that the ticket waits on the client."""
    return f"{key} waits on the client."


def waits_no_longer(key: str) -> str:
    """Return the answer that the ticket does not wait any more."""
    return f"{key} waits no longer."
