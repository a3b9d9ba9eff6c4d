"""The table of features, in the order in which `/desk help` lists their words."""

from handlers.slack.actions.agreements import (
    change_agreement,
    plan,
    quota,
    recurring_tasks,
    withdraw_downgrade,
)
from handlers.slack.actions.intake import add_message, ask, flag, open_ticket, which_ticket
from handlers.slack.actions.operations import absence, client_settings
from handlers.slack.actions.operations.help import help_feature
from handlers.slack.actions.reports import (
    digest,
    digest_csv,
    home,
    list_tickets,
    queue,
    show,
    subscribe,
)
from handlers.slack.actions.sla import why
from handlers.slack.actions.tickets.closing import dismiss, merge, rate, reopen, resolve, withdraw
from handlers.slack.actions.tickets.handling import assign, note, reply, snooze, take, wait
from handlers.slack.actions.tickets.triage import category, cause, fault, severity, waive
from handlers.slack.feature import Feature

_ACTIONS = (
    queue,
    list_tickets,
    show,
    why,
    open_ticket,
    take,
    assign,
    severity,
    wait,
    note,
    category,
    fault,
    cause,
    waive,
    snooze,
    merge,
    reply,
    dismiss,
    resolve,
    reopen,
    rate,
    withdraw,
    ask,
    add_message,
    which_ticket,
    flag,
    home,
    absence,
    quota,
    client_settings,
    plan,
    change_agreement,
    withdraw_downgrade,
    recurring_tasks,
    digest,
    subscribe,
    digest_csv,
)
_LISTED = tuple(action.FEATURE for action in _ACTIONS)
FEATURES: tuple[Feature, ...] = (*_LISTED, help_feature(_LISTED))
