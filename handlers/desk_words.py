"""The words of `/desk`: what each of them does, and how it is used."""

import html
import re
from difflib import get_close_matches

from bot.domain.client import StaffMember
from bot.errors import Refusal
from bot.usecases.categorising import categorise, own_fault
from bot.usecases.desk import Desk
from bot.usecases.merging import merge
from bot.usecases.noting import note
from bot.usecases.owning import assign, take
from bot.usecases.resolving import reopen, resolve
from bot.usecases.triage import decide_severity
from bot.usecases.waiting import wait_no_longer, wait_on_client
from handlers import desk_lookups as lookups
from handlers.asked import Answer, Asked, Word

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_NAMED = re.compile(r"<([@#])\w+\|([^>]*)>")  # a person or a channel
_LINK = re.compile(r"<((?:https?|mailto):[^|>]+)(?:\|[^>]*)?>")


async def _take(desk: Desk, asked: Asked) -> Answer:
    return f"You have {(await take(desk, asked.key, asked.actor)).key}."


async def _assign(desk: Desk, asked: Asked) -> Answer:
    to = await _person(desk, asked)
    ticket = await assign(desk, asked.key, asked.actor, to)
    return f"<@{to}> has {ticket.key}."


async def _person(desk: Desk, asked: Asked) -> str:
    """A mention, *me*, or the name of somebody on staff."""
    words = asked.rest.strip()
    if found := _MENTION.fullmatch(words):
        return found[1]
    if words.lower() == "me":
        return asked.actor
    name = words.removeprefix("@").casefold()
    named = [one for one in await desk.work.staff.all() if _is_called(one, name)]
    if len(named) == 1:
        return named[0].user_id
    who = "Several people are called so" if named else "Say who is to have it"
    raise Refusal(f"{who}: mention them, as in */desk assign {asked.key} @dana*.")


def _is_called(member: StaffMember, name: str) -> bool:
    return name != "" and member.name.casefold() == name


async def _wait(desk: Desk, asked: Asked) -> Answer:
    return f"{(await wait_on_client(desk, asked.key, asked.actor)).key} waits on the client."


async def _go_on(desk: Desk, asked: Asked) -> Answer:
    return f"{(await wait_no_longer(desk, asked.key, asked.actor)).key} waits no longer."


async def _severity(desk: Desk, asked: Asked) -> Answer:
    severity, *since = asked.rest.lower().split() or [""]
    if not severity:
        raise Refusal(f"Say how severe, as in */desk severity {asked.key} high*, or *high now*.")
    from_now = since == ["now"]
    ticket = await decide_severity(desk, asked.key, asked.actor, severity, from_now=from_now)
    return f"{ticket.key} is {ticket.severity} {'from now on' if from_now else 'from the start'}."


async def _category(desk: Desk, asked: Asked) -> Answer:
    category = asked.rest.lower().strip()
    if not category:
        raise Refusal(f"Say which kind of work, as in */desk category {asked.key} bug*.")
    ticket = await categorise(desk, asked.key, asked.actor, category)
    covered = "" if ticket.counted else ", which does not count against the plan"
    return f"{ticket.key} is of the kind {ticket.category}{covered}."


async def _fault(desk: Desk, asked: Asked) -> Answer:
    why = _as_typed(asked.rest)
    if not why:
        raise Refusal(
            f"Say why it was our own fault, as in */desk fault {asked.key} our update broke it*;"
            " *no* takes it back."
        )
    why = "" if why.lower() == "no" else why
    ticket = await own_fault(desk, asked.key, asked.actor, why)
    counts = "counts against the plan" if ticket.counted else "does not count against the plan"
    return f"{ticket.key} {counts}."


async def _merge(desk: Desk, asked: Asked) -> Answer:
    into = asked.rest.upper().split()[-1:]  # "ACME-2 ACME-1", or "ACME-2 into ACME-1"
    if not into:
        raise Refusal(f"Say which ticket it goes into, as in */desk merge {asked.key} ACME-1*.")
    ticket = await merge(desk, asked.key, asked.actor, into[0])
    return f"{ticket.key} goes on as part of {ticket.merged_into}."


