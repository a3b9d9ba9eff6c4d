"""Dialogs in which managers change an agreement, and previews of the change."""

from collections.abc import Sequence

from bot.domain.agreements.agreement import Agreement
from bot.domain.agreements.proposal import last_day_of
from bot.domain.agreements.refusals import TermsTooLong
from bot.views.blocks import OPTIONS_IN_A_MENU, Block, option, plain, section
from bot.views.form import PRIVATE_METADATA, View, labelled, line_input, menu_input, modal
from bot.views.text import width

AGREE_VIEW = "agree_view"  # private metadata: the client's key
AGREED_VIEW = "agreed_view"  # private metadata: the change to confirm
PLAN = "plan"
LAST_DAY = "last_day"
CYCLE_DAY = "cycle_day"
ENGINEER = "engineer"
BACKUP = "backup"
TERMS = "terms"
STATEMENTS = "statements"
TO_MANAGERS = "managers"
TO_CLIENT = "client"
TERMS_LENGTH = 2000
_DAY = "As 2026-12-31. Leave it empty for an agreement without an end."


def agree_modal(key: str, plans: Sequence[tuple[str, str]], now: Agreement) -> View:
    """Return the dialog for a client's agreement, filled with the terms that are in force `now`.
    `key` is the client's key; `plans` are pairs of plan ID and name."""
    options = {plan_id: option(name, plan_id) for plan_id, name in plans[:OPTIONS_IN_A_MENU]}
    menu: Block = {"options": list(options.values())}
    if current := options.get(now.plan_id or ""):
        menu["initial_option"] = current
    day = last_day_of(now)
    last_day = line_input(
        LAST_DAY,
        "Last day of a fixed term",
        10,
        hint=_DAY,
        optional=True,
        value=day.isoformat() if day else "",
    )
    cycle = line_input(
        CYCLE_DAY,
        "Day on which its billing months begin",
        2,
        hint="1 to 31; in a shorter month, its last day.",
        value=str(now.anchor_day),
    )
    blocks = [
        menu_input(PLAN, "Plan", menu),
        last_day,
        cycle,
        _person(ENGINEER, "Named engineer", now.engineer),
        _person(BACKUP, "Backup", now.backup),
        _statements(now),
        _terms(now),
    ]
    return modal(AGREE_VIEW, "Agreement of", "Preview", blocks, key)


def agree_preview_modal(key: str, lines: Sequence[str], metadata: str) -> View:
    """Return the preview of a changed agreement, with a button that confirms it.

    `metadata` is the `private_metadata` that the confirmation submits. Raises Refusal if it is
    longer than Slack's limit of 3,000 characters.
    """
    if (over := width(metadata) - PRIVATE_METADATA) > 0:
        raise TermsTooLong(over)
    shown = [section(f"• {line}") for line in lines]
    view = modal(AGREED_VIEW, "Agreement of", "Confirm", shown, key)
    return view | {"private_metadata": metadata, "close": plain("Back", 24, otherwise="Back")}


def _person(name: str, label: str, user_id: str | None) -> Block:
    menu: Block = {"type": "users_select", "action_id": name}
    if user_id is not None:
        menu["initial_user"] = user_id
    return labelled(name, label, menu) | {"optional": True}


def _statements(now: Agreement) -> Block:
    options = {
        TO_MANAGERS: option("Managers", TO_MANAGERS),
        TO_CLIENT: option("Managers and the client's channel", TO_CLIENT),
    }
    chosen = options[TO_CLIENT if now.statement_to_client else TO_MANAGERS]
    menu = {"options": list(options.values()), "initial_option": chosen}
    return menu_input(STATEMENTS, "Who reads the statements", menu)


def _terms(now: Agreement) -> Block:
    hint = "Lines of TOML, as in docs/catalogues.md. Look whether they fit where the plan changes."
    line = line_input(
        TERMS,
        "What it says otherwise than the plan",
        TERMS_LENGTH,
        hint=hint,
        optional=True,
        value=now.terms or "",
    )
    return line | {"element": line["element"] | {"multiline": True}}
