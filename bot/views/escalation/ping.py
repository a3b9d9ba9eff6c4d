"""Pings about a ticket's clock: to triage, to the engineer and to managers."""

import html
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.escalation.decision import Audience
from bot.domain.escalation.ladder import Step
from bot.domain.sla.targets.metric import Metric
from bot.domain.tickets.ticket_view import TicketView
from bot.views.blocks import Block, actions, button, option, plain, section
from bot.views.card_lines import people
from bot.views.durations import duration, time_left
from bot.views.ids import MORE, more_choice
from bot.views.message import Message
from bot.views.sla.urgency import earliest_label, severity_label
from bot.views.text import inline, mention, moment, one_line
from bot.views.tickets.handling.assign import ASSIGN, HAND_OVER_LABEL
from bot.views.tickets.handling.snooze import SNOOZES
from bot.views.tickets.handling.take import TAKE, TAKE_LABEL
from bot.views.tickets.triage.cause import LATE_WHY, LATE_WHY_LABEL
from bot.views.tickets.triage_card import client_thread

ON_TIME_WITHIN = timedelta(minutes=1)


def ping(
    ticket_view: TicketView,
    step: Step,
    audience: Audience,
    readers: Sequence[str],
    *,
    now: datetime,
    besides: Sequence[tuple[TicketView, Step]] = (),
    to_all: bool = False,
    instead_of: int = 0,
) -> Message:
    """Return the message for an audience at an escalation step of a ticket's clock.

    `besides` are steps of the ticket's other clocks that were due at the same time. `instead_of` is
    the number of earlier reminders that this message replaces. `now` (aware) is the instant at
    which the step was noticed; if it is more than a minute after the step, the message says both
    instants. `to_all` also shows a thread reply in the channel.

    Raises ValueError for a ticket without a clock.
    """
    if audience is Audience.MANAGERS and ticket_view.breached_at is None:
        text = breach(ticket_view, now=now)
        return Message(text, [section(text)])
    steps = [(ticket_view, step), *besides]
    lines = [line(ticket, due_step, audience, now) for ticket, due_step in steps]
    if instead_of:
        reminders = "an earlier reminder" if instead_of == 1 else f"{instead_of} earlier reminders"
        lines.append(f"This takes the place of {reminders}.")
    lines.append(_to_whom(ticket_view, audience, tuple(readers)))
    text = "\n".join(sentence for sentence in lines if sentence)
    blocks = [section(text)]
    can_act = audience is Audience.ENGINEER or to_all  # in the channel, anybody may take it
    if can_act and not ticket_view.met_at and ticket_view.ticket.is_open:
        blocks += actions(_buttons(ticket_view), "ping")
    if audience is Audience.MANAGERS:
        blocks += actions([why_late(ticket_view)], "late")
    return Message(text, blocks, to_all=to_all)


def why_late(ticket_view: TicketView) -> Block:
    return button(LATE_WHY_LABEL, LATE_WHY, ticket_view.ticket.key)


def _buttons(ticket_view: TicketView) -> list[Block]:
    """Return the actions that the reader can take at once, besides replying."""
    key = ticket_view.ticket.key
    take = [] if ticket_view.ticket.assignee else [button(TAKE_LABEL, TAKE, key)]
    minutes = [
        option(f"{length} min", more_choice(key, choice)) for choice, length in SNOOZES.items()
    ]
    snooze = {
        "type": "static_select",
        "action_id": MORE,
        "placeholder": plain("Snooze", 150, otherwise="Snooze"),
        "options": minutes,
    }
    return [*take, snooze, button(HAND_OVER_LABEL, ASSIGN, key)]


def page(ticket_view: TicketView, step: Step) -> tuple[str, str]:
    """Return the title and the instruction of a page.

    Pagers show plain text and are outside Slack, so a page contains none of the client's words.
    """
    due = _instant(ticket_view, step).astimezone(ZoneInfo(ticket_view.plan.zone))
    when = f"{due:%a} {due.day} {due:%b %H:%M} ({ticket_view.plan.zone})"
    label = severity_label(ticket_view)
    client = one_line(ticket_view.client.name)[:80]
    title = f"{ticket_view.ticket.key} ({client}, {html.unescape(label)})"
    state = "is due" if step.is_before_due else "is late: it was due"
    return f"{title} {state} {when}", "Open Slack and answer it, or type /desk there."


def _instant(ticket_view: TicketView, step: Step) -> datetime:
    """Return the instant of a step (aware).

    A breach on record determines it. Otherwise the last step of a ticket without a severity has the
    latest due time over all severities, and the other steps have the due time.
    """
    deadline = ticket_view.deadline
    due = deadline.breach_at if step == Step.LAST else deadline.due_at
    instant = ticket_view.breached_at or due or deadline.due_at
    if instant is None:
        raise ValueError(f"{ticket_view.ticket.key} has no clock: there is nothing to ping about")
    return instant


