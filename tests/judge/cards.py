"""Check a ticket's cards, for its client and for triage: each exists once and is up to date."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tests.judge.sla_targets import Clock, plan_model_of
from tests.judge.slack_messages import Card, ShownInSlack
from tests.judge.tickets import ExpectedTicket, Reading


def card_differences(
    reading: Reading, shown: ShownInSlack, ticket: ExpectedTicket, first: Clock, key: str
) -> Iterator[str]:
    """Yield the differences of the client's card and the triage card from the expected ticket."""
    client = [card for card in shown.client_cards if card.key == key]
    triage = [card for card in shown.triage_cards if card.key == key]
    wanted = 1 if ticket.root[0] else 0
    if len(client) != wanted or len(triage) != 1:
        yield f"{key} has {len(client)} cards for its client and {len(triage)} in triage."
    for card in client:
        if (card.channel, card.thread_ts) != ticket.thread:
            yield f"{key} has its card at {card.channel}, {card.thread_ts}, not {ticket.thread}."
        yield from _client_card(ticket, first, card)
    for card in triage:
        yield from _triage_card(ticket, first, card)
    words = _quota_words(reading, ticket)
    for card in [*client, *triage]:
        if card.line(r"(Quota: )?Ticket \d+.*$").removeprefix("Quota: ") != words:
            yield f"{key}: a card does not say “{words}”: {card.words}."


def _client_card(ticket: ExpectedTicket, first: Clock, card: Card) -> Iterator[str]:
    plan_model = plan_model_of(ticket.terms.catalog, ticket.terms.plan)
    due = first.due if ticket.is_open and ticket.answered_at is None else None
    label = plan_model.labels.get(ticket.severity or "")
    facts: dict[str, tuple[Any, Any]] = {
        "heading": (card.words.startswith("We have"), ticket.is_open),
        "due": (minute_of(plan_model, card.instant("First response by")), due),
        "answer": (
            minute_of(plan_model, card.instant("First response given")),
            minute_of(plan_model, ticket.answered_at),
        ),
        "severity": (f"Severity: *{label}*" in card.words, label is not None),
    }
    yield from _differing_facts(f"{card.key}, the client's card", facts)


def _triage_card(ticket: ExpectedTicket, first: Clock, card: Card) -> Iterator[str]:
    plan_model = plan_model_of(ticket.terms.catalog, ticket.terms.plan)
    label = plan_model.labels.get(ticket.severity or "")
    who = f"Who has it: <@{ticket.assignee}>" if ticket.assignee else "Who has it: nobody yet"
    facts: dict[str, tuple[Any, Any]] = {
        "due": (minute_of(plan_model, card.instant("First response due:")), first.due),
        "severity": (f"Severity: *{label}*" in card.words, label is not None),
        "assignee": (who in card.words, True),
    }
    yield from _differing_facts(f"{card.key}, the triage card", facts)


def _differing_facts(card_name: str, facts: dict[str, tuple[Any, Any]]) -> Iterator[str]:
    for name, (shown, wanted) in facts.items():
        if shown != wanted:
            yield f"{card_name}: {name} is shown as {shown}, not {wanted}."


def _quota_words(reading: Reading, ticket: ExpectedTicket) -> str:
    """Return the ticket's expected place in its quota: the first tickets of a month are included,
    the others have their price.
    """
    plan_model = plan_model_of(ticket.terms.catalog, ticket.terms.plan)
    counted = [
        other
        for other in reading.tickets.values()
        if other.terms.key == ticket.terms.key
        and plan_model.month(other.opened_at) == plan_model.month(ticket.opened_at)
        and other.counts
    ]
    if not ticket.counts:
        return ""
    position = 1 + sum(other.opened_at < ticket.opened_at for other in counted)
    if plan_model.included is None:
        return ""
    if position <= plan_model.included:
        return f"Ticket {position} of {plan_model.included} this month"
    included, overage = plan_model.included, plan_model.overage
    return f"Ticket {position}: beyond the {included} included this month, {overage}"


def minute_of(plan_model: Any, instant: datetime | None) -> int | None:
    return None if instant is None else int(plan_model.minute(instant))
