"""The comparison of the messages that people saw with the database. Each difference is a
sentence."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

from bot.demo.demo_runner import ZONE
from bot.demo.evidence import Card, Evidence, ShownDigest
from bot.demo.ledger import OutboxRow, TicketRow, instant, outbox_rows, ticket_rows
from bot.slack_ts import MessageTs

SECOND = 1_000_000


def differences(evidence: Evidence, database: Path) -> list[str]:
    """Return all differences, an empty list if there are none. The database must be closed."""
    rows = ticket_rows(database)
    last = evidence.digests[-1] if evidence.digests else None
    return [
        *_unknown_cards(evidence, rows),
        *(sentence for row in rows for sentence in _ticket_faults(evidence, row)),
        *_breaches(evidence, rows),
        *_quotas(evidence, rows),
        *_messages(evidence, outbox_rows(database)),
        *(_digest(last, rows) if last else ["No digest was shown."]),
    ]


def _unknown_cards(evidence: Evidence, rows: list[TicketRow]) -> Iterator[str]:
    """Report cards of tickets that are not in the database."""
    known = {row.key for row in rows}
    for card in [*evidence.client_cards.values(), *evidence.triage_cards.values()]:
        if card.key not in known:
            yield f"A card was shown for {card.key}, which the database does not have."


def _ticket_faults(evidence: Evidence, row: TicketRow) -> Iterator[str]:
    client = [card for card in evidence.client_cards.values() if card.key == row.key]
    triage = [card for card in evidence.triage_cards.values() if card.key == row.key]
    wanted = 1 if row.channel_id else 0
    if len(client) != wanted:
        yield f"{row.key} has {len(client)} cards in its client's channel, not {wanted}."
    if len(triage) != 1:
        yield f"{row.key} has {len(triage)} cards in triage, not 1."
    for card in client:
        if (card.channel, card.thread_ts) != (row.channel_id, row.thread_ts):
            yield f"{row.key} has its card in another thread than the database says."
    for card in [*client, *triage]:
        yield from _due_fault(card, row)
    for card in client or triage:
        yield from _reply_fault(card, row)
    yield from _first_response_fault(evidence, row)
    yield from _breach_fault(row, MessageTs.parse(evidence.last_ts).instant)


def _due_fault(card: Card, row: TicketRow) -> Iterator[str]:
    due = None if row.due_at is None else row.due_at // SECOND
    if card.due != due:
        yield f"{row.key} was shown as due {_wall(card.due)}; the database says {_wall(due)}."


def _reply_fault(card: Card, row: TicketRow) -> Iterator[str]:
    """Compare the first response on the client's card, or on the triage card if the client is not
    in Slack."""
    answered = None if row.first_response_at is None else row.first_response_at // SECOND
    if card.answered != answered:
        yield (
            f"{row.key} was shown as answered {_wall(card.answered)}; the database says"
            f" {_wall(answered)}."
        )


def _first_response_fault(evidence: Evidence, row: TicketRow) -> Iterator[str]:
    """Compare the first response with the first message by a person on the vendor's staff."""
    if row.channel_id is None or row.thread_ts is None:
        return
    ts = evidence.answers.get((row.channel_id, row.thread_ts))
    stored = None if row.first_response_at is None else instant(row.first_response_at)
    if (MessageTs.parse(ts).instant if ts else None) != stored:
        yield f"{row.key} was first answered by the message {ts}; the database says {stored}."


def _breach_fault(row: TicketRow, last: datetime) -> Iterator[str]:
    """Compare the recorded breach with the times. A ticket is late if the first response came after
    the due instant, or was missing at `last`, the last instant of the demo. A response at the due
    instant is in time."""
    answered = last if row.first_response_at is None else instant(row.first_response_at)
    late = row.due_at is not None and answered > instant(row.due_at)
    if late and row.breached_at != row.due_at:
        yield f"{row.key} is late, and no breach at its due instant is on record."
    if not late and row.breached_at is not None:
        yield f"{row.key} is in time, and a breach is on record."


