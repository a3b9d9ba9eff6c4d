"""The staff's view of a ticket: the card in the triage channel."""

from datetime import datetime

from bot.domain.promised import ClockState
from bot.domain.sheet import TicketSheet, client_sheet
from bot.domain.suggestion import suggested
from bot.domain.ticket import Side, Source
from bot.views.blocks import OPTIONS_IN_A_MENU, Block, actions, button, option, people_said, section
from bot.views.facts import message_link, quota_line
from bot.views.ids import (
    ASSIGN,
    CATEGORY,
    DISMISS,
    GO_ON,
    MERGE,
    MORE,
    NOTE,
    REOPEN,
    REPLY,
    RESOLVE,
    SEVERITY_ANEW,
    SNOOZE,
    TAKE,
    TAKE_OVER,
    TRIAGE_SEVERITY,
    WAIT,
    WAKE,
    WHY,
    more_choice,
    severity_choice,
    take_over_choice,
)
from bot.views.message import Message
from bot.views.text import blank, clip, inline, mention, moment, quoted
from bot.views.urgency import severity_label, urgency

_MOST_CLOCKS = 5
_SOURCES = {
    Source.SLACK: "in Slack",
    Source.EMAIL: "by e-mail",
    Source.PHONE: "by phone",
    Source.PORTAL: "in the portal",
    Source.ALERT: "as we noticed it ourselves",
}


def triage_card(sheet: TicketSheet, *, now: datetime | None = None) -> Message:
    """Return the triage card. `now` (aware) adds the states "At risk" and "Late", which depend on
    the time and not on recorded facts alone."""
    title, state = _title(sheet), urgency(sheet, now)
    summary = clip(sheet.ticket.summary, 1000)
    words = quoted(summary) if not blank(summary) else "(no words: see the message itself)"
    lines = [_opened(sheet), *_found_late(sheet), _severity(sheet), *_kind(sheet), _due(sheet)]
    about = "\n".join([*lines, *_further(sheet), _who(sheet), _quota(sheet)])
    blocks = [section(f"{title}\n{state}"), people_said(words), section(about)]
    text = f"{title}: {state}. {clip(sheet.ticket.summary, 300)}".strip()
    return Message(text, [*blocks, *_resolution(sheet), *_actions(sheet)])


def _title(sheet: TicketSheet) -> str:
    client = inline(sheet.client.name, 80, otherwise=sheet.client.key)
    plan = inline(sheet.plan.name, 80, otherwise=sheet.plan.id)
    return f"*{inline(sheet.ticket.key, 80, otherwise='Ticket')}* · {client} · {plan}"


def _opened(sheet: TicketSheet) -> str:
    ticket = sheet.ticket
    slack = ticket.source is Source.SLACK
    name = ticket.opened_by
    who = mention(name) if slack else inline(name, 80, otherwise="somebody")
    line = f"Opened {moment(ticket.opened_at, sheet.plan.zone)} by {who} {_SOURCES[ticket.source]}"
    return f"{line} · {link}" if (link := client_thread(sheet)) else line


def _found_late(sheet: TicketSheet) -> list[str]:
    found_at = sheet.ticket.found_at
    if found_at is None:
        return []
    return [f"*Found late*: it reached us {moment(found_at, sheet.plan.zone)}"]


def client_thread(sheet: TicketSheet) -> str:
    """Return a link to the client's message; "" for a ticket that was not opened in Slack."""
    ticket = sheet.ticket
    if not ticket.channel_id or not ticket.thread_ts:
        return ""
    return message_link(ticket.channel_id, ticket.thread_ts, "the client's message")


def _severity(sheet: TicketSheet) -> str:
    if sheet.ticket.severity is None:
        severities = [promise.severity for promise in sheet.plan.promises]
        suggestion = suggested(severities, sheet.ticket.summary)
        if suggestion is None:
            return "Severity: not chosen yet"
        severity, sign = suggestion
        label = inline(severity.label, 75, otherwise=severity.id)
        return f"Severity: not chosen yet; *{label}*? It says “{inline(sign, 75, otherwise='?')}”"
    decided_by = {Side.CLIENT: " (the client says)", Side.STAFF: " (staff decided)", None: ""}
    return f"Severity: *{severity_label(sheet)}*{decided_by[sheet.ticket.severity_by]}"


def _kind(sheet: TicketSheet) -> list[str]:
    for category in sheet.plan.categories:
        if category.id == sheet.ticket.category:
            billed = "" if category.covered else " (*not covered*: billed as services)"
            return [f"Kind of work: {inline(category.label, 75, otherwise=category.id)}{billed}"]
    return []


def _due(sheet: TicketSheet) -> str:
    if sheet.promise.due_at is None:
        words = inline(client_sheet(sheet).words, 300, otherwise="nothing by a clock")
        return f"No clock runs. The plan promises: {words}"
    return f"First response due: {moment(sheet.promise.due_at, sheet.plan.zone)}"


