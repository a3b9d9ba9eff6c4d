"""The buttons to take a ticket, and the answer to the person who takes it."""

TAKE = "take"
TAKE_LABEL = "Take"
TAKE_OVER = "take_over"  # `take_over_choice` encodes the button's value
TAKE_OVER_LABEL = "Take over"
USAGE = "KEY"
MEANING = "put it on yourself"


def take_over_choice(key: str, assignee: str) -> str:
    """Encode the value of the button that takes a ticket over from its assignee (a Slack user
    ID)."""
    return f"{key}:{assignee}"


def chosen_take_over(value: str) -> tuple[str, str]:
    """Decode the value of `take_over_choice`: the ticket key, and the assignee that the card
    showed."""
    key, _, assignee = value.partition(":")
    return key, assignee


def taken(key: str) -> str:
    """Return the answer to the person who has taken the ticket."""
    return f"You have {key}."
