"""What is said when a ticket's clock runs out: to triage, to an engineer, to managers."""

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
    """One message for one audience at one step, and at those of other clocks of the ticket that
    came up together with it; it stands `instead_of` so many earlier ones, too. `now` (aware) is
    when the step was noticed; later than its instant by more than a minute, both are said.

    Raises ValueError for a ticket without a clock, for which nobody can be pinged.
    """
    if audience is Audience.MANAGERS and sheet.breached_at is None:
        text = breach(sheet, now=now)
        return Message(text, [section(text)])
    each = [(sheet, step), *besides]
    lines = [line(of, its, audience, now) for of, its in each]
    if instead_of:
        reminders = "an earlier reminder" if instead_of == 1 else f"{instead_of} earlier reminders"
        lines.append(f"This takes the place of {reminders}.")
    lines.append(_to_whom(sheet, audience, tuple(readers)))
    text = "\n".join(one for one in lines if one)
    blocks = [section(text)]
    acts = audience is Audience.ENGINEER or to_all  # the whole channel: whoever sees it first
    if acts and not sheet.met_at and sheet.ticket.is_open:
        blocks += actions(_buttons(sheet), "ping")
    if audience is Audience.MANAGERS:
        blocks += actions([why_late(sheet)], "late")
    return Message(text, blocks, to_all=to_all)


def why_late(sheet: TicketSheet) -> Block:
    return button("Why was this late?", LATE_WHY, sheet.ticket.key)


def _buttons(sheet: TicketSheet) -> list[Block]:
    """What whoever must act can do at once, besides answering."""
    key = sheet.ticket.key
    take = [] if sheet.ticket.assignee else [button("Take", TAKE, key)]
    minutes = [option(f"{one} min", more_choice(key, what)) for what, one in SNOOZES.items()]
    snooze = {
        "type": "static_select",
        "action_id": MORE,
        "placeholder": plain("Snooze", 150, otherwise="Snooze"),
        "options": minutes,
    }
    return [*take, snooze, button("Hand over", ASSIGN, key)]


def page(sheet: TicketSheet, step: Step) -> tuple[str, str]:
    """For a pager, which shows plain words: a title, and what to do. It leaves Slack, so that no
    word of the client's is in it."""
    due = _instant(sheet, step).astimezone(ZoneInfo(sheet.plan.zone))
    when = f"{due:%a} {due.day} {due:%b %H:%M} ({sheet.plan.zone})"
    label = severity_label(sheet)
    title = f"{sheet.ticket.key} ({one_line(sheet.client.name)[:80]}, {html.unescape(label)})"
    state = "is due" if step.is_before_due else "is late: it was due"
    return f"{title} {state} {when}", "Open Slack and answer it, or type /desk there."


def _instant(sheet: TicketSheet, step: Step) -> datetime:
    """The true instant of a step: that of the breach on record, where it is one."""
    promised = sheet.promise
    due = promised.breach_at if step == Step.LAST else promised.due_at
    instant = sheet.breached_at or due or promised.due_at
    if instant is None:
        raise ValueError(f"{sheet.ticket.key} has no clock: there is nothing to ping about")
    return instant


def line(sheet: TicketSheet, step: Step, audience: Audience, now: datetime) -> str:
    """One step of one clock, in a sentence or two."""
    said = _breach(sheet) if audience is Audience.MANAGERS else _said(sheet, step, now)
    late = _came_late(sheet, step, audience, now)
    return f"{said} {late}" if late else said


def _came_late(sheet: TicketSheet, step: Step, audience: Audience, now: datetime) -> str:
    """That the step was past before the ticket reached us, or before anybody was at work."""
    instant, found_at = _instant(sheet, step), sheet.ticket.found_at
    if found_at is not None and found_at > instant:
        return f"{_reached_us(sheet, found_at)}, {duration(found_at - instant)} after that."
    if now - instant > ON_TIME_WITHIN:
        return f"It was noticed {moment(now, sheet.plan.zone)}."
    if found_at is not None and audience is Audience.MANAGERS:
        return f"{_reached_us(sheet, found_at)}."
    return ""


def _reached_us(sheet: TicketSheet, found_at: datetime) -> str:
    return f"*Found late*: it reached us {moment(found_at, sheet.plan.zone)}"


def _said(sheet: TicketSheet, step: Step, now: datetime) -> str:
    at = moment(_instant(sheet, step), sheet.plan.zone)
    if step.is_before_due:
        left = time_left(_instant(sheet, step) - now)
        return f"{_subject(sheet)}{_what(sheet)} is due {left}, {at}."
    if step == Step.LAST and sheet.ticket.severity is None:
        late = f"{_subject(sheet)}{_what(sheet)} is late whatever its severity."
        return f"{late} It was due {at} at the latest."
    if sheet.ticket.severity is None and sheet.breached_at is None:
        label = earliest_label(sheet)
        return f"{_subject(sheet)}{_what(sheet)} is late if it is {label}: it was due {at} then."
    still = "still " if step.is_after_due else ""
    return f"{_subject(sheet)}{_what(sheet)} is {still}late. It was due {at}."


def _what(sheet: TicketSheet) -> str:
    """What is due, where it is not the first response."""
    return "" if sheet.metric is Metric.FIRST_RESPONSE else f": the {sheet.metric.words}"


def _breach(sheet: TicketSheet) -> str:
    at = moment(_instant(sheet, Step.LAST), sheet.plan.zone)
    plan = inline(sheet.plan.name, 80, otherwise=sheet.plan.id)
    said = f"{_subject(sheet)} missed its {sheet.metric.words}: it was due {at}."
    return f"{said} Its plan: {plan}."


def breach(sheet: TicketSheet, *, now: datetime) -> str:
    """What managers read of a breach; also when there was none: the answer reached us late."""
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
    """Whom the line is for, and what to do next; nothing more once the ticket is answered."""
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
    """What to do now, as one sentence."""
    if sheet.ticket.severity is None:
        return f"Give it a severity, and answer {_where(sheet)}."
    return f"Answer {_where(sheet)}."


def _where(sheet: TicketSheet) -> str:
    if thread := client_thread(sheet):
        return f"in the thread of {thread}"
    return "the client, then press *Record the answer* on its card in triage"


def time_left(left: timedelta) -> str:
    """A time to come: "in 2 h 5 min"."""
    if left <= timedelta(0):
        return "now"
    return f"in {duration(left)}"


def duration(length: timedelta) -> str:
    """In the two largest units, to the nearest minute: "2 h 5 min"."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 1:
        return "less than a minute"
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    units = [(days, "day" if days == 1 else "days"), (hours, "h"), (minutes, "min")]
    shown = [f"{count} {unit}" for count, unit in units if count]
    return " ".join(shown[:2])
