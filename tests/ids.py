"""The IDs of buttons, menus, dialogs and inputs, gathered from the views for the tests."""

from bot.views.agreements.change_agreement import (
    AGREE_VIEW,
    AGREED_VIEW,
    BACKUP,
    CYCLE_DAY,
    ENGINEER,
    LAST_DAY,
    PLAN,
    STATEMENTS,
    TERMS,
    TO_CLIENT,
    TO_MANAGERS,
)
from bot.views.agreements.withdraw_downgrade import TAKE_BACK_VIEW
from bot.views.ids import INTO, MORE, NOT_SOLVED, SEVERITY, WORDS, more_choice
from bot.views.intake.add_message import ADD_SHORTCUT, ADD_VIEW
from bot.views.intake.ask import ASK, ASK_VIEW
from bot.views.intake.open_ticket import (
    CLIENT,
    OPEN_SHORTCUT,
    OPEN_VIEW,
    REPORTED_AT,
    REPORTED_BY,
    SOURCE,
)
from bot.views.intake.which_ticket import MEANT, meant_choice, meant_ticket
from bot.views.operations.out_of_use import OUT_OF_USE_VIEW
from bot.views.sla.why import WHY
from bot.views.tickets.closing.dismiss import DISMISS
from bot.views.tickets.closing.merge import MERGE, MERGE_VIEW
from bot.views.tickets.closing.rate import RATE, rate
from bot.views.tickets.closing.reopen import REOPEN
from bot.views.tickets.closing.resolve import RESOLVE, RESOLVE_VIEW
from bot.views.tickets.closing.withdraw import WITHDRAW
from bot.views.tickets.handling.assign import ASSIGN, ASSIGN_VIEW, PERSON
from bot.views.tickets.handling.note import NOTE, NOTE_VIEW
from bot.views.tickets.handling.reply import GIVEN_AT, PREVIEW_VIEW, REPLY, REPLY_VIEW
from bot.views.tickets.handling.snooze import SNOOZE, SNOOZE_VIEW, SNOOZES, UNTIL, WAKE
from bot.views.tickets.handling.take import TAKE, TAKE_OVER, chosen_take_over, take_over_choice
from bot.views.tickets.handling.wait import GO_ON, WAIT
from bot.views.tickets.triage.category import CATEGORY, CATEGORY_VIEW
from bot.views.tickets.triage.cause import CAUSE, CAUSE_VIEW, LATE_WHY
from bot.views.tickets.triage.fault import FAULT
from bot.views.tickets.triage.severity import (
    CLIENT_SEVERITY,
    FROM_NOW,
    FROM_THE_START,
    SEVERITY_ANEW,
    SEVERITY_VIEW,
    SINCE,
    TRIAGE_SEVERITY,
    chosen_severity,
    client_severity,
    severity_choice,
    severity_of,
    severity_shown,
)

__all__ = [
    "ADD_SHORTCUT",
    "ADD_VIEW",
    "AGREED_VIEW",
    "AGREE_VIEW",
    "ASK",
    "ASK_VIEW",
    "ASSIGN",
    "ASSIGN_VIEW",
    "BACKUP",
    "CATEGORY",
    "CATEGORY_VIEW",
    "CAUSE",
    "CAUSE_VIEW",
    "CLIENT",
    "CLIENT_SEVERITY",
    "CYCLE_DAY",
    "DISMISS",
    "ENGINEER",
    "FAULT",
    "FROM_NOW",
    "FROM_THE_START",
    "GIVEN_AT",
    "GO_ON",
    "INTO",
    "LAST_DAY",
    "LATE_WHY",
    "MEANT",
    "MERGE",
    "MERGE_VIEW",
    "MORE",
    "NOTE",
    "NOTE_VIEW",
    "NOT_SOLVED",
    "OPEN_SHORTCUT",
    "OPEN_VIEW",
    "OUT_OF_USE_VIEW",
    "PERSON",
    "PLAN",
    "PREVIEW_VIEW",
    "RATE",
    "REOPEN",
    "REPLY",
    "REPLY_VIEW",
    "REPORTED_AT",
    "REPORTED_BY",
    "RESOLVE",
    "RESOLVE_VIEW",
    "SEVERITY",
    "SEVERITY_ANEW",
    "SEVERITY_VIEW",
    "SINCE",
    "SNOOZE",
    "SNOOZES",
    "SNOOZE_VIEW",
    "SOURCE",
    "STATEMENTS",
    "TAKE",
    "TAKE_BACK_VIEW",
    "TAKE_OVER",
    "TERMS",
    "TO_CLIENT",
    "TO_MANAGERS",
    "TRIAGE_SEVERITY",
    "UNTIL",
    "WAIT",
    "WAKE",
    "WHY",
    "WITHDRAW",
    "WORDS",
    "chosen_severity",
    "chosen_take_over",
    "client_severity",
    "meant_choice",
    "meant_ticket",
    "more_choice",
    "rate",
    "severity_choice",
    "severity_of",
    "severity_shown",
    "take_over_choice",
]
