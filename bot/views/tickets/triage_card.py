"""The staff's view of a ticket: the card in the triage channel."""

from datetime import datetime

from bot.domain.sla.clocks.deadline import ClockState
from bot.domain.ticket import Side, Source
from bot.domain.tickets.severity_suggestion import suggested
from bot.domain.tickets.ticket_view import TicketView, client_ticket_view
from bot.views.blocks import OPTIONS_IN_A_MENU, Block, actions, button, option, people_said, section
from bot.views.card_lines import message_link, quota_line
from bot.views.ids import MORE, more_choice
from bot.views.message import Message
from bot.views.sla.urgency import severity_label, urgency
from bot.views.sla.why import WHY, WHY_LABEL
from bot.views.text import blank, clip, inline, mention, moment, quoted
from bot.views.tickets.closing.dismiss import DISMISS, DISMISS_LABEL
from bot.views.tickets.closing.merge import MERGE, MERGE_LABEL
from bot.views.tickets.closing.reopen import REOPEN, REOPEN_LABEL
from bot.views.tickets.closing.resolve import RESOLVE, RESOLVE_LABEL
from bot.views.tickets.handling.assign import ASSIGN, ASSIGN_LABEL
from bot.views.tickets.handling.note import NOTE, NOTE_LABEL
from bot.views.tickets.handling.reply import RECORD_LABEL, REPLY, REPLY_LABEL
from bot.views.tickets.handling.snooze import SNOOZE, SNOOZE_LABEL, WAKE, WAKE_LABEL
from bot.views.tickets.handling.take import (
    TAKE,
    TAKE_LABEL,
    TAKE_OVER,
    TAKE_OVER_LABEL,
    take_over_choice,
)
from bot.views.tickets.handling.wait import GO_ON, GO_ON_LABEL, WAIT, WAIT_LABEL
from bot.views.tickets.triage.category import CATEGORY, CATEGORY_LABEL
from bot.views.tickets.triage.severity import (
    SEVERITY_ANEW,
    SEVERITY_ANEW_LABEL,
    TRIAGE_SEVERITY,
    severity_choice,
)

_MOST_CLOCKS = 5
_SOURCES = {
    Source.SLACK: "in Slack",
    Source.EMAIL: "by e-mail",
    Source.PHONE: "by phone",
    Source.PORTAL: "in the portal",
    Source.ALERT: "as we noticed it ourselves",
}


def triage_card(ticket_view: TicketView, *, now: datetime | None = None) -> Message:
    """Return the triage card. `now` (aware) adds the states "At risk" and "Late", which depend on
    the time and not on recorded facts alone."""
    title, state = _title(ticket_view), urgency(ticket_view, now)
    summary = clip(ticket_view.ticket.summary, 1000)
    words = quoted(summary) if not blank(summary) else "(no words: see the message itself)"
    lines = [
        _opened(ticket_view),
        *_found_late(ticket_view),
        _severity(ticket_view),
        *_kind(ticket_view),
        _due(ticket_view),
    ]
    about = "\n".join([*lines, *_further(ticket_view), _who(ticket_view), _quota(ticket_view)])
    blocks = [section(f"{title}\n{state}"), people_said(words), section(about)]
    text = f"{title}: {state}. {clip(ticket_view.ticket.summary, 300)}".strip()
    return Message(text, [*blocks, *_resolution(ticket_view), *_actions(ticket_view)])


def _title(ticket_view: TicketView) -> str:
    client = inline(ticket_view.client.name, 80, otherwise=ticket_view.client.key)
    plan = inline(ticket_view.plan.name, 80, otherwise=ticket_view.plan.id)
    return f"*{inline(ticket_view.ticket.key, 80, otherwise='Ticket')}* · {client} · {plan}"


