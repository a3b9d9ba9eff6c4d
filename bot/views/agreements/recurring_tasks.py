"""Recurring duties as staff read them."""

from collections.abc import Sequence

from bot.domain.agreements.recurring_task import OpenTask
from bot.views.blocks import MESSAGE_TEXT
from bot.views.text import inline, mention, width


def duty_line(line: OpenTask) -> str:
    """Return a line of mrkdwn with the client, the duty, its last day, and who is responsible."""
    client = inline(line.client, 60, otherwise="a client")
    label = inline(line.label, 80, otherwise="a duty")
    when = f"{line.last.day} {line.last:%B %Y}"
    due = f"*overdue* since {when}" if line.overdue else f"by {when}"
    who = mention(line.has_it) if line.has_it else "nobody is named"
    return f"• {client}: {label}, {due}, {who}"


def duties_text(title: str, lines: Sequence[OpenTask], *, nothing: str) -> str:
    """Return the list within the limit of a message, each line with the command that marks it as
    done; `nothing` if the list is empty."""
    if not lines:
        return nothing
    text, shown = f"*{title}*", 0
    for line in lines:
        about = inline(f"{line.client_key} {line.id} {line.last}", 200, otherwise="")
        entry = f"\n{duty_line(line)}\n    when it is done: */desk duties {about}*"
        if width(text) + width(entry) > MESSAGE_TEXT - 30:
            break
        text, shown = text + entry, shown + 1
    more = len(lines) - shown
    return f"{text}\nand {more} more" if more else text
