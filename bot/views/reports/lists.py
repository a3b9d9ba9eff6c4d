"""Ephemeral answers of `/desk`: lists of tickets and clients, a ticket, and quotas."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.agreements.quota import Usage
from bot.domain.tickets.ticket_view import TicketView
from bot.views.blocks import MESSAGE_TEXT
from bot.views.message import Message
from bot.views.sla.urgency import severity_label, urgency
from bot.views.text import clip, inline, mention, moment, one_line, width
from bot.views.tickets.triage_card import triage_card

_ROOM = MESSAGE_TEXT - 200
QUEUE_USAGE = ""
QUEUE_MEANING = "what you must act on; */desk* alone says the same"
LIST_USAGE = "[CLIENT | --at-risk | --breached]"
LIST_MEANING = "open tickets, the soonest due first"
SHOW_USAGE = "KEY"
SHOW_MEANING = "a ticket, for your eyes only"
_NO_CLIENT = "There is no client yet: add one with `deskbell client add`."


def ticket_list(
    title: str, ticket_views: Sequence[TicketView], now: datetime, *, nothing: str
) -> str:
    """Return two lines for each ticket, within the limit of a message; `nothing` if there is no
    ticket."""
    if not ticket_views:
        return nothing
    return _listed(
        f"*{title}* ({len(ticket_views)})",
        [ticket_lines(ticket_view, now) for ticket_view in ticket_views],
    )


def queue_list(ticket_views: Sequence[TicketView], now: datetime) -> str:
    """Return the tickets that the reader must act on."""
    nothing = "Your queue is empty. */desk list* shows every open ticket."
    return ticket_list("Your queue", ticket_views, now, nothing=nothing)


def at_risk_list(ticket_views: Sequence[TicketView], now: datetime) -> str:
    """Return the tickets that are at risk."""
    return ticket_list("At risk", ticket_views, now, nothing="Nothing is at risk.")


def late_list(ticket_views: Sequence[TicketView], now: datetime) -> str:
    """Return the open tickets that are overdue."""
    return ticket_list("Late", ticket_views, now, nothing="No open ticket is late.")


def open_list(ticket_views: Sequence[TicketView], now: datetime) -> str:
    """Return the open tickets."""
    return ticket_list("Open tickets", ticket_views, now, nothing="No ticket is open.")


def ticket_shown(ticket_view: TicketView, now: datetime) -> Message:
    """Return the ticket's triage card without its buttons, for an answer that a single person
    sees."""
    card = triage_card(ticket_view, now=now)
    return Message(card.text, [block for block in card.blocks if block["type"] != "actions"])


def quota_list(lines: Sequence[tuple[str, str, Usage | None]]) -> str:
    """Return the quotas of clients. Each of `lines` is a client's name, its plan, and its usage in
    the current period (None without an agreement)."""
    return _listed("*Quota, this period*", [_quota(*line) for line in lines])


def client_list(lines: Sequence[tuple[str, str, str]]) -> str:
    """Return the list of clients. Each of `lines` is a client's key, its name and its plan."""
    return _listed("*Clients*", [_client(*line) for line in lines])


def _listed(title: str, lines: Sequence[str]) -> str:
    """Join the lines within the limit of a message; the last line counts the others."""
    if not lines:
        return _NO_CLIENT
    text, shown = title, 0
    for line in lines:
        if width(text) + width(line) > _ROOM:
            break
        text, shown = f"{text}\n{line}", shown + 1
    more = len(lines) - shown
    return f"{text}\nand {more} more: ask for one client, by its key, to see them" if more else text


def ticket_lines(ticket_view: TicketView, now: datetime) -> str:
    """Return a ticket as two short lines of mrkdwn."""
    ticket, due_at = ticket_view.ticket, ticket_view.next_due
    client = inline(ticket_view.client.name, 40, otherwise=ticket_view.client.key)
    due = (
        f", due {moment(due_at, ticket_view.plan.zone)}"
        if due_at and not ticket_view.is_late
        else ""
    )
    who = mention(ticket.assignee) if ticket.assignee else "nobody has it"
    about = clip(one_line(ticket.summary), 60)
    status = f"{severity_label(ticket_view)} · {urgency(ticket_view, now)}{due} · {who}"
    return f"• *{inline(ticket.key, 40, otherwise='A ticket')}* {client}: {about}\n   {status}"


def _quota(client: str, plan: str, used: Usage | None) -> str:
    plan = inline(plan, 80, otherwise="no plan")
    named = f"• {inline(client, 80, otherwise='A client')} ({plan})"
    if used is None:
        return f"{named}: it has no agreement yet"
    if used.included is None:
        return f"{named}: {used.used} tickets, unlimited"
    overage = f", {used.overage} to pay so far" if used.overage else ""
    return f"{named}: {used.used} of {used.included} tickets ({used.percent} %){overage}"


def _client(key: str, name: str, plan: str) -> str:
    name, plan = inline(name, 80, otherwise=key), inline(plan, 80, otherwise="no plan")
    return f"• *{inline(key, 40, otherwise='?')}* {name}: {plan}"