def _opened(ticket_view: TicketView) -> str:
    ticket = ticket_view.ticket
    slack = ticket.source is Source.SLACK
    name = ticket.opened_by
    who = mention(name) if slack else inline(name, 80, otherwise="somebody")
    opened = moment(ticket.opened_at, ticket_view.plan.zone)
    line = f"Opened {opened} by {who} {_SOURCES[ticket.source]}"
    return f"{line} · {link}" if (link := client_thread(ticket_view)) else line


def _found_late(ticket_view: TicketView) -> list[str]:
    found_at = ticket_view.ticket.found_at
    if found_at is None:
        return []
    return [f"*Found late*: it reached us {moment(found_at, ticket_view.plan.zone)}"]


def client_thread(ticket_view: TicketView) -> str:
    """Return a link to the client's message; "" for a ticket that was not opened in Slack."""
    ticket = ticket_view.ticket
    if not ticket.channel_id or not ticket.thread_ts:
        return ""
    return message_link(ticket.channel_id, ticket.thread_ts, "the client's message")


def _severity(ticket_view: TicketView) -> str:
    if ticket_view.ticket.severity is None:
        severities = [sla_target.severity for sla_target in ticket_view.plan.sla_targets]
        suggestion = suggested(severities, ticket_view.ticket.summary)
        if suggestion is None:
            return "Severity: not chosen yet"
        severity, sign = suggestion
        label = inline(severity.label, 75, otherwise=severity.id)
        return f"Severity: not chosen yet; *{label}*? It says “{inline(sign, 75, otherwise='?')}”"
    decided_by = {Side.CLIENT: " (the client says)", Side.STAFF: " (staff decided)", None: ""}
    return f"Severity: *{severity_label(ticket_view)}*{decided_by[ticket_view.ticket.severity_by]}"


def _kind(ticket_view: TicketView) -> list[str]:
    for category in ticket_view.plan.categories:
        if category.id == ticket_view.ticket.category:
            billed = "" if category.covered else " (*not covered*: billed as services)"
            return [f"Kind of work: {inline(category.label, 75, otherwise=category.id)}{billed}"]
    return []


def _due(ticket_view: TicketView) -> str:
    if ticket_view.deadline.due_at is None:
        promised = client_ticket_view(ticket_view).words
        words = inline(promised or "", 300, otherwise="nothing by a clock")
        return f"No clock runs. The plan promises: {words}"
    return f"First response due: {moment(ticket_view.deadline.due_at, ticket_view.plan.zone)}"


def _further(ticket_view: TicketView) -> list[str]:
    """Return lines about waiting, snoozing, and the clocks of metrics other than the first
    response, which only negotiated plans promise."""
    zone, since = ticket_view.plan.zone, ticket_view.ticket.waiting_since
    lines = [] if since is None else [f"Waiting on the client since {moment(since, zone)}"]
    if until := ticket_view.ticket.snoozed_until:
        lines.append(f"Snoozed until {moment(until, zone)}")
    for line in ticket_view.further[-_MOST_CLOCKS:]:
        metric = line.metric.words.capitalize()
        if line.state is ClockState.PAUSED:
            lines.append(f"{metric}: paused while the client is waited for")
        elif line.stopped_at is None and line.deadline.due_at:
            late = "*late*, it was due" if line.breached_at else "due"
            lines.append(f"{metric}: {late} {moment(line.deadline.due_at, zone)}")
    return lines


def _who(ticket_view: TicketView) -> str:
    assignee, engineer = ticket_view.ticket.assignee, ticket_view.engineer
    named = f"named engineer {mention(engineer)}" if engineer else ""
    if ticket_view.away:
        cover = f"{mention(ticket_view.stand_in)} covers" if ticket_view.stand_in else ""
        instead = cover or named or "please take it over"
        return f"Who has it: {mention(str(assignee))}, *away*: {instead}"
    if assignee:
        return f"Who has it: {mention(assignee)}"
    return f"Who has it: nobody yet{f', {named}' if named else ''}"


