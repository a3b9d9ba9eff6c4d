"""The buttons with which clients rate a resolved ticket, and the answer to them."""

from bot.views.blocks import Block, button

RATE = "rate"
_LABELS = ((1, "1 (badly)"), (2, "2"), (3, "3"), (4, "4"), (5, "5 (very well)"))


def rate(rating: int) -> str:
    """Return the action ID of the button that gives a rating of 1 to 5."""
    return f"{RATE}:{rating}"


def rating_of(action_id: str) -> int:
    """Return the rating from the action ID of such a button."""
    return int(action_id.removeprefix(f"{RATE}:"))


def rating_buttons(key: str) -> list[Block]:
    """Return the buttons that rate the service from 1 to 5."""
    return [button(label, rate(rating), key) for rating, label in _LABELS]


def rated(key: str, rating: int) -> str:
    """Return the thanks for a rating."""
    return f"Thank you: you gave {key} {rating} of {len(_LABELS)}."
