"""The morning digest for managers, and the review of a range of days."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from bot.domain.reports.digest import Attainment, ComingLine, Digest, DigestLine, QuotaLine, Review
from bot.domain.sla.targets.metric import Metric
from bot.views.agreements.recurring_tasks import duty_line
from bot.views.blocks import SECTION_TEXT, header, section
from bot.views.card_lines import see_it
from bot.views.message import Message
from bot.views.text import inline, mention, moment, width
from bot.views.tickets.causes import cause_words

WINDOWS = (7, 30)  # days
USAGE = "[yesterday | week | month]"
MEANING = "what the morning's digest would say now, or what became of those days"
_MOST_LINES = 20
_Item = TypeVar("_Item")


def digest(figures: Digest, windows: Sequence[int] = WINDOWS) -> Message:
    """Return the digest: breaches, tickets at risk, first responses in time over `windows` (in
    days), quotas, changes of agreements, and recurring duties.

    Sections about tickets say so when they are empty, because silence proves nothing.
    """
    parts = [
        _tickets("New breaches", figures.new_breaches, figures.zone),
        _tickets("Still late", figures.still_late, figures.zone),
        _tickets("At risk today", figures.at_risk, figures.zone),
        *([_tickets("Held overnight", figures.held, figures.zone)] if figures.held else []),
        *_causes("Causes of last week's breaches", figures.causes),
        *(_attainment(figures.attainment, days) for days in windows[:10]),
        _quota(figures.quota),
        _coming(figures.coming),
        _listing("Duties", figures.duties, duty_line, "No duty is overdue or due in seven days."),
    ]
    title = f"Support on {_date(figures.day)}"
    return Message(_summary(title, figures), [header(title), *(section(part) for part in parts)])


def review_message(review: Review) -> Message:
    """Return the review of a range of days: breaches, their causes, and first responses in time."""
    when = _days(review.first, review.last)
    breaches = (
        f"{len(review.breaches) or 'no'} {'breach' if len(review.breaches) == 1 else 'breaches'}"
    )
    kept = _listing("First responses kept", review.attainment, _kept, "No first response fell due.")
    nothing = "No promise was broken."
    listed = _listing("Breaches", review.breaches, lambda line: _ticket(line, review.zone), nothing)
    title, parts = f"Support, {when}", [listed, *_causes("Causes", review.causes), kept]
    return Message(f"{title}: {breaches}.", [header(title), *map(section, parts)])


def _causes(title: str, causes: Sequence[tuple[str, int]]) -> list[str]:
    """Return a section that counts the causes of breaches; an empty list if there were no
    breaches."""
    return [_listing(title, causes, _cause, "")] if causes else []


def _cause(counted: tuple[str, int]) -> str:
    cause, count = counted
    words = cause_words(cause) if cause else "nobody has said why yet (*/desk cause KEY*)"
    return f"• {count} × {words}"


def _days(first: date, last: date) -> str:
    return _date(first) if first == last else f"{first.day} {first:%B} to {last.day} {last:%B %Y}"


_NOTHING = {
    "New breaches": "No breaches since the last digest.",
    "Still late": "No late ticket is waiting for an answer.",
    "Held overnight": "",
    "At risk today": "Nothing more falls due today.",
}


def _summary(title: str, figures: Digest) -> str:
    new, late, risk = (
        len(lines) for lines in (figures.new_breaches, figures.still_late, figures.at_risk)
    )
    breaches = "1 new breach" if new == 1 else f"{new or 'no'} new breaches"
    return f"{title}: {breaches}, {late or 'none'} still late, {risk or 'none'} at risk today."


def _date(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def _tickets(title: str, lines: Sequence[DigestLine], zone: str) -> str:
    return _listing(title, lines, lambda line: _ticket(line, zone), _NOTHING[title])


def _ticket(line: DigestLine, zone: str) -> str:
    client = inline(line.client, 60, otherwise="a client")
    severity = inline(line.severity or "", 30, otherwise="untriaged")
    who = mention(line.has_it) if line.has_it else "nobody has it"
    key = inline(line.key, 60, otherwise="A ticket")
    metric = "" if line.metric is Metric.FIRST_RESPONSE else f"{line.metric.words} "
    late_note = ", found late" if line.found_late else ""
    link = ""
    if line.channel_id and line.ts:
        link = f" · {see_it(line.channel_id, line.ts)}"
    due = moment(line.due_at, zone)
    return f"• *{key}* {client}, {severity}: {metric}due {due}, {who}{late_note}{link}"


def _attainment(lines: Sequence[Attainment], days: int) -> str:
    window = [line for line in lines if line.days == days and line.total > 0]
    title = f"First responses kept, last {days} days"
    nothing = f"No first response fell due in the last {days} days."
    return _listing(title, window, _kept, nothing)


def _kept(line: Attainment) -> str:
    """Return a plan's first responses in time. The percentage is rounded down, so 100 % means that
    none was late."""
    plan = inline(line.plan, 60, otherwise="a plan")
    client = inline(line.client, 60, otherwise="a client")
    percent = line.kept * 100 // line.total
    return f"{plan} · {client}: {line.kept} of {line.total} kept ({percent} %)"


def _quota(lines: Sequence[QuotaLine]) -> str:
    return _listing("Quota", lines, _used, "No client is at 80 % of its quota.")


def _used(line: QuotaLine) -> str:
    client = inline(line.client, 60, otherwise="a client")
    percent = f" ({line.used * 100 // line.included} %)" if line.included else ""
    overage = f", {line.overage} to pay so far" if line.overage else ""
    return f"{client}: {line.used} of {line.included} tickets used{percent}{overage}"


def _coming(lines: Sequence[ComingLine]) -> str:
    nothing = "No agreement changes or ends in the next seven days."
    return _listing("Agreements, next seven days", lines, _comes, nothing)


def _comes(line: ComingLine) -> str:
    client, plan = (
        inline(line.client, 60, otherwise="a client"),
        inline(line.plan, 60, otherwise=""),
    )
    ending = "the term ends, then " if line.ends else ""
    return f"{line.day.day} {line.day:%B}: {client}, {ending}{plan or 'no plan'}"


def _listing(
    title: str, items: Sequence[_Item], line_of: Callable[[_Item], str], nothing: str
) -> str:
    """Return a titled list within the limits of a section; lines that do not fit are counted in the
    last line."""
    text, shown = f"*{title}*", 0
    room = SECTION_TEXT - len("\nand 1000000000 more")
    for line in map(line_of, items[:_MOST_LINES]):
        if width(text) + 1 + width(line) > room:
            break
        text, shown = f"{text}\n{line}", shown + 1
    if not items:
        return f"{text}\n{nothing}"
    more = len(items) - shown
    return f"{text}\nand {more} more" if more else text