def _further(sheet: TicketSheet) -> list[str]:
    """Return lines about waiting, snoozing, and the clocks of metrics other than the first
    response, which only negotiated plans promise."""
    zone, since = sheet.plan.zone, sheet.ticket.waiting_since
    lines = [] if since is None else [f"Waiting on the client since {moment(since, zone)}"]
    if until := sheet.ticket.snoozed_until:
        lines.append(f"Snoozed until {moment(until, zone)}")
    for line in sheet.further[-_MOST_CLOCKS:]:
        metric = line.metric.words.capitalize()
        if line.state is ClockState.PAUSED:
            lines.append(f"{metric}: paused while the client is waited for")
        elif line.stopped_at is None and line.promise.due_at:
            late = "*late*, it was due" if line.breached_at else "due"
            lines.append(f"{metric}: {late} {moment(line.promise.due_at, zone)}")
    return lines


def _who(sheet: TicketSheet) -> str:
    assignee, engineer = sheet.ticket.assignee, sheet.engineer
    named = f"named engineer {mention(engineer)}" if engineer else ""
    if sheet.away:
        cover = f"{mention(sheet.stand_in)} covers" if sheet.stand_in else ""
        instead = cover or named or "please take it over"
        return f"Who has it: {mention(str(assignee))}, *away*: {instead}"
    if assignee:
        return f"Who has it: {mention(assignee)}"
    return f"Who has it: nobody yet{f', {named}' if named else ''}"


def _quota(sheet: TicketSheet) -> str:
    if sheet.standing is None:
        fault = inline(sheet.ticket.fault, 300, otherwise="")
        return f"Quota: not counted, *our own fault*: {fault}" if fault else "Quota: not counted"
    unlimited = f"Quota: ticket {sheet.standing.position} this month, unlimited"
    return quota_line(sheet.standing) or unlimited


def _resolution(sheet: TicketSheet) -> list[Block]:
    if sheet.ticket.is_open or blank(sheet.ticket.resolution):
        return []
    rating = sheet.ticket.rating
    rated = [section(f"The client's rating: *{rating} of 5*")] if rating else []
    return [*rated, people_said(f"What was done:\n{quoted(clip(sheet.ticket.resolution, 1000))}")]


def _actions(sheet: TicketSheet) -> list[Block]:
    key = sheet.ticket.key
    if not sheet.ticket.is_open:
        return actions(
            [button("Reopen", REOPEN, key), *_about_it(key), _more(sheet)],
            "triage_resolved",
        )
    reply = "Reply to client" if sheet.ticket.channel_id else "Record the answer"
    elements = [
        _take(sheet),
        *_severity_menu(sheet),
        button(reply, REPLY, key),
        button("Resolve", RESOLVE, key),
        button("Assign", ASSIGN, key),
        *_about_it(key),
        button("Merge", MERGE, key),
        _more(sheet),
    ]
    # Slack shows a reader's last choice in a menu while its block ID stays the same, even after an
    # update of the card. Therefore the ID contains the severity.
    return actions(elements, f"triage:{sheet.ticket.severity or ''}")


def _about_it(key: str) -> list[Block]:
    """Return the buttons that both open and ended tickets have."""
    return [button("Note", NOTE, key), button("Category", CATEGORY, key)]


def _take(sheet: TicketSheet) -> Block:
    key, assignee = sheet.ticket.key, sheet.ticket.assignee
    if assignee is None:
        return button("Take", TAKE, key)
    return button("Take over", TAKE_OVER, take_over_choice(key, assignee))


def _more(sheet: TicketSheet) -> Block:
    """Return the overflow menu with the less frequent actions."""
    key = sheet.ticket.key
    choices = [("Why is it due then?", WHY)]
    if sheet.ticket.is_open:
        choices.append(("Severity, from now on…", SEVERITY_ANEW))
        asleep = sheet.ticket.snoozed_until is not None
        choices.append(("Snooze no longer", WAKE) if asleep else ("Snooze…", SNOOZE))
        waits = sheet.ticket.waiting_since is not None
        choices.append(("Wait no longer", GO_ON) if waits else ("Wait on the client", WAIT))
    if sheet.ticket.is_open and sheet.ticket.first_response_at is None:
        choices.append(("Not a ticket", DISMISS))
    options = [option(label, more_choice(key, choice)) for label, choice in choices]
    return {"type": "overflow", "action_id": MORE, "options": options}


def _severity_menu(sheet: TicketSheet) -> list[Block]:
    key = sheet.ticket.key
    severities = [promise.severity for promise in sheet.plan.promises][:OPTIONS_IN_A_MENU]
    options = {
        severity.id: option(severity.label, severity_choice(key, severity.id))
        for severity in severities
    }
    if not options:
        return []
    current = options.get(sheet.ticket.severity or "")
    menu: Block = {
        "type": "static_select",
        "action_id": TRIAGE_SEVERITY,
        "placeholder": {"type": "plain_text", "text": "Severity"},
        "options": list(options.values()),
    }
    return [menu | {"initial_option": current} if current else menu]
