"""Action IDs, callback IDs and input IDs that Slack sends back with an interaction.

Every ID and every encoded value is defined here only. A button's `value` is the ticket key. A
button for a severity carries the severity in its `action_id`, because action IDs are unique in a
message; an option of a menu carries its choice in its `value`.
"""

import re

# Buttons on the client's card.
CLIENT_SEVERITY = "client_severity"
NOT_SOLVED = "not_solved"
WITHDRAW = "withdraw"
RATE = "rate"
ASK = "ask"  # on the ask card of a channel

# Buttons and menus on the triage card.
TAKE = "take"
TAKE_OVER = "take_over"  # `take_over_choice` encodes the button's value
TRIAGE_SEVERITY = "triage_severity"
REPLY = "reply"
RESOLVE = "resolve"
REOPEN = "reopen"
MORE = "more"  # the menu; `more_choice` encodes the values of its options
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
CATEGORY = "category"  # the button, and the input of the dialog
DISMISS = "dismiss"

# Buttons on the question to which ticket a message belongs.
MEANT = "meant"

# Shortcuts in the menu of a message.
OPEN_SHORTCUT = "open_ticket"
ADD_SHORTCUT = "add_to_ticket"

# Dialogs.
RESOLVE_VIEW = "resolve_view"
REPLY_VIEW = "reply_view"
PREVIEW_VIEW = "preview_view"  # `preview` encodes its private metadata
OPEN_VIEW = "open_view"
ADD_VIEW = "add_view"  # `picked` encodes its private metadata
ASK_VIEW = "ask_view"  # private metadata: the channel's ID
SEVERITY_VIEW = "severity_view"
ASSIGN_VIEW = "assign_view"
NOTE_VIEW = "note_view"
CATEGORY_VIEW = "category_view"
MERGE_VIEW = "merge_view"
SNOOZE_VIEW = "snooze_view"
AGREE_VIEW = "agree_view"  # private metadata: the client's key
AGREED_VIEW = "agreed_view"  # private metadata: the change to confirm
TAKE_BACK_VIEW = "take_back_view"  # `taken_back` encodes its private metadata
OUT_OF_USE_VIEW = "out_of_use_view"  # a notice without a submit button

# Inputs of dialogs: each ID is both the block ID and the element's action ID.
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
    """Return the action ID of a severity's button on the client's card."""
    return f"{CLIENT_SEVERITY}:{severity_id}"


def severity_of(action_id: str) -> str:
    """Return the severity ID from the action ID of a button on the client's card."""
    return action_id.removeprefix(f"{CLIENT_SEVERITY}:")


def rate(rating: int) -> str:
    """Return the action ID of the button that gives a rating of 1 to 5."""
    return f"{RATE}:{rating}"


def rating_of(action_id: str) -> int:
    """Return the rating from the action ID of such a button."""
    return int(action_id.removeprefix(f"{RATE}:"))


def severity_shown(block_id: str) -> str | None:
    """Return the severity that the card showed beside the pressed button or menu: "" if it showed
    none, None if the block ID does not carry it. Further rows of a block have ":25", ":50" or ":75"
    at the end of their ID."""
    _, separator, severity = re.sub(r":(?:25|50|75)$", "", block_id).partition(":")
    return severity if separator else None


def severity_choice(key: str, severity_id: str) -> str:
    """Encode the value of an option of the triage card's severity menu."""
    return f"{key}:{severity_id}"


def more_choice(key: str, choice: str) -> str:
    """Encode the value of an option of the menu on a ticket's card or ping."""
    return f"{key}:{choice}"


def take_over_choice(key: str, assignee: str) -> str:
    """Encode the value of the button that takes a ticket over from its assignee (a Slack user
    ID)."""
    return f"{key}:{assignee}"


def chosen_take_over(value: str) -> tuple[str, str]:
    """Decode the value of `take_over_choice`: the ticket key, and the assignee that the card
    showed."""
    key, _, assignee = value.partition(":")
    return key, assignee


def chosen_more(value: str) -> tuple[str, str]:
    """Decode the value of `more_choice`: the ticket key and the chosen option."""
    key, _, choice = value.partition(":")
    return key, choice


def chosen_severity(value: str) -> tuple[str, str]:
    """Decode the value of `severity_choice`: the ticket key and the severity ID. Keys contain no
    colon."""
    key, _, severity_id = value.partition(":")
    return key, severity_id


def preview(key: str, words: str) -> str:
    """Encode the private metadata of a reply's preview: its submission sends exactly the words that
    it shows."""
    return f"{key}\n{words}"


def previewed(metadata: str) -> tuple[str, str]:
    """Decode the metadata of `preview`: the ticket key and the words."""
    key, _, words = metadata.partition("\n")
    return key, words


def taken_back(key: str, version_id: int) -> str:
    """Encode the private metadata of the dialog that confirms the withdrawal of a downgrade."""
    return f"{key}:{version_id}"


def to_take_back(metadata: str) -> tuple[str, int]:
    """Decode the metadata of `taken_back`: the client's key and the ID of the agreement version."""
    key, _, version_id = metadata.rpartition(":")
    return key, int(version_id)


def picked(channel_id: str, ts: str, words: str) -> str:
    """Encode the private metadata of a dialog about a message. The caller clips `words` to Slack's
    limit of 3,000 characters."""
    return f"{channel_id}:{ts}:{words}"


def picked_in(metadata: str) -> tuple[str, str, str]:
    """Decode the metadata of `picked`: the channel, the `ts` and the words."""
    channel_id, ts, words = metadata.split(":", 2)
    return channel_id, ts, words


def meant_ticket(number: int) -> str:
    """Return the action ID of a ticket's button on the question to which ticket a message
    belongs."""
    return f"{MEANT}:{number}"


def meant_choice(key: str, channel_id: str, ts: str) -> str:
    """Encode the value of such a button: the ticket key, and the message's channel and `ts`."""
    return f"{key}:{channel_id}:{ts}"


def chosen_meant(value: str) -> tuple[str, str, str]:
    """Decode the value of `meant_choice`: the ticket key, and the message's channel and `ts`."""
    key, channel_id, ts = value.split(":")
    return key, channel_id, ts
