"""Changes of an agreement: what managers look at before they confirm, and what is told of them."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.domain.client import Agreement, Came
from bot.domain.plan import Plan
from bot.domain.proposal import Downgrade, Proposal, last_day_of
from bot.views.blocks import section
from bot.views.message import Message
from bot.views.money import day_words
from bot.views.text import inline, mention

_KEYS_NAMED = 10


def proposal_lines(of: Proposal) -> list[str]:
    """What would change, from when on, for open tickets, for the quota and the price; one sentence
    a line, as mrkdwn."""
    lines = [_what(of), _price(of), _quota(of), *_open_tickets(of), *_end(of)]
    lines += _people(of.version, of.before) + _cycle(of)
    lines.append(_own_terms(of))
    if of.version.statement_to_client != of.before.statement_to_client:
        lines.append(_statements_go(of.version))
    lines += [f"Taken back: {_planned(one)}." for one in of.withdrawn if not _is_kept(one, of)]
    return [line for line in lines if line]


def taken_back_lines(of: Downgrade) -> list[str]:
    """What it would mean to take back a downgrade that is planned."""
    name = inline(of.client.name, 80, otherwise=of.client.key)
    since = day_words(of.version.effective_from.astimezone(ZoneInfo(of.version.zone)).date())
    return [
        f"*{name}* stays on {_plan(of.plan_now)}: the change to {_plan(of.plan_then)} on {since} is"
        " taken back.",
        "Price and quota stay as they are, and so does every open ticket.",
        "The client is told.",
    ]


def planned_lines(versions: Sequence[Agreement]) -> list[str]:
    """What is still to come of an agreement."""
    return [f"• {_planned(one)}" for one in versions]


def agreed_message(
    agreed: Agreement,
    before: Agreement,
    *,
    plan: str,
    before_plan: str,
    then: str,
    client: str,
    in_force: bool,
) -> Message:
    """Told to the client, and with the client's name to managers; plans by their names, "" for
    none. `then` follows at the end of a term. `in_force`: what was announced has come."""
    lines = _told(agreed, before, _plan(plan), _plan(before_plan), in_force=in_force)
    if client and agreed.backup != before.backup and not in_force:
        lines.append(_person("backup", agreed.backup))
    if agreed.ends_at is not None and not in_force and before.withdrawn_at is None:
        after = _plan(then) if then else "there is no plan"
        lines.append(f"It runs until {_last_day(agreed)}; then {after}.")
    text = " ".join(lines)
    if client:
        text = f"*{inline(client, 80, otherwise='A client')}*: {text}"
    return Message(text, [section(text)])


def agreement_ended() -> Message:
    """Said to a client who writes when no plan is in force any more."""
    words = (
        "Your support agreement has ended, so this has opened no ticket. Please ask your contact"
        " with us for a new one: we are glad to go on."
    )
    return Message(words, [section(words)])


def ends_soon(agreed: Agreement, *, client: str, plan: str, days: int, then: str) -> Message:
    """Said to managers so many `days` before a fixed term ends; `then` is "" for no plan."""
    who = inline(client, 80, otherwise="A client")
    text = (
        f"The agreement of *{who}* ({_plan(plan)}) ends in {days} days: its last day is"
        f" {_last_day(agreed)}, then {_plan(then)} is in force. */desk plan CLIENT change* gives it"
        " a new term."
    )
    return Message(text, [section(text)])


def _told(
    agreed: Agreement, before: Agreement, plan: str, before_plan: str, *, in_force: bool
) -> list[str]:
    if before.withdrawn_at is not None and before.effective_from > agreed.effective_from:
        return [f"The plan stays {plan}: the change to {before_plan} is taken back."]
    if in_force:
        if not agreed.has_plan:
            return [f"The agreement ({before_plan}) has ended, and no plan follows."]
        return [f"As announced, the plan is {plan} from now on; it was {before_plan}.", _OPEN]
    match agreed.kind:
        case Came.DOWNGRADE:
            since = day_words(agreed.effective_from.astimezone(ZoneInfo(agreed.zone)).date())
            return [
                f"From {since} on the plan is {plan}; until then it stays {before_plan}, and the"
                " change can be taken back.",
                _OPEN,
            ]
        case Came.TERMS:
            return [f"The agreement ({plan}) has changed from now on.", *_terms(agreed, before)]
    was = f"; it was {before_plan}" if before.has_plan else ""
    return [f"From now on the plan is {plan}{was}.", _OPEN]


_OPEN = "Tickets that are open keep the promise and the price they were opened under."


def _terms(agreed: Agreement, before: Agreement) -> list[str]:
    lines = []
    if agreed.engineer != before.engineer:
        lines.append(_person("named engineer", agreed.engineer))
    if agreed.terms != before.terms:
        lines.append("What it says otherwise than the plan is new; open tickets keep what was.")
    if agreed.anchor_day != before.anchor_day:
        lines.append(f"Its months begin on day {agreed.anchor_day}.")
    if agreed.statement_to_client != before.statement_to_client:
        lines.append(_statements_go(agreed))
    return lines


def _what(of: Proposal) -> str:
    name, plan = inline(of.client.name, 80, otherwise=of.client.key), _plan(of.plan.name)
    if of.version.kind == Came.TERMS:
        return f"*{name}* stays on {plan}; the change is in force from now on."
    was = f" instead of {_plan(of.before_plan.name)}" if of.before_plan else ""
    if of.is_at_once:
        return f"*{name}* is on {plan}{was} from now on."
    since = day_words(of.version.effective_from.astimezone(ZoneInfo(of.version.zone)).date())
    return (
        f"*{name}* is on {plan}{was} from {since} on: the first billing cycle that begins at least"
        " 30 days after notice. Until then it can be taken back."
    )


def _own_terms(of: Proposal) -> str:
    if of.version.terms == of.before.terms:
        return "It keeps its own terms." if of.version.terms else ""
    return "It has terms of its own." if of.version.terms else "Its own terms end."


def _price(of: Proposal) -> str:
    before, after = _monthly(of.before_plan), _monthly(of.plan)
    return f"A month: {before} → {after}." if before != after else ""


def _monthly(plan: Plan | None) -> str:
    if plan is None:
        return "nothing"
    return inline(str(plan.price) if plan.price else plan.price_words, 80, otherwise="as agreed")


def _quota(of: Proposal) -> str:
    before, after = _included(of.before_plan), _included(of.plan)
    used = f" {of.used} are used in the running period." if of.is_at_once and of.used else ""
    if before == after:
        return ""
    return f"Tickets a month: {before} → {after}.{used}"


def _included(plan: Plan | None) -> str:
    if plan is None:
        return "none"
    if plan.quota.included is None:
        return "unlimited"
    each = f", then {plan.quota.overage} each" if plan.quota.overage else ""
    return f"{plan.quota.included}{each}"


def _open_tickets(of: Proposal) -> list[str]:
    if not of.open_keys:
        return ["No ticket is open."]
    named = ", ".join(of.open_keys[:_KEYS_NAMED])
    more = len(of.open_keys) - _KEYS_NAMED
    others = f" and {more} more" if more > 0 else ""
    return [f"{_OPEN} ({named}{others})"]


def _end(of: Proposal) -> list[str]:
    if of.version.ends_at is None:
        return []
    after = f"{_plan(of.then_plan.name)} is in force" if of.then_plan else "no plan is in force"
    if of.then is None:
        return [f"It runs until {_last_day(of.version)}, as before."]
    return [f"It runs until {_last_day(of.version)}; then {after}."]


def _people(agreed: Agreement, before: Agreement) -> list[str]:
    people = (
        ("named engineer", agreed.engineer, before.engineer),
        ("backup", agreed.backup, before.backup),
    )
    return [_person(what, now) for what, now, was in people if now != was]


def _person(what: str, user_id: str | None) -> str:
    return f"The {what} is {mention(user_id) if user_id else 'nobody'}."


def _cycle(of: Proposal) -> list[str]:
    now, was = of.version, of.before
    if (now.anchor_day, now.zone) == (was.anchor_day, was.zone):
        return []
    return [
        f"Its billing months begin on day {now.anchor_day} ({now.zone}): the running period ends"
        " when this is in force, and its statement is written then."
    ]


def _statements_go(agreed: Agreement) -> str:
    to_client = " and to the client's channel" if agreed.statement_to_client else " alone"
    return f"Statements go to managers{to_client}."


def _planned(one: Agreement) -> str:
    since = day_words(one.effective_from.astimezone(ZoneInfo(one.zone)).date())
    plan = inline(one.plan_id, 40, otherwise="no plan")
    return f"From {since} on: {plan}"


def _is_kept(one: Agreement, of: Proposal) -> bool:
    return any(kept.effective_from == one.effective_from for kept in of.kept)


def _last_day(agreed: Agreement) -> str:
    day = last_day_of(agreed)
    return day_words(day) if day else "further notice"


def _plan(name: str) -> str:
    return f"*{inline(name, 80, otherwise='no plan')}*"
