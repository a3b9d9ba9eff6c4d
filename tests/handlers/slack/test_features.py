"""Tests the table of features: file names, the IDs of old cards and dialogs, and the help."""

from collections.abc import Iterator
from pathlib import Path

from bot.views.operations.out_of_use import OUT_OF_USE_VIEW
from handlers.slack.desk_command import WORDS
from handlers.slack.feature import Feature
from handlers.slack.features import FEATURES

REPOSITORY = Path(__file__).parents[3]
ACTIONS = REPOSITORY / "handlers/slack/actions"
TICKET_ACTIONS = {
    "handling": {"take", "assign", "reply", "note", "wait", "snooze"},
    "triage": {"severity", "category", "fault", "cause", "waive"},
    "closing": {"resolve", "reopen", "rate", "withdraw", "dismiss", "merge"},
}
# Cards and dialogs that are in Slack already send these IDs.
BUTTONS = {
    *("^client_severity:", "not_solved", "withdraw", "^rate:[1-5]$", "ask", "take", "take_over"),
    *("triage_severity", "reply", "resolve", "reopen", "assign", "note", "merge", "late_why"),
    *("category", "^meant:"),
}
CHOICES = {
    *("take", "assign", "why", "severity_anew", "wait", "go_on", "snooze", "snooze:30"),
    *("snooze:60", "snooze:90", "wake", "dismiss"),
}
DIALOGS = {
    *("resolve_view", "reply_view", "preview_view", "open_view", "add_view", "ask_view"),
    *("severity_view", "assign_view", "note_view", "cause_view", "category_view", "merge_view"),
    *("snooze_view", "agree_view", "agreed_view", "take_back_view"),
}
SHORTCUTS = {"open_ticket", "add_to_ticket"}
IN_HELP = (
    *("queue", "list", "show", "why", "open", "take", "assign", "severity", "wait", "go-on"),
    *("note", "category", "fault", "cause", "waive", "snooze", "merge", "reply", "dismiss"),
    *("resolve", "reopen", "away", "hours", "quota", "client", "plan", "duties", "digest"),
    *("subscribe", "csv", "help"),
)


def action_ids(feature: Feature) -> Iterator[str]:
    for action_id in feature.buttons:
        yield action_id if isinstance(action_id, str) else action_id.pattern


def files_in(folder: Path) -> set[str]:
    return {file.stem for file in folder.glob("*.py")} - {"__init__"}


def test_the_table_has_a_feature_for_every_file_with_its_name() -> None:
    files = sorted(name for folder in ACTIONS.rglob("*") for name in files_in(folder))
    assert sorted(feature.name for feature in FEATURES) == files


def test_a_ticket_action_has_a_file_with_its_name_in_every_room() -> None:
    for wing, names in TICKET_ACTIONS.items():
        for room in ("bot/usecases", "bot/views", "handlers/slack/actions"):
            assert names == files_in(REPOSITORY / room / "tickets" / wing), f"{room}/tickets/{wing}"


def test_old_cards_and_dialogs_still_reach_their_features() -> None:
    buttons = [action_id for feature in FEATURES for action_id in action_ids(feature)]
    choices = [choice for feature in FEATURES for choice in feature.choices]
    dialogs = [dialog for feature in FEATURES for dialog in feature.submissions]
    shortcuts = [shortcut for feature in FEATURES for shortcut in feature.shortcuts]
    assert sorted(buttons) == sorted(BUTTONS)
    assert sorted(choices) == sorted(CHOICES)
    assert sorted(dialogs) == sorted(DIALOGS)
    assert sorted(shortcuts) == sorted(SHORTCUTS)
    assert OUT_OF_USE_VIEW not in dialogs


def test_help_lists_the_words_in_the_order_of_the_table() -> None:
    words = [word.name for feature in FEATURES for word in feature.words]
    assert tuple(words) == IN_HELP == tuple(WORDS)
