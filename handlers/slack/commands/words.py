"""The table of subcommands of `/desk`: their functions and usage."""

from difflib import get_close_matches

from bot.domain.ids import UserId
from bot.domain.intake.refusals import NoSuchCommand, TicketNotNamed
from bot.usecases.desk import Desk
from handlers.slack.commands import lookup_words as lookups
from handlers.slack.commands import office_words as office
from handlers.slack.commands import ticket_words as deeds
from handlers.slack.commands.asked import Answer, Asked, Word


async def _help(_: Desk, __: Asked) -> Answer:
    return HELP


WORDS: dict[str, Word] = {
    "queue": Word(lookups.queue, "", "what you must act on; */desk* alone says the same"),
    "list": Word(
        lookups.list_tickets,
        "[CLIENT | --at-risk | --breached]",
        "open tickets, the soonest due first",
    ),
    "show": Word(lookups.show, "KEY", "a ticket, for your eyes only"),
    "why": Word(lookups.why, "KEY", "why it is due when it is"),
    "open": Word(
        lookups.open_report,
        "",
        "enter a report that came by e-mail, phone or portal, with its time",
    ),
    "take": Word(deeds.take, "KEY", "put it on yourself", changes=True),
    "assign": Word(deeds.assign, "KEY @person", "put it on anyone on staff", changes=True),
    "severity": Word(
        deeds.severity,
        "KEY SEVERITY [now]",
        "it was so severe from the start, or is from now on",
        changes=True,
    ),
    "wait": Word(deeds.wait, "KEY", "wait on the client", changes=True),
    "go-on": Word(deeds.go_on, "KEY", "wait no longer", changes=True),
    "note": Word(deeds.note, "KEY words", "note something that only staff read", changes=True),
    "category": Word(deeds.category, "KEY KIND", "say what kind of work it is", changes=True),
    "fault": Word(
        deeds.fault, "KEY why | no", "it was our own fault, and does not count", changes=True
    ),
    "cause": Word(
        deeds.cause,
        "KEY [CAUSE [words]]",
        "why it was late: its story, and the cause",
        changes=True,
    ),
    "waive": Word(deeds.waive, "KEY why | no", "charge nothing for it (managers)", changes=True),
    "snooze": Word(
        deeds.snooze,
        "KEY 2h | tomorrow | 2026-03-13 14:00 | no",
        "keep it out of the queue until then; its clock runs on",
        changes=True,
    ),
    "merge": Word(deeds.merge, "KEY INTO", "let it go on as part of another ticket", changes=True),
    "reply": Word(lookups.reply, "KEY [words]", "answer the client in your name"),
    "dismiss": Word(deeds.dismiss, "KEY", "it was no ticket, and counts for nothing", changes=True),
    "resolve": Word(deeds.resolve, "KEY words", "say to the client what was done", changes=True),
    "reopen": Word(deeds.reopen, "KEY", "take it up again", changes=True),
    "away": Word(
        office.away,
        "[@person] [until] [3d | 2026-03-13 | no] [cover @person]",
        "say until when you are away and who covers (managers: for whom), or see who is",
        changes=True,
    ),
    "hours": Word(
        office.hours,
        "[@person] [Mon-Fri 09:00-18:00 [ZONE] | no]",
        "when you read what is not pressing (managers: who)",
        changes=True,
    ),
    "quota": Word(lookups.quota, "[CLIENT]", "tickets used this period, and what is to pay"),
    "client": Word(
        lookups.clients,
        "[CLIENT [intake every|mention|asked | join MINUTES | change]]",
        "the clients and their plans, or which posts of one open tickets (managers)",
        changes=True,
    ),
    "plan": Word(
        lookups.plan,
        "[CLIENT | NAME | CLIENT change | CLIENT withdraw]",
        "what a plan promises, and for how many tickets; managers change it",
    ),
    "duties": Word(
        office.duties,
        "[CLIENT [DUTY DATE [no]]]",
        "recurring work that plans promise, and what is done of it",
        changes=True,
    ),
    "digest": Word(
        lookups.digest_of_now,
        "[yesterday | week | month]",
        "what the morning's digest would say now, or what became of those days",
    ),
    "subscribe": Word(
        office.subscribe,
        "[CLIENT | PLAN | no]",
        "let this channel read the morning's digest of one client or plan (managers)",
        changes=True,
        needs_place=True,
    ),
    "csv": Word(
        office.csv, "[yesterday | week | month]", "the same as a file, sent to you", changes=True
    ),
    "help": Word(_help, "", "this"),
}
HELP = "\n".join(
    f"*{' '.join(filter(None, ('/desk', name, word.usage)))}*: {word.meaning}."
    for name, word in WORDS.items()
)


def word_of(text: str) -> str:
    """Return the first word, in lower case; empty input means the queue."""
    return text.strip().partition(" ")[0].lower() or "queue"


def asked_with(text: str, actor: UserId) -> tuple[Word, Asked]:
    """Return the subcommand and the input after it.

    Slack sends `&`, `<` and `>` as entities and people as mentions. Raises Refusal with a
    suggestion for an unknown subcommand.
    """
    name, rest = word_of(text), text.strip().partition(" ")[2].strip()
    if name not in WORDS:
        near = get_close_matches(name, WORDS, n=1)
        raise NoSuchCommand(name, near[0] if near else "")
    word = WORDS[name]
    if not word.is_about_a_ticket:
        return word, Asked(actor, "", rest)
    key, _, rest = rest.partition(" ")
    if not key:
        raise TicketNotNamed(name)
    return word, Asked(actor, key.upper(), rest.strip())


async def near_keys(desk: Desk, key: str) -> tuple[str, ...]:
    """Return up to three similar keys of open tickets; for staff."""
    return tuple(get_close_matches(key, await desk.work.tickets.open_keys(), n=3))
