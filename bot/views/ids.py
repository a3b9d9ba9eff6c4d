"""Action IDs, input IDs and encoded values that several features share.

The IDs of a single feature are in the view file of this feature. A button's `value` is the ticket
key. A button for a severity carries the severity in its `action_id`, because action IDs are unique
in a message; an option of a menu carries its choice in its `value`. Old cards in Slack still send
these IDs, so no ID ever changes.
"""

# "It's not solved" and "We need it after all" on the client's card:
NOT_SOLVED = "not_solved"
MORE = "more"  # the menu of a card or ping; `more_choice` encodes the values of its options

# Inputs that several dialogs have: each ID is both the block ID and the element's action ID.
WORDS = "words"
SEVERITY = "severity"
INTO = "into"


def more_choice(key: str, choice: str) -> str:
    """Encode the value of an option of the menu on a ticket's card or ping."""
    return f"{key}:{choice}"


def chosen_more(value: str) -> tuple[str, str]:
    """Decode the value of `more_choice`: the ticket key and the chosen option."""
    key, _, choice = value.partition(":")
    return key, choice
