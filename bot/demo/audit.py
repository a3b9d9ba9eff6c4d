"""Whether what people saw agrees with what the database says. Each difference is a sentence."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

from bot.clock import instant_of
from bot.demo.evidence import Card, DigestSeen, Evidence
from bot.demo.ledger import Line, Said, instant, lines_of, messages_of
from bot.demo.theatre import ZONE

SECOND = 1_000_000


def differences(seen: Evidence, database: Path) -> list[str]:
    """Sentences; none where everything agrees. The database must be closed."""
    lines = lines_of(database)
    last = seen.digests[-1] if seen.digests else None
    return [
        *_strangers(seen, lines),
        *(sentence for line in lines for sentence in _of_ticket(seen, line)),
        *_breaches(seen, lines),
        *_quotas(seen, lines),
        *_messages(seen, messages_of(database)),
        *(_digest(last, lines) if last else ["No digest was shown."]),
    ]


def _strangers(seen: Evidence, lines: list[Line]) -> Iterator[str]:
    """Cards of tickets that do not exist, and lines that are missing."""
    known = {line.key for line in lines}
    for card in [*seen.client_cards.values(), *seen.triage_cards.values()]:
        if card.key not in known:
            yield f"A card was shown for {card.key}, which the database does not have."


def _of_ticket(seen: Evidence, line: Line) -> Iterator[str]:
    client = [card for card in seen.client_cards.values() if card.key == line.key]
    triage = [card for card in seen.triage_cards.values() if card.key == line.key]
    wanted = 1 if line.channel_id else 0
    if len(client) != wanted:
        yield f"{line.key} has {len(client)} cards in its client's channel, not {wanted}."
    if len(triage) != 1:
        yield f"{line.key} has {len(triage)} cards in triage, not 1."
    for card in client:
        if (card.channel, card.thread_ts) != (line.channel_id, line.thread_ts):
            yield f"{line.key} has its card in another thread than the database says."
    for card in [*client, *triage]:
        yield from _of_card(card, line)
    for card in client or triage:
        yield from _answer_on_card(card, line)
    yield from _answer(seen, line)
    yield from _judgement(line, instant_of(seen.last_ts))


def _of_card(card: Card, line: Line) -> Iterator[str]:
    due = None if line.due_at is None else line.due_at // SECOND
    if card.due != due:
        yield f"{line.key} was shown as due {_wall(card.due)}; the database says {_wall(due)}."


def _answer_on_card(card: Card, line: Line) -> Iterator[str]:
    """On the client's card; on the one in triage where the client is not in Slack."""
    answered = None if line.first_response_at is None else line.first_response_at // SECOND
    if card.answered != answered:
        yield (
            f"{line.key} was shown as answered {_wall(card.answered)}; the database says"
            f" {_wall(answered)}."
        )


def _answer(seen: Evidence, line: Line) -> Iterator[str]:
    """The first response is the first message by a person on the vendor's staff, at its `ts`."""
    if line.channel_id is None or line.thread_ts is None:
        return
    ts = seen.answers.get((line.channel_id, line.thread_ts))
    stored = None if line.first_response_at is None else instant(line.first_response_at)
    if (instant_of(ts) if ts else None) != stored:
        yield f"{line.key} was first answered by the message {ts}; the database says {stored}."


def _judgement(line: Line, last: datetime) -> Iterator[str]:
    """Late is what was answered after it was due, or not by the `last` instant of the demo; an
    answer at the very instant is in time."""
    answered = last if line.first_response_at is None else instant(line.first_response_at)
    late = line.due_at is not None and answered > instant(line.due_at)
    if late and line.breached_at != line.due_at:
        yield f"{line.key} is late, and no breach at its due instant is on record."
    if not late and line.breached_at is not None:
        yield f"{line.key} is in time, and a breach is on record."


