"""What is said of money: notices before it costs, and statements."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from bot.domain.money import Money
from bot.domain.period import Period
from bot.domain.quota import Usage
from bot.domain.statement import Adjustment, Line, Statement, sum_up
from bot.views.blocks import BLOCKS_IN_A_MESSAGE, Block, section
from bot.views.facts import message_link
from bot.views.message import Message
from bot.views.text import inline, mention, width

_ROOM = 11_000  # Slack has refused blocks of 13,200 characters in all
_LINES_A_SECTION = 7


def quota_notice(
    *, percent: int, used: int, included: int, price: str, plan: str, until: datetime, zone: str
) -> Message:
    """Said in a client's channel before it costs; the period ends at `until` (aware)."""
    name = inline(plan, 80, otherwise="your plan")
    last = day_words(until.astimezone(ZoneInfo(zone)).date() - timedelta(days=1))
    each = f"each further one costs {price}" if price else "further ones are at no extra charge"
    if percent < 100:
        first = f"You have used {used} of the {included} tickets that *{name}* includes"
        then = f"Once they are used up, {each}"
    else:
        first = f"You have used all {included} tickets that *{name}* includes"
        then = f"From here on {each}"
    how = ": its card says so, and you can withdraw it there before we answer" if price else ""
    text = f"{first} until {last}. {then}{how}."
    return Message(text, [section(text)])


def quota_message(client: str, when: str, used: Usage, lines: Sequence[Line]) -> Message:
    """For staff: what a client has used of the running period, what is left and to pay, and the
    messages that made each ticket."""
    who = inline(client, 80, otherwise="A client")
    of = "unlimited" if used.included is None else f"of {used.included}"
    left = "" if used.included is None else f", {max(0, used.included - used.used)} left"
    first = f"*{who}*, {when}: {used.used} {of} used{left}"
    to_pay = sum_up(line.amount for line in lines if line.amount is not None)
    head = f"{first}\nTo pay beyond the plan so far: {amounts(to_pay)}"
    parts = _listed("Tickets that count", [_line(line, for_client=False) for line in lines])
    return Message(f"{first}.", [section(head), *_with_room(parts, "")])


def statement_message(of: Statement, *, for_client: bool) -> Message:
    """As much of a statement as a message holds; the client reads no reason that is the vendor's
    own."""
    first = f"*Statement* for {period_words(of.period, of.zone)}, {_plans(of)}"
    if not for_client:
        first = f"*{inline(of.client, 80, otherwise=of.client_key)}*: {first}"
    total = f"*To pay beyond the plan: {amounts(of.totals)}*"
    counted = [_line(line, for_client=for_client) for line in of.lines]
    changed = [_adjusted(one) for one in of.adjustments]
    parts = [*_listed("Tickets that count", counted), *_listed("Of earlier periods", changed)]
    key = inline(of.client_key, 20, otherwise="KEY")
    shown = _with_room(parts, "" if for_client else f"Whole: `deskbell statement show {key}`.")
    head = f"{first}\n{summary(of)}\n{total}"
    return Message(f"{first}: {amounts(of.totals)}.", [section(head), *shown])


def _with_room(parts: Sequence[str], how: str) -> list[Block]:
    """As many of the paragraphs as a message holds; else it is said `how` to read on."""
    room = accumulate(width(part) for part in parts)
    fitting = [section(part) for part, sum_ in zip(parts, room, strict=True) if sum_ < _ROOM]
    shown = fitting[: BLOCKS_IN_A_MESSAGE - 3]
    return shown if len(shown) == len(parts) else [*shown, section(f"It goes on. {how}".strip())]


def summary(of: Statement) -> str:
    """ "23 tickets: 20 included, 3 beyond, of which 1 waived"."""
    beyond = [line for line in of.lines if line.price is not None]
    waived = sum(bool(line.waived) for line in beyond)
    words = f"{len(of.lines)} tickets: {len(of.lines) - len(beyond)} included"
    if beyond:
        words += f", {len(beyond)} beyond"
    return f"{words}, of which {waived} waived" if waived else words


def amounts(sums: Sequence[Money]) -> str:
    return " and ".join(map(str, sums)) or "nothing"


def period_words(period: Period, zone: str) -> str:
    """ "1 to 31 March 2026": the local dates of a period, both included."""
    first = period.start.astimezone(ZoneInfo(zone)).date()
    last = (period.end - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day_words(last)}"
    return f"{day_words(first)} to {day_words(last)}"


def day_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _plans(of: Statement) -> str:
    return inline(" and ".join(of.plans), 160, otherwise="no plan")


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


def _adjusted(one: Adjustment) -> str:
    was, now = (str(amount) if amount else "nothing" for amount in (one.was, one.now))
    counts = "" if one.counted else " and counts no more"
    why = inline(one.why, 120, otherwise="it changed")
    return f"• {_ticket(one)}: {was}, now {now}{counts}; {why}"


def _ticket(one: Line | Adjustment) -> str:
    key = inline(one.key, 40, otherwise="a ticket")
    if one.channel_id and one.thread_ts:
        return f"*{key}* ({message_link(one.channel_id, one.thread_ts, 'see it')})"
    return f"*{key}*"
