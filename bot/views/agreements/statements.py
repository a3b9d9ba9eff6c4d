"""Messages about money: quota notices, usage and statements."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from bot.domain.agreements.money import Money
from bot.domain.agreements.period import Period
from bot.domain.agreements.quota import Usage
from bot.domain.agreements.statement import Adjustment, Difference, Line, Statement, sum_up
from bot.views.agreements.adjustments import reason_words
from bot.views.blocks import BLOCKS_IN_A_MESSAGE, Block, section
from bot.views.card_lines import see_it
from bot.views.message import Message
from bot.views.text import inline, mention, width

QUOTA_USAGE = "[CLIENT]"
QUOTA_MEANING = "tickets used this period, and what is to pay"
_ROOM = 11_000  # Slack has refused messages with 13,200 characters in their blocks
_LINES_A_SECTION = 7


def quota_notice(
    *, percent: int, used: int, included: int, price: str, plan: str, until: datetime, zone: str
) -> Message:
    """Return the notice in a client's channel when its quota is almost or entirely used.

    `percent` is the share that is used, `price` the price of an additional ticket, "" for none. The
    period ends at `until` (aware, exclusive); the notice shows the last day in `zone` (IANA).
    """
    name = inline(plan, 80, otherwise="your plan")
    last = day_words(until.astimezone(ZoneInfo(zone)).date() - timedelta(days=1))
    further = f"each further one costs {price}" if price else "further ones are at no extra charge"
    if percent < 100:
        first = f"You have used {used} of the {included} tickets that *{name}* includes"
        then = f"Once they are used up, {further}"
    else:
        first = f"You have used all {included} tickets that *{name}* includes"
        then = f"From here on {further}"
    how = ": its card says so, and you can withdraw it there before we answer" if price else ""
    text = f"{first} until {last}. {then}{how}."
    return Message(text, [section(text)])


def quota_message(client: str, when: str, used: Usage, lines: Sequence[Line]) -> Message:
    """Return a client's usage of the current period for staff: used and remaining tickets, the
    amount to pay so far, and links to the messages that opened the tickets."""
    who = inline(client, 80, otherwise="A client")
    limit = "unlimited" if used.included is None else f"of {used.included}"
    left = "" if used.included is None else f", {max(0, used.included - used.used)} left"
    first = f"*{who}*, {when}: {used.used} {limit} used{left}"
    to_pay = sum_up(line.amount for line in lines if line.amount is not None)
    head = f"{first}\nTo pay beyond the plan so far: {amounts(to_pay)}"
    parts = _listed("Tickets that count", [_line(line, for_client=False) for line in lines])
    return Message(f"{first}.", [section(head), *_with_room(parts, "")])


def statement_message(statement: Statement, *, for_client: bool) -> Message:
    """Return a statement, within the limits of a message. For clients (`for_client`) it omits the
    reasons of waivers."""
    first = f"*Statement* for {period_words(statement.period, statement.zone)}, {_plans(statement)}"
    if not for_client:
        first = f"*{inline(statement.client, 80, otherwise=statement.client_key)}*: {first}"
    total = f"*To pay beyond the plan: {amounts(statement.totals)}*"
    counted = [_line(line, for_client=for_client) for line in statement.lines]
    changed = [_adjusted(adjustment) for adjustment in statement.adjustments]
    parts = [*_listed("Tickets that count", counted), *_listed("Of earlier periods", changed)]
    key = inline(statement.client_key, 20, otherwise="KEY")
    shown = _with_room(parts, "" if for_client else f"Whole: `deskbell statement show {key}`.")
    head = f"{first}\n{summary(statement)}\n{total}"
    return Message(f"{first}: {amounts(statement.totals)}.", [section(head), *shown])


def _with_room(parts: Sequence[str], how: str) -> list[Block]:
    """Return the paragraphs that fit in a message; if some do not fit, the last paragraph says
    `how` to read on."""
    room = accumulate(width(part) for part in parts)
    fitting = [section(part) for part, total in zip(parts, room, strict=True) if total < _ROOM]
    shown = fitting[: BLOCKS_IN_A_MESSAGE - 3]
    return shown if len(shown) == len(parts) else [*shown, section(f"It goes on. {how}".strip())]


def summary(statement: Statement) -> str:
    """Return counts of tickets, such as "23 tickets: 20 included, 3 beyond, of which 1 waived"."""
    beyond = [line for line in statement.lines if line.price is not None]
    waived = sum(bool(line.waived) for line in beyond)
    words = f"{len(statement.lines)} tickets: {len(statement.lines) - len(beyond)} included"
    if beyond:
        words += f", {len(beyond)} beyond"
    return f"{words}, of which {waived} waived" if waived else words


def amounts(sums: Sequence[Money]) -> str:
    return " and ".join(map(str, sums)) or "nothing"


def period_words(period: Period, zone: str) -> str:
    """Return the local dates of a period, first and last included: "1 to 31 March 2026"."""
    first = period.start.astimezone(ZoneInfo(zone)).date()
    last = (period.end - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day_words(last)}"
    return f"{day_words(first)} to {day_words(last)}"


def day_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _plans(statement: Statement) -> str:
    return inline(" and ".join(statement.plans), 160, otherwise="no plan")


def _listed(head: str, lines: list[str]) -> list[str]:
    starts = range(0, len(lines), _LINES_A_SECTION)
    parts = ["\n".join(lines[start : start + _LINES_A_SECTION]) for start in starts]
    return [f"*{head}*\n{parts[0]}", *parts[1:]] if parts else []


def _line(line: Line, *, for_client: bool) -> str:
    cost = "included"
    if line.price is not None:
        cost = str(line.price)
        if line.waived:
            why = "" if for_client else f": {inline(line.waived, 100, otherwise='no reason')}"
            cost = f"{cost}, waived{why}"
    return f"• {_ticket(line)} by {mention(line.opened_by)}: {cost}"


def _adjusted(adjustment: Adjustment) -> str:
    was, now = (str(amount) if amount else "nothing" for amount in (adjustment.was, adjustment.now))
    counts = "" if adjustment.counted else " and counts no more"
    why = inline(reason_words(adjustment.why), 120, otherwise="it changed")
    return f"• {_ticket(adjustment)}: {was}, now {now}{counts}; {why}"


def _ticket(line: Line | Adjustment) -> str:
    key = inline(line.key, 40, otherwise="a ticket")
    if line.channel_id and line.thread_ts:
        return f"*{key}* ({see_it(line.channel_id, line.thread_ts)})"
    return f"*{key}*"


def difference_text(difference: Difference) -> str:
    """Return a sentence about an entry of a statement that differs from the history."""
    says, gives = (_amount_words(entry) for entry in (difference.stated, difference.counted))
    return f"{difference.key}: its {difference.kind} says {says}; the history gives {gives}."


def _amount_words(entry: Line | Adjustment | None) -> str:
    """Return the amount of a line or adjustment in words."""
    if entry is None:
        return "nothing"
    if isinstance(entry, Line):
        return f"{entry.amount or 'nothing'} at place {entry.position}"
    return f"{entry.was or 'nothing'}, now {entry.now or 'nothing'}"