def _breaches(seen: Evidence, lines: list[Line]) -> Iterator[str]:
    """The breaches on record are those told to managers, once each, and those in the digest."""
    stored = {(line.key, line.breached_at // SECOND) for line in lines if line.breached_at}
    told = Counter(seen.missed)
    listed = Counter(one for digest in seen.digests for one in digest.new_breaches)
    for what, shown in (("told to managers", told), ("a new breach in a digest", listed)):
        for key, due in sorted(stored | set(shown)):
            times = shown[key, due]
            expected = 1 if (key, due) in stored else 0
            if times != expected:
                yield f"{key}, due {_wall(due)}, was {what} {times} times, not {expected}."


def _quotas(seen: Evidence, lines: list[Line]) -> Iterator[str]:
    """Ordered by opening, the first are included and the rest have their price."""
    used: Counter[tuple[str, tuple[int, int]]] = Counter()
    for line in lines:
        used[line.client, line.month] += line.counted
        words = _quota_words(line, used[line.client, line.month])
        for card in _cards(seen, line.key):
            if card.quota != words:
                yield f"{line.key} was shown with “{card.quota}”; the count gives “{words}”."


def _quota_words(line: Line, position: int) -> str:
    if line.quota is None or not line.counted:
        return ""
    included, price = line.quota
    if position <= included:
        return f"Ticket {position} of {included} this month"
    return f"Ticket {position}: beyond the {included} included this month, {price}"


def _messages(seen: Evidence, owed: list[Said]) -> Iterator[str]:
    """What the bot posted is what the desk owed, each once."""
    places = Counter((one.sent_channel, one.sent_ts) for one in owed if one.sent_ts)
    for one in owed:
        if one.state != "sent":
            yield f"The message {one.key} is {one.state}, not sent."
        elif one.sent_ts and (one.sent_channel, one.sent_ts) not in seen.spoken:
            yield f"The message {one.key} is on record as sent, and nobody saw it."
    for channel, ts in sorted(seen.spoken):
        if places[channel, ts] != 1:
            yield f"The message {ts} in {channel} is {places[channel, ts]} times on record, not 1."


def _digest(digest: DigestSeen, lines: list[Line]) -> Iterator[str]:
    """The last digest's list of what falls due before midnight, and its quota."""
    at = instant_of(digest.at)
    midnight = datetime.combine(at.astimezone(ZONE).date() + timedelta(days=1), time(), ZONE)
    risk = {
        (line.key, line.due_at // SECOND)
        for line in lines
        if line.due_at is not None
        and instant(line.opened_at) <= at <= instant(line.due_at) < midnight
        and (line.first_response_at is None or instant(line.first_response_at) > at)
    }
    for key, due in sorted(risk ^ digest.at_risk):
        yield f"{key}, due {_wall(due)}, is at risk in only one of the digest and the database."
    opened = [line for line in lines if line.counted and instant(line.opened_at) <= at]
    for words in _quota_in_digest(opened):
        if words not in digest.words:
            yield f"The digest does not say “{words}”, which the count gives."


def _quota_in_digest(lines: list[Line]) -> Iterator[str]:
    """The sum beyond the quota, in whole cents."""
    for client in sorted({line.client for line in lines if line.quota}):
        mine = [line for line in lines if line.client == client]
        included, price = mine[-1].quota or (0, "")
        currency, _, amount = price.partition(" ")
        cents = int(amount.replace(".", "")) * max(0, len(mine) - included)
        owed = f", {currency} {cents // 100}.{cents % 100:02d} to pay so far" if cents else ""
        share = len(mine) * 100 // included
        yield f"{client}: {len(mine)} of {included} tickets used ({share} %){owed}"


def _cards(seen: Evidence, key: str) -> Iterable[Card]:
    everywhere = [*seen.client_cards.values(), *seen.triage_cards.values()]
    return (card for card in everywhere if card.key == key)


def _wall(seconds: int | None) -> str:
    if seconds is None:
        return "never"
    return f"{instant(seconds * SECOND).astimezone(ZONE):%a %d %b, %H:%M:%S}"
