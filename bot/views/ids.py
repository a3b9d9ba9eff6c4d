"""The names by which Slack tells us what was pressed: the only home of action and callback ids.

Every button's `value` is the ticket key. What a severity's button stands for is in its
`action_id`, for ids are unique in a message; what a menu's option stands for is in its `value`.
"""

import re

# On the client's card.
CLIENT_SEVERITY = "client_severity"
NOT_SOLVED = "not_solved"
WITHDRAW = "withdraw"
RATE = "rate"
ASK = "ask"  # on the card that stands in a channel

# On the triage card.
TAKE = "take"
TAKE_OVER = "take_over"  # its button's value is made by `take_over_choice`
TRIAGE_SEVERITY = "triage_severity"
REPLY = "reply"
RESOLVE = "resolve"
REOPEN = "reopen"
MORE = "more"  # the menu; its options' values are made by `more_choice`
WHY = "why"
SEVERITY_ANEW = "severity_anew"
WAIT = "wait"
GO_ON = "go_on"
ASSIGN = "assign"
NOTE = "note"
MERGE = "merge"
SNOOZE = "snooze"
LATE_WHY = "late_why"
CAUSE_VIEW = "cause_view"
CAUSE = "cause"
SNOOZES = {f"{SNOOZE}:{minutes}": minutes for minutes in (30, 60, 90)}  # on pings
WAKE = "wake"
CATEGORY = "category"  # its button, and the input of its dialog
DISMISS = "dismiss"

# On the question which ticket a message is meant for.
MEANT = "meant"

# In the menu of a message.
OPEN_SHORTCUT = "open_ticket"
ADD_SHORTCUT = "add_to_ticket"

# Modals.
RESOLVE_VIEW = "resolve_view"
REPLY_VIEW = "reply_view"
PREVIEW_VIEW = "preview_view"  # its private metadata are made by `preview`
OPEN_VIEW = "open_view"
ADD_VIEW = "add_view"  # its private metadata are made by `picked`
ASK_VIEW = "ask_view"  # its private metadata are the channel's ID
SEVERITY_VIEW = "severity_view"
ASSIGN_VIEW = "assign_view"
NOTE_VIEW = "note_view"
CATEGORY_VIEW = "category_view"
MERGE_VIEW = "merge_view"
SNOOZE_VIEW = "snooze_view"
AGREE_VIEW = "agree_view"  # its private metadata are the client's key
AGREED_VIEW = "agreed_view"  # its private metadata say what is confirmed
TAKE_BACK_VIEW = "take_back_view"  # its private metadata are made by `taken_back`
OUT_OF_USE_VIEW = "out_of_use_view"  # it has nothing to send

# Inputs of the modals: each is both the block's id and the element's action id.
WORDS = "words"
SEVERITY = "severity"
SINCE = "since"
FROM_THE_START = "start"
FROM_NOW = "now"
GIVEN_AT = "given_at"
PERSON = "person"
FAULT = "fault"
INTO = "into"
UNTIL = "until"
CLIENT = "client"
SOURCE = "source"
REPORTED_AT = "reported_at"
REPORTED_BY = "reported_by"
PLAN = "plan"
LAST_DAY = "last_day"
CYCLE_DAY = "cycle_day"
ENGINEER = "engineer"
BACKUP = "backup"
TERMS = "terms"
STATEMENTS = "statements"
TO_MANAGERS = "managers"
TO_CLIENT = "client"


def client_severity(severity_id: str) -> str:
    """The action id of a severity's button on the client's card."""
    return f"{CLIENT_SEVERITY}:{severity_id}"


def severity_of(action_id: str) -> str:
    """The severity id in the action id of a button on the client's card."""
    return action_id.removeprefix(f"{CLIENT_SEVERITY}:")


def rate(rating: int) -> str:
    """The action id of the button that gives so many of five."""
    return f"{RATE}:{rating}"


def rating_of(action_id: str) -> int:
    """How many of five such a button gives."""
    return int(action_id.removeprefix(f"{RATE}:"))


def severity_shown(block_id: str) -> str | None:
    """Which severity the buttons or the menu in this block were shown beside, "" for none; None
    where the block does not say. A further row of a block has its number at the end."""
    _, found, severity = re.sub(r":(?:25|50|75)$", "", block_id).partition(":")
    return severity if found else None


def severity_choice(key: str, severity_id: str) -> str:
    """The value of an option of the triage card's severity menu."""
    return f"{key}:{severity_id}"


def more_choice(key: str, what: str) -> str:
    """The value of an option of the menu on a ticket's card or ping."""
    return f"{key}:{what}"


def take_over_choice(key: str, has_it: str) -> str:
    """The value of the button that takes a ticket from whoever has it (a Slack user ID)."""
    return f"{key}:{has_it}"


def chosen_take_over(value: str) -> tuple[str, str]:
    """The ticket key and who is shown as having it in such a value."""
    key, _, has_it = value.partition(":")
    return key, has_it


def chosen_more(value: str) -> tuple[str, str]:
    """The ticket key and what is asked for in the value of a chosen option."""
    key, _, what = value.partition(":")
    return key, what


def chosen_severity(value: str) -> tuple[str, str]:
    """The ticket key and the severity id in the value of a chosen option; a key has no colon."""
    key, _, severity_id = value.partition(":")
    return key, severity_id


def preview(key: str, words: str) -> str:
    """The private metadata of a preview: what is sent is what it shows."""
    return f"{key}\n{words}"


def previewed(metadata: str) -> tuple[str, str]:
    """The ticket key and the words in such metadata."""
    key, _, words = metadata.partition("\n")
    return key, words


def taken_back(key: str, version_id: int) -> str:
    """The private metadata of what asks before a downgrade is taken back."""
    return f"{key}:{version_id}"


def to_take_back(metadata: str) -> tuple[str, int]:
    """The client's key and the version's ID in such metadata."""
    key, _, version_id = metadata.rpartition(":")
    return key, int(version_id)


def picked(channel_id: str, ts: str, words: str) -> str:
    """The private metadata of a dialog about a message, with as many of its words as they hold."""
    return f"{channel_id}:{ts}:{words}"


def picked_in(metadata: str) -> tuple[str, str, str]:
    """The channel, the `ts` and the words in such metadata."""
    channel_id, ts, words = metadata.split(":", 2)
    return channel_id, ts, words


def meant_ticket(number: int) -> str:
    """The action id of a ticket's button on the question which one is meant."""
    return f"{MEANT}:{number}"


def meant_choice(key: str, channel_id: str, ts: str) -> str:
    """The value of such a button."""
    return f"{key}:{channel_id}:{ts}"


def chosen_meant(value: str) -> tuple[str, str, str]:
    """The ticket key, the channel and the `ts` of the message in such a value."""
    key, channel_id, ts = value.split(":")
    return key, channel_id, ts