async def _resolve(desk: Desk, asked: Asked) -> Answer:
    ticket = await resolve(desk, asked.key, asked.actor, _as_typed(asked.rest))
    told = ", and the client is told what was done" if ticket.channel_id else ""
    return f"{ticket.key} is resolved{told}."


async def _reopen(desk: Desk, asked: Asked) -> Answer:
    return f"{(await reopen(desk, asked.key, asked.actor)).key} is open again."


async def _note(desk: Desk, asked: Asked) -> Answer:
    ticket = await note(desk, asked.key, asked.actor, _as_typed(asked.rest))
    return f"Your note is in the thread of {ticket.key} in triage."


async def _help(_: Desk, __: Asked) -> Answer:
    return HELP


OPEN = "open"  # it opens a dialog, and so has a way of its own
WORDS: dict[str, Word] = {
    "queue": Word(lookups.queue, "", "what you must act on; */desk* alone says the same"),
    "list": Word(
        lookups.list_tickets,
        "[CLIENT | --at-risk | --breached]",
        "open tickets, the soonest due first",
    ),
    "show": Word(lookups.show, "KEY", "a ticket, for your eyes only"),
    "why": Word(lookups.why, "KEY", "why it is due when it is"),
    OPEN: Word(_help, "", "enter a report that came by e-mail, phone or portal, with its time"),
    "take": Word(_take, "KEY", "put it on yourself", changes=True),
    "assign": Word(_assign, "KEY @person", "put it on anyone on staff", changes=True),
    "severity": Word(
        _severity,
        "KEY SEVERITY [now]",
        "it was so severe from the start, or is from now on",
        changes=True,
    ),
    "wait": Word(_wait, "KEY", "wait on the client", changes=True),
    "go-on": Word(_go_on, "KEY", "wait no longer", changes=True),
    "note": Word(_note, "KEY words", "note something that only staff read", changes=True),
    "category": Word(_category, "KEY KIND", "say what kind of work it is", changes=True),
    "fault": Word(_fault, "KEY why | no", "it was our own fault, and does not count", changes=True),
    "merge": Word(_merge, "KEY INTO", "let it go on as part of another ticket", changes=True),
    "resolve": Word(_resolve, "KEY words", "say to the client what was done", changes=True),
    "reopen": Word(_reopen, "KEY", "take it up again", changes=True),
    "quota": Word(lookups.quota, "[CLIENT]", "tickets used this period, and what is to pay"),
    "client": Word(lookups.clients, "[CLIENT]", "the clients and their plans"),
    "digest": Word(lookups.digest_of_now, "", "what the morning's digest would say now"),
    "help": Word(_help, "", "this"),
}
HELP = "\n".join(
    f"*{' '.join(filter(None, ('/desk', name, word.usage)))}*: {word.meaning}."
    for name, word in WORDS.items()
)


def word_of(text: str) -> str:
    """The first word, in lower case; nothing typed is the queue."""
    return text.strip().partition(" ")[0].lower() or "queue"


def asked_with(text: str, actor: str) -> tuple[Word, Asked]:
    """The word, and what was typed after it; Slack sends `&`, `<` and `>` as entities and people
    as mentions. Raises Refusal with what could be meant."""
    name, rest = word_of(text), text.strip().partition(" ")[2].strip()
    if name not in WORDS:
        near = get_close_matches(name, WORDS, n=1)
        meant = f" Did you mean *{near[0]}*?" if near else ""
        raise Refusal(f"There is no */desk {name[:40]}*.{meant} */desk help* lists every word.")
    word = WORDS[name]
    if not word.is_about_a_ticket:
        return word, Asked(actor, "", rest)
    key, _, rest = rest.partition(" ")
    if not key:
        raise Refusal(f"Name the ticket, as in */desk {name} ACME-1*.")
    return word, Asked(actor, key.upper(), rest.strip())


def _as_typed(words: str) -> str:
    """As they were before Slack put people, channels and links in brackets."""
    return html.unescape(_LINK.sub(r"\1", _NAMED.sub(r"\1\2", words)))


async def near_keys(desk: Desk, key: str) -> str:
    """Which open ticket could be meant by a key that there is not; for staff."""
    near = get_close_matches(key, await desk.work.tickets.open_keys(), n=3)
    return f" Did you mean {' or '.join(near)}?" if near else ""
