"""Recurring duties as staff read them."""

from collections.abc import Sequence
from datetime import date

from bot.domain.agreements.recurring_task import OpenTask
from bot.views.blocks import MESSAGE_TEXT
from bot.views.text import inline, mention, width

USAGE = "[CLIENT [DUTY DATE [no]]]"
MEANING = "recurring work that plans promise, and what is done of it"


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


def due_duties(lines: Sequence[OpenTask]) -> str:
    """Return the duties of all clients that are overdue or due soon."""
    nothing = "No duty is overdue or due soon."
    return duties_text("Duties, overdue or due soon", lines, nothing=nothing)


def client_duties(key: str, lines: Sequence[OpenTask]) -> str:
    """Return the open duties of the client with this key."""
    return duties_text(f"Duties of {key}", lines, nothing=f"{key} has no duty open.")


def duty_marked(duty: str, key: str, last: date, *, done: bool) -> str:
    """Return the answer that a client's duty with this last day is done, or is not."""
    return f"{duty} of {key} by {last} is {'done' if done else 'not done'}."