def _breaches(evidence: Evidence, rows: list[TicketRow]) -> Iterator[str]:
    """Compare the recorded breaches with the notices to managers and with the digests: each must
    appear exactly once in both."""
    stored = {(row.key, row.breached_at // SECOND) for row in rows if row.breached_at}
    announced = Counter(evidence.breach_notices)
    listed = Counter(breach for digest in evidence.digests for breach in digest.new_breaches)
    for place, shown in (("told to managers", announced), ("a new breach in a digest", listed)):
        for key, due in sorted(stored | set(shown)):
            times = shown[key, due]
            expected = 1 if (key, due) in stored else 0
            if times != expected:
                yield f"{key}, due {_wall(due)}, was {place} {times} times, not {expected}."


def _quotas(evidence: Evidence, rows: list[TicketRow]) -> Iterator[str]:
    """Compare the quota on cards with a count of tickets in order of opening: the first are
    included, and the others have a price."""
    used: Counter[tuple[str, tuple[int, int]]] = Counter()
    for row in rows:
        used[row.client, row.month] += row.counted
        words = _quota_words(row, used[row.client, row.month])
        for card in _cards(evidence, row.key):
            if card.quota != words:
                yield f"{row.key} was shown with “{card.quota}”; the count gives “{words}”."


def _quota_words(row: TicketRow, position: int) -> str:
    if row.quota is None or not row.counted:
        return ""
    included, price = row.quota
    if position <= included:
        return f"Ticket {position} of {included} this month"
    return f"Ticket {position}: beyond the {included} included this month, {price}"


def _messages(evidence: Evidence, messages: list[OutboxRow]) -> Iterator[str]:
    """Compare the outbox with the bot's posts: each message must have been posted exactly once."""
    places = Counter(
        (message.sent_channel, message.sent_ts) for message in messages if message.sent_ts
    )
    for message in messages:
        if message.state != "sent":
            yield f"The message {message.key} is {message.state}, not sent."
        elif message.sent_ts and (message.sent_channel, message.sent_ts) not in evidence.bot_posts:
            yield f"The message {message.key} is on record as sent, and nobody saw it."
    for channel, ts in sorted(evidence.bot_posts):
        if places[channel, ts] != 1:
            yield f"The message {ts} in {channel} is {places[channel, ts]} times on record, not 1."


def _digest(digest: ShownDigest, rows: list[TicketRow]) -> Iterator[str]:
    """Compare the last digest's tickets that are due before midnight, and its quotas."""
    at = MessageTs.parse(digest.at).instant
    midnight = datetime.combine(at.astimezone(ZONE).date() + timedelta(days=1), time(), ZONE)
    risk = {
        (row.key, row.due_at // SECOND)
        for row in rows
        if row.due_at is not None
        and instant(row.opened_at) <= at <= instant(row.due_at) < midnight
        and (row.first_response_at is None or instant(row.first_response_at) > at)
    }
    for key, due in sorted(risk ^ digest.at_risk):
        yield f"{key}, due {_wall(due)}, is at risk in only one of the digest and the database."
    opened = [row for row in rows if row.counted and instant(row.opened_at) <= at]
    for words in _quota_in_digest(opened):
        if words not in digest.words:
            yield f"The digest does not say “{words}”, which the count gives."


def _quota_in_digest(rows: list[TicketRow]) -> Iterator[str]:
    """Yield the expected lines about quotas, with the overage counted in whole cents."""
    for client in sorted({row.client for row in rows if row.quota}):
        tickets = [row for row in rows if row.client == client]
        included, price = tickets[-1].quota or (0, "")
        currency, _, amount = price.partition(" ")
        cents = int(amount.replace(".", "")) * max(0, len(tickets) - included)
        overage = f", {currency} {cents // 100}.{cents % 100:02d} to pay so far" if cents else ""
        share = len(tickets) * 100 // included
        yield f"{client}: {len(tickets)} of {included} tickets used ({share} %){overage}"


def _cards(evidence: Evidence, key: str) -> Iterable[Card]:
    everywhere = [*evidence.client_cards.values(), *evidence.triage_cards.values()]
    return (card for card in everywhere if card.key == key)


def _wall(seconds: int | None) -> str:
    if seconds is None:
        return "never"
    return f"{instant(seconds * SECOND).astimezone(ZONE):%a %d %b, %H:%M:%S}"