def line(ticket_view: TicketView, step: Step, audience: Audience, now: datetime) -> str:
    """Return a step of a clock in a sentence or two of mrkdwn."""
    sentence = (
        _missed(ticket_view) if audience is Audience.MANAGERS else _sentence(ticket_view, step, now)
    )
    late = _late_note(ticket_view, step, audience, now)
    return f"{sentence} {late}" if late else sentence


def _late_note(ticket_view: TicketView, step: Step, audience: Audience, now: datetime) -> str:
    """Return the sentence that says why this message is late: the ticket reached Deskbell late, or
    Deskbell was not running. Returns "" if it is on time."""
    instant, found_at = _instant(ticket_view, step), ticket_view.ticket.found_at
    if found_at is not None and found_at > instant:
        return (
            f"{_received_late(ticket_view, found_at)}, {duration(found_at - instant)} after that."
        )
    if now - instant > ON_TIME_WITHIN:
        return f"It was noticed {moment(now, ticket_view.plan.zone)}."
    if found_at is not None and audience is Audience.MANAGERS:
        return f"{_received_late(ticket_view, found_at)}."
    return ""


def _received_late(ticket_view: TicketView, found_at: datetime) -> str:
    return f"*Found late*: it reached us {moment(found_at, ticket_view.plan.zone)}"


def _sentence(ticket_view: TicketView, step: Step, now: datetime) -> str:
    at = moment(_instant(ticket_view, step), ticket_view.plan.zone)
    if step.is_before_due:
        left = time_left(_instant(ticket_view, step) - now)
        return f"{_subject(ticket_view)}{_metric(ticket_view)} is due {left}, {at}."
    if step == Step.LAST and ticket_view.ticket.severity is None:
        late = f"{_subject(ticket_view)}{_metric(ticket_view)} is late whatever its severity."
        return f"{late} It was due {at} at the latest."
    if ticket_view.ticket.severity is None and ticket_view.breached_at is None:
        label = earliest_label(ticket_view)
        about = f"{_subject(ticket_view)}{_metric(ticket_view)}"
        return f"{about} is late if it is {label}: it was due {at} then."
    still = "still " if step.is_after_due else ""
    return f"{_subject(ticket_view)}{_metric(ticket_view)} is {still}late. It was due {at}."


def _metric(ticket_view: TicketView) -> str:
    """Return the name of the metric with a colon in front; "" for the first response."""
    return (
        "" if ticket_view.metric is Metric.FIRST_RESPONSE else f": the {ticket_view.metric.words}"
    )


def _missed(ticket_view: TicketView) -> str:
    at = moment(_instant(ticket_view, Step.LAST), ticket_view.plan.zone)
    plan = inline(ticket_view.plan.name, 80, otherwise=ticket_view.plan.id)
    sentence = f"{_subject(ticket_view)} missed its {ticket_view.metric.words}: it was due {at}."
    return f"{sentence} Its plan: {plan}."


def breach(ticket_view: TicketView, *, now: datetime) -> str:
    """Return a breach as managers read it. If the ticket has no breach on record any more, the
    sentence says that the reply was in time and that Slack delivered it late."""
    if ticket_view.breached_at is not None:
        return line(ticket_view, Step.DUE, Audience.MANAGERS, now)
    answered = ticket_view.met_at
    when = f" {moment(answered, ticket_view.plan.zone)}" if answered else ""
    return (
        f"{_subject(ticket_view)} was answered in time after all,{when}. Slack told us of it late."
    )


def _subject(ticket_view: TicketView) -> str:
    client = inline(ticket_view.client.name, 80, otherwise=ticket_view.client.key)
    key = inline(ticket_view.ticket.key, 80, otherwise="A ticket")
    return f"*{key}* ({client}, {severity_label(ticket_view)})"


def _to_whom(ticket_view: TicketView, audience: Audience, readers: tuple[str, ...]) -> str:
    """Return the addressees of a ping and the next action; for an answered ticket, the time of the
    response."""
    answered = ticket_view.met_at
    if answered:
        return f"It was answered {moment(answered, ticket_view.plan.zone)}."
    if audience is Audience.MANAGERS:
        return _who_has_it(ticket_view)
    if audience is Audience.ENGINEER:
        return _next(ticket_view)
    return (
        f"{people(readers)}: {_next(ticket_view)}"
        if readers
        else f"Nobody has this yet. {_next(ticket_view)}"
    )


def _who_has_it(ticket_view: TicketView) -> str:
    if ticket_view.ticket.assignee:
        return f"{mention(ticket_view.ticket.assignee)} has it."
    if ticket_view.engineer:
        return f"Nobody has taken it yet; the named engineer is {mention(ticket_view.engineer)}."
    return "Nobody has this yet."


def _next(ticket_view: TicketView) -> str:
    """Return the next action, as a sentence."""
    if ticket_view.ticket.severity is None:
        return f"Give it a severity, and answer {_where(ticket_view)}."
    return f"Answer {_where(ticket_view)}."


def _where(ticket_view: TicketView) -> str:
    if thread := client_thread(ticket_view):
        return f"in the thread of {thread}"
    return "the client, then press *Record the answer* on its card in triage"