def _quota(ticket_view: TicketView) -> str:
    if ticket_view.standing is None:
        fault = inline(ticket_view.ticket.fault or "", 300, otherwise="")
        return f"Quota: not counted, *our own fault*: {fault}" if fault else "Quota: not counted"
    unlimited = f"Quota: ticket {ticket_view.standing.position} this month, unlimited"
    return quota_line(ticket_view.standing) or unlimited


def _resolution(ticket_view: TicketView) -> list[Block]:
    resolution = ticket_view.ticket.resolution
    if ticket_view.ticket.is_open or resolution is None or blank(resolution):
        return []
    rating = ticket_view.ticket.rating
    rated = [section(f"The client's rating: *{rating} of 5*")] if rating else []
    return [
        *rated,
        people_said(f"What was done:\n{quoted(clip(resolution, 1000))}"),
    ]


def _actions(ticket_view: TicketView) -> list[Block]:
    key = ticket_view.ticket.key
    if not ticket_view.ticket.is_open:
        return actions(
            [button(REOPEN_LABEL, REOPEN, key), *_about_it(key), _more(ticket_view)],
            "triage_resolved",
        )
    reply = REPLY_LABEL if ticket_view.ticket.channel_id else RECORD_LABEL
    elements = [
        _take(ticket_view),
        *_severity_menu(ticket_view),
        button(reply, REPLY, key),
        button(RESOLVE_LABEL, RESOLVE, key),
        button(ASSIGN_LABEL, ASSIGN, key),
        *_about_it(key),
        button(MERGE_LABEL, MERGE, key),
        _more(ticket_view),
    ]
    # Slack shows a reader's last choice in a menu while its block ID stays the same, even after an
    # update of the card. Therefore the ID contains the severity.
    return actions(elements, f"triage:{ticket_view.ticket.severity or ''}")


def _about_it(key: str) -> list[Block]:
    """Return the buttons that both open and ended tickets have."""
    return [button(NOTE_LABEL, NOTE, key), button(CATEGORY_LABEL, CATEGORY, key)]


def _take(ticket_view: TicketView) -> Block:
    key, assignee = ticket_view.ticket.key, ticket_view.ticket.assignee
    if assignee is None:
        return button(TAKE_LABEL, TAKE, key)
    return button(TAKE_OVER_LABEL, TAKE_OVER, take_over_choice(key, assignee))


def _more(ticket_view: TicketView) -> Block:
    """Return the overflow menu with the less frequent actions."""
    key = ticket_view.ticket.key
    choices = [(WHY_LABEL, WHY)]
    if ticket_view.ticket.is_open:
        choices.append((SEVERITY_ANEW_LABEL, SEVERITY_ANEW))
        asleep = ticket_view.ticket.snoozed_until is not None
        choices.append((WAKE_LABEL, WAKE) if asleep else (SNOOZE_LABEL, SNOOZE))
        waits = ticket_view.ticket.waiting_since is not None
        choices.append((GO_ON_LABEL, GO_ON) if waits else (WAIT_LABEL, WAIT))
    if ticket_view.ticket.is_open and ticket_view.ticket.first_response_at is None:
        choices.append((DISMISS_LABEL, DISMISS))
    options = [option(label, more_choice(key, choice)) for label, choice in choices]
    return {"type": "overflow", "action_id": MORE, "options": options}


def _severity_menu(ticket_view: TicketView) -> list[Block]:
    key = ticket_view.ticket.key
    severities = [sla_target.severity for sla_target in ticket_view.plan.sla_targets][
        :OPTIONS_IN_A_MENU
    ]
    options = {
        severity.id: option(severity.label, severity_choice(key, severity.id))
        for severity in severities
    }
    if not options:
        return []
    current = options.get(ticket_view.ticket.severity or "")
    menu: Block = {
        "type": "static_select",
        "action_id": TRIAGE_SEVERITY,
        "placeholder": {"type": "plain_text", "text": "Severity"},
        "options": list(options.values()),
    }
    return [menu | {"initial_option": current} if current else menu]
