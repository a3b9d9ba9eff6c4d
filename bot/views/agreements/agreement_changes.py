"""Sentences about changes of an agreement: previews for managers, and announcements."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.domain.agreements.agreement import Agreement, ChangeKind
from bot.domain.agreements.plan import Plan
from bot.domain.agreements.proposal import Downgrade, Proposal, last_day_of
from bot.views.agreements.statements import day_words
from bot.views.blocks import section
from bot.views.message import Message
from bot.views.text import inline, mention

_KEYS_NAMED = 10


def proposal_lines(proposal: Proposal) -> list[str]:
    """Return the effects of a proposed change, a sentence of mrkdwn a line.

    The lines name the plan and its first day, the price, the quota, open tickets, the end of the
    term, people, the billing cycle, own terms, recipients of statements, and planned changes that
    are taken back.
    """
    lines = [
        _plan_sentence(proposal),
        _price(proposal),
        _quota(proposal),
        *_open_tickets(proposal),
        *_end(proposal),
    ]
    lines += _people(proposal.version, proposal.before) + _cycle(proposal)
    lines.append(_own_terms_sentence(proposal))
    if proposal.version.statement_to_client != proposal.before.statement_to_client:
        lines.append(_statements_go(proposal.version))
    lines += [
        f"Taken back: {_planned_words(agreement)}."
        for agreement in proposal.withdrawn
        if not _is_kept(agreement, proposal)
    ]
    return [line for line in lines if line]


def taken_back_lines(downgrade: Downgrade) -> list[str]:
    """Return the effects of withdrawing a planned downgrade, a sentence of mrkdwn a line."""
    name = inline(downgrade.client.name, 80, otherwise=downgrade.client.key)
    since = _first_day(downgrade.version)
    return [
        f"*{name}* stays on {_plan(downgrade.plan_now)}: the change to"
        f" {_plan(downgrade.plan_then)} on {since} is taken back.",
        "Price and quota stay as they are, and so does every open ticket.",
        "The client is told.",
    ]


def planned_lines(versions: Sequence[Agreement]) -> list[str]:
    """Return a line for each version of an agreement that is not in force yet."""
    return [f"• {_planned_words(version)}" for version in versions]


def agreed_message(
    agreed: Agreement,
    before: Agreement,
    *,
    plan: str | None,
    before_plan: str | None,
    then: str | None,
    client: str | None,
    in_force: bool,
) -> Message:
    """Return the announcement of a changed agreement.

    `client` is None for the message in the client's channel, and the client's name for the message
    to managers. `plan` and `before_plan` are names of plans, None for no plan. `then` is the name
    of the plan that follows a fixed term, if any. `in_force` is True when a change that was
    announced earlier takes effect.
    """
    lines = _change_sentences(agreed, before, _plan(plan), _plan(before_plan), in_force=in_force)
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
    """Return the answer to a client who writes after the agreement has ended without a
    successor."""
    words = (
        "Your support agreement has ended, so this has opened no ticket. Please ask your contact"
        " with us for a new one: we are glad to go on."
    )
    return Message(words, [section(words)])


def ends_soon(
    agreed: Agreement, *, client: str, plan: str | None, days: int, then: str | None
) -> Message:
    """Return the notice to managers that a fixed term ends in `days` days; `then` is the plan that
    follows it, if any."""
    who = inline(client, 80, otherwise="A client")
    text = (
        f"The agreement of *{who}* ({_plan(plan)}) ends in {days} days: its last day is"
        f" {_last_day(agreed)}, then {_plan(then)} is in force. */desk plan CLIENT change* gives it"
        " a new term."
    )
    return Message(text, [section(text)])


def _change_sentences(
    agreed: Agreement, before: Agreement, plan: str, before_plan: str, *, in_force: bool
) -> list[str]:
    if before.withdrawn_at is not None and before.effective_from > agreed.effective_from:
        return [f"The plan stays {plan}: the change to {before_plan} is taken back."]
    if in_force:
        if not agreed.has_plan:
            return [f"The agreement ({before_plan}) has ended, and no plan follows."]
        return [f"As announced, the plan is {plan} from now on; it was {before_plan}.", _OPEN]
    match agreed.kind:
        case ChangeKind.DOWNGRADE:
            since = _first_day(agreed)
            return [
                f"From {since} on the plan is {plan}; until then it stays {before_plan}, and the"
                " change can be taken back.",
                _OPEN,
            ]
        case ChangeKind.TERMS:
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


def _plan_sentence(proposal: Proposal) -> str:
    name = inline(proposal.client.name, 80, otherwise=proposal.client.key)
    plan = _plan(proposal.plan.name)
    if proposal.version.kind == ChangeKind.TERMS:
        return f"*{name}* stays on {plan}; the change is in force from now on."
    was = f" instead of {_plan(proposal.before_plan.name)}" if proposal.before_plan else ""
    if proposal.is_at_once:
        return f"*{name}* is on {plan}{was} from now on."
    since = _first_day(proposal.version)
    return (
        f"*{name}* is on {plan}{was} from {since} on: the first billing cycle that begins at least"
        " 30 days after notice. Until then it can be taken back."
    )


def _own_terms_sentence(proposal: Proposal) -> str:
    if proposal.version.terms == proposal.before.terms:
        return "It keeps its own terms." if proposal.version.terms else ""
    return "It has terms of its own." if proposal.version.terms else "Its own terms end."


def _price(proposal: Proposal) -> str:
    before, after = _monthly(proposal.before_plan), _monthly(proposal.plan)
    return f"A month: {before} → {after}." if before != after else ""


def _monthly(plan: Plan | None) -> str:
    if plan is None:
        return "nothing"
    return inline(
        str(plan.price) if plan.price else plan.price_words or "", 80, otherwise="as agreed"
    )


def _quota(proposal: Proposal) -> str:
    before, after = _included(proposal.before_plan), _included(proposal.plan)
    used = (
        f" {proposal.used} are used in the running period."
        if proposal.is_at_once and proposal.used
        else ""
    )
    if before == after:
        return ""
    return f"Tickets a month: {before} → {after}.{used}"


def _included(plan: Plan | None) -> str:
    if plan is None:
        return "none"
    if plan.quota.included is None:
        return "unlimited"
    overage = f", then {plan.quota.overage} each" if plan.quota.overage else ""
    return f"{plan.quota.included}{overage}"


def _open_tickets(proposal: Proposal) -> list[str]:
    if not proposal.open_keys:
        return ["No ticket is open."]
    named = ", ".join(proposal.open_keys[:_KEYS_NAMED])
    more = len(proposal.open_keys) - _KEYS_NAMED
    others = f" and {more} more" if more > 0 else ""
    return [f"{_OPEN} ({named}{others})"]


def _end(proposal: Proposal) -> list[str]:
    if proposal.version.ends_at is None:
        return []
    after = (
        f"{_plan(proposal.then_plan.name)} is in force"
        if proposal.then_plan
        else "no plan is in force"
    )
    if proposal.then is None:
        return [f"It runs until {_last_day(proposal.version)}, as before."]
    return [f"It runs until {_last_day(proposal.version)}; then {after}."]


def _people(agreed: Agreement, before: Agreement) -> list[str]:
    people = (
        ("named engineer", agreed.engineer, before.engineer),
        ("backup", agreed.backup, before.backup),
    )
    return [_person(role, now) for role, now, was in people if now != was]


def _person(role: str, user_id: str | None) -> str:
    return f"The {role} is {mention(user_id) if user_id else 'nobody'}."


def _cycle(proposal: Proposal) -> list[str]:
    now, was = proposal.version, proposal.before
    if (now.anchor_day, now.zone) == (was.anchor_day, was.zone):
        return []
    return [
        f"Its billing months begin on day {now.anchor_day} ({now.zone}): the running period ends"
        " when this is in force, and its statement is written then."
    ]


def _statements_go(agreed: Agreement) -> str:
    to_client = " and to the client's channel" if agreed.statement_to_client else " alone"
    return f"Statements go to managers{to_client}."


def _planned_words(agreement: Agreement) -> str:
    since = _first_day(agreement)
    plan = inline(agreement.plan_id or "", 40, otherwise="no plan")
    return f"From {since} on: {plan}"


def _is_kept(agreement: Agreement, proposal: Proposal) -> bool:
    return any(kept.effective_from == agreement.effective_from for kept in proposal.kept)


def _first_day(agreed: Agreement) -> str:
    return day_words(agreed.effective_from.astimezone(ZoneInfo(agreed.zone)).date())


def _last_day(agreed: Agreement) -> str:
    day = last_day_of(agreed)
    return day_words(day) if day else "further notice"


def _plan(name: str | None) -> str:
    return f"*{inline(name or '', 80, otherwise='no plan')}*"
