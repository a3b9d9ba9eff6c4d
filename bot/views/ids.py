"""The names by which Slack tells us what was pressed: the only home of action and callback ids.

Every button's `value` is the ticket key. What a severity's button stands for is in its
`action_id`, for ids are unique in a message; what a menu's option stands for is in its `value`.
"""

# On the client's card.
CLIENT_SEVERITY = "client_severity"
NOT_SOLVED = "not_solved"

# On the triage card.
TAKE = "take"
TRIAGE_SEVERITY = "triage_severity"
REPLY = "reply"
RESOLVE = "resolve"
REOPEN = "reopen"

# Modals.
RESOLVE_VIEW = "resolve_view"
REPLY_VIEW = "reply_view"
OPEN_VIEW = "open_view"

# Inputs of the modals: each is both the block's id and the element's action id.
WORDS = "words"
SEVERITY = "severity"
GIVEN_AT = "given_at"
CLIENT = "client"
SOURCE = "source"
REPORTED_AT = "reported_at"
REPORTED_BY = "reported_by"


def client_severity(severity_id: str) -> str:
    """The action id of a severity's button on the client's card."""
    return f"{CLIENT_SEVERITY}:{severity_id}"


def severity_of(action_id: str) -> str:
    """The severity id in the action id of a button on the client's card."""
    return action_id.removeprefix(f"{CLIENT_SEVERITY}:")


def severity_choice(key: str, severity_id: str) -> str:
    """The value of an option of the triage card's severity menu."""
    return f"{key}:{severity_id}"


def chosen_severity(value: str) -> tuple[str, str]:
    """The ticket key and the severity id in the value of a chosen option; a key has no colon."""
    key, _, severity_id = value.partition(":")
    return key, severity_id
