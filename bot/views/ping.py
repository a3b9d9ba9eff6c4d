"""Pings about a ticket's clock: to triage, to the engineer and to managers."""

import html
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.escalation import Audience
from bot.domain.ladder import Step
from bot.domain.metric import Metric
from bot.domain.sheet import TicketSheet
from bot.views.blocks import Block, actions, button, option, plain, section
from bot.views.facts import people
from bot.views.ids import ASSIGN, LATE_WHY, MORE, SNOOZES, TAKE, more_choice
from bot.views.message import Message
from bot.views.text import inline, mention, moment, one_line
from bot.views.triage_card import client_thread
from bot.views.urgency import earliest_label, severity_label

ON_TIME_WITHIN = timedelta(minutes=1)


def ping(
    sheet: TicketSheet,
    step: Step,
    audience: Audience,
    readers: Sequence[str],
    *,
    now: datetime,
    besides: Sequence[tuple[TicketSheet, Step]] = (),
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
    if audience is Audience.MANAGERS and sheet.breached_at is None:
        text = breach(sheet, now=now)
        return Message(text, [section(text)])
    steps = [(sheet, step), *besides]
    lines = [line(ticket, due_step, audience, now) for ticket, due_step in steps]
    if instead_of:
        reminders = "an earlier reminder" if instead_of == 1 else f"{instead_of} earlier reminders"
        lines.append(f"This takes the place of {reminders}.")
    lines.append(_to_whom(sheet, audience, tuple(readers)))
    text = "\n".join(sentence for sentence in lines if sentence)
    blocks = [section(text)]
    can_act = audience is Audience.ENGINEER or to_all  # in the channel, anybody may take it
    if can_act and not sheet.met_at and sheet.ticket.is_open:
        blocks += actions(_buttons(sheet), "ping")
    if audience is Audience.MANAGERS:
        blocks += actions([why_late(sheet)], "late")
    return Message(text, blocks, to_all=to_all)


def why_late(sheet: TicketSheet) -> Block:
    return button("Why was this late?", LATE_WHY, sheet.ticket.key)


def _buttons(sheet: TicketSheet) -> list[Block]:
    """Return the actions that the reader can take at once, besides replying."""
    key = sheet.ticket.key
    take = [] if sheet.ticket.assignee else [button("Take", TAKE, key)]
    minutes = [
        option(f"{length} min", more_choice(key, choice)) for choice, length in SNOOZES.items()
    ]
    snooze = {
        "type": "static_select",
        "action_id": MORE,
        "placeholder": plain("Snooze", 150, otherwise="Snooze"),
        "options": minutes,
    }
    return [*take, snooze, button("Hand over", ASSIGN, key)]


def page(sheet: TicketSheet, step: Step) -> tuple[str, str]:
    """Return the title and the instruction of a page.

    Pagers show plain text and are outside Slack, so a page contains none of the client's words.
    """
    due = _instant(sheet, step).astimezone(ZoneInfo(sheet.plan.zone))
    when = f"{due:%a} {due.day} {due:%b %H:%M} ({sheet.plan.zone})"
    label = severity_label(sheet)
    title = f"{sheet.ticket.key} ({one_line(sheet.client.name)[:80]}, {html.unescape(label)})"
    state = "is due" if step.is_before_due else "is late: it was due"
    return f"{title} {state} {when}", "Open Slack and answer it, or type /desk there."


def _instant(sheet: TicketSheet, step: Step) -> datetime:
    """Return the instant of a step (aware).

    A breach on record determines it. Otherwise the last step of a ticket without a severity has the
    latest due time over all severities, and the other steps have the due time.
    """
    promised = sheet.promise
    due = promised.breach_at if step == Step.LAST else promised.due_at
    instant = sheet.breached_at or due or promised.due_at
    if instant is None:
        raise ValueError(f"{sheet.ticket.key} has no clock: there is nothing to ping about")
    return instant


def line(sheet: TicketSheet, step: Step, audience: Audience, now: datetime) -> str:
    """Return a step of a clock in a sentence or two of mrkdwn."""
    sentence = _missed(sheet) if audience is Audience.MANAGERS else _sentence(sheet, step, now)
    late = _late_note(sheet, step, audience, now)
    return f"{sentence} {late}" if late else sentence


def _late_note(sheet: TicketSheet, step: Step, audience: Audience, now: datetime) -> str:
    """Return the sentence that says why this message is late: the ticket reached Deskbell late, or
    Deskbell was not running. Returns "" if it is on time."""
    instant, found_at = _instant(sheet, step), sheet.ticket.found_at
    if found_at is not None and found_at > instant:
        return f"{_received_late(sheet, found_at)}, {duration(found_at - instant)} after that."
    if now - instant > ON_TIME_WITHIN:
        return f"It was noticed {moment(now, sheet.plan.zone)}."
    if found_at is not None and audience is Audience.MANAGERS:
        return f"{_received_late(sheet, found_at)}."
    return ""


def _received_late(sheet: TicketSheet, found_at: datetime) -> str:
    return f"*Found late*: it reached us {moment(found_at, sheet.plan.zone)}"


def _sentence(sheet: TicketSheet, step: Step, now: datetime) -> str:
    at = moment(_instant(sheet, step), sheet.plan.zone)
    if step.is_before_due:
        left = time_left(_instant(sheet, step) - now)
        return f"{_subject(sheet)}{_metric(sheet)} is due {left}, {at}."
    if step == Step.LAST and sheet.ticket.severity is None:
        late = f"{_subject(sheet)}{_metric(sheet)} is late whatever its severity."
        return f"{late} It was due {at} at the latest."
    if sheet.ticket.severity is None and sheet.breached_at is None:
        label = earliest_label(sheet)
        return f"{_subject(sheet)}{_metric(sheet)} is late if it is {label}: it was due {at} then."
    still = "still " if step.is_after_due else ""
    return f"{_subject(sheet)}{_metric(sheet)} is {still}late. It was due {at}."


def _metric(sheet: TicketSheet) -> str:
    """Return the name of the metric with a colon in front; "" for the first response."""
    return "" if sheet.metric is Metric.FIRST_RESPONSE else f": the {sheet.metric.words}"


def _missed(sheet: TicketSheet) -> str:
    at = moment(_instant(sheet, Step.LAST), sheet.plan.zone)
    plan = inline(sheet.plan.name, 80, otherwise=sheet.plan.id)
    sentence = f"{_subject(sheet)} missed its {sheet.metric.words}: it was due {at}."
    return f"{sentence} Its plan: {plan}."


def breach(sheet: TicketSheet, *, now: datetime) -> str:
    """Return a breach as managers read it. If the ticket has no breach on record any more, the
    sentence says that the reply was in time and that Slack delivered it late."""
    if sheet.breached_at is not None:
        return line(sheet, Step.DUE, Audience.MANAGERS, now)
    answered = sheet.met_at
    when = f" {moment(answered, sheet.plan.zone)}" if answered else ""
    return f"{_subject(sheet)} was answered in time after all,{when}. Slack told us of it late."


def _subject(sheet: TicketSheet) -> str:
    client = inline(sheet.client.name, 80, otherwise=sheet.client.key)
    key = inline(sheet.ticket.key, 80, otherwise="A ticket")
    return f"*{key}* ({client}, {severity_label(sheet)})"


def _to_whom(sheet: TicketSheet, audience: Audience, readers: tuple[str, ...]) -> str:
    """Return the addressees of a ping and the next action; for an answered ticket, the time of the
    response."""
    answered = sheet.met_at
    if answered:
        return f"It was answered {moment(answered, sheet.plan.zone)}."
    if audience is Audience.MANAGERS:
        return _who_has_it(sheet)
    if audience is Audience.ENGINEER:
        return _next(sheet)
    return (
        f"{people(readers)}: {_next(sheet)}" if readers else f"Nobody has this yet. {_next(sheet)}"
    )


def _who_has_it(sheet: TicketSheet) -> str:
    if sheet.ticket.assignee:
        return f"{mention(sheet.ticket.assignee)} has it."
    if sheet.engineer:
        return f"Nobody has taken it yet; the named engineer is {mention(sheet.engineer)}."
    return "Nobody has this yet."


def _next(sheet: TicketSheet) -> str:
    """Return the next action, as a sentence."""
    if sheet.ticket.severity is None:
        return f"Give it a severity, and answer {_where(sheet)}."
    return f"Answer {_where(sheet)}."


def _where(sheet: TicketSheet) -> str:
    if thread := client_thread(sheet):
        return f"in the thread of {thread}"
    return "the client, then press *Record the answer* on its card in triage"


def time_left(left: timedelta) -> str:
    """Return the time until a due time: "in 2 h 5 min"; "now" if none is left."""
    if left <= timedelta(0):
        return "now"
    return f"in {duration(left)}"


def duration(length: timedelta) -> str:
    """Return a length of time in its two largest units, rounded to a minute: "2 h 5 min"."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 1:
        return "less than a minute"
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    units = [(days, "day" if days == 1 else "days"), (hours, "h"), (minutes, "min")]
    shown = [f"{count} {unit}" for count, unit in units if count]
    return " ".join(shown[:2])
