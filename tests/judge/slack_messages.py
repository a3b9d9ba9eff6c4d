"""Parses the messages that Slack shows at the end."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.sandbox import Message
from tests.judge.ledger import Ledger

KEY = r"\*([A-Z][A-Z0-9]*-\d+)\*"
AT = r"<!date\^(\d+)\^"
TAKEN_BACK = ("is withdrawn, and we do no more", "was taken for a request by mistake")
GOES_ON = r"goes on as part of [^\n]*\nIt does not count"  # the first line of a note is enough
CLIENT_CARD = re.compile(
    rf"(?:We have your request as {KEY}\.|{KEY} is resolved\.)\n"
    rf"|{KEY} (?:{'|'.join(TAKEN_BACK)}|{GOES_ON})"
)


def is_card(words: str) -> bool:
    """Return whether a message in a client's channel is a ticket's card and not a note."""
    ended = any(taken_back in words for taken_back in TAKEN_BACK) or re.search(GOES_ON, words)
    return "Who has it:" in words or bool(ended)


TRIAGE_CARD = re.compile(rf"{KEY} · ")
PINGS = (
    ("warning", re.compile(rf"{KEY} \([^)]*\)(?:: the (.+?))? is due (?:in|now).*?{AT}")),
    ("last", re.compile(rf"{KEY} \([^)]*\)(?:: the (.+?))? is late whatever .*?{AT}")),
    ("due", re.compile(rf"{KEY} \([^)]*\)(?:: the (.+?))? is late if it is .*?{AT}")),
    ("due", re.compile(rf"{KEY} \([^)]*\)(?:: the (.+?))? is late\. It was due {AT}")),
    ("breach", re.compile(rf"{KEY} \([^)]*\) missed its (.+?): it was due {AT}")),
)
WITHDRAWN = re.compile(rf"{KEY} \([^)]*\) was answered in time after all")
METRICS = {
    "first response": "first_response",
    "next response": "next_response",
    "update": "update",
    "resolution": "resolution",
}


@dataclass(frozen=True)
class Card:
    key: str
    channel: str
    ts: str
    thread_ts: str | None
    words: str

    def instant(self, label: str) -> datetime | None:
        """Return the instant after a label."""
        match = re.search(rf"{label} {AT}", self.words)
        return datetime.fromtimestamp(int(match[1]), UTC) if match else None

    def line(self, pattern: str) -> str:
        match = re.search(pattern, self.words, re.MULTILINE)
        return match[0] if match else ""


@dataclass(frozen=True)
class ShownPing:
    key: str
    place: str
    metric: str
    step: str
    at: datetime


def _marks(message: Message) -> list[str]:
    if message.files:
        return [str(file["name"]).partition(".")[0] for file in message.files]
    return [str((message.metadata or {}).get("event_payload", {}).get("key", "nothing"))]


def _lines(message: Message) -> list[str]:
    sections = [block for block in message.blocks if block["type"] == "section"]
    return [line for section in sections for line in str(section["text"]["text"]).splitlines()]


class ShownInSlack:
    """The bot's messages that are not deleted."""

    def __init__(self, every: Iterable[Message], direct: Mapping[str, str], ledger: Ledger) -> None:
        self._direct = direct
        self._ledger = ledger
        self.messages = [
            message
            for message in every
            if message.bot_id and not message.deleted and not message.ephemeral_to
        ]
        self.client_cards = list(self._cards(CLIENT_CARD, in_threads=True))
        self.triage_cards = list(self._cards(TRIAGE_CARD, in_threads=False))
        self.pings = Counter(ping for message in self.messages for ping in self._pings(message))
        self.left_out = Counter[str]()  # by place: the number of pings that were only counted
        for message in self.messages:
            for more in re.finditer(r"^and (\d+) more in ", message.plain(), re.MULTILINE):
                self.left_out[self._place(message)] += int(more[1])
        lines = [line for message in self.messages for line in _lines(message)]
        self.withdrawn = Counter(match[1] for line in lines if (match := WITHDRAWN.match(line)))
        self.resolved = self._notes(rf"^{KEY} is resolved\. ")
        self.reopened = self._notes(rf"^{KEY} is open again\.")
        self.digests = [
            message
            for message in self.messages
            if re.match("Support on .+?: .+ at risk", message.text)
        ]

    def marks(self) -> Counter[str]:
        """Count the idempotency marks of the bot's messages; a picture has its mark in the file
        name.
        """
        return Counter(mark for message in self.messages for mark in _marks(message))

    def replies(self, channel: str, thread_ts: str) -> list[Message]:
        """Return the replies in a thread that are shown in an engineer's name."""
        place = (channel, thread_ts)
        return [
            message
            for message in self.messages
            if message.username and (message.channel, message.thread_ts) == place
        ]

    def _cards(self, pattern: re.Pattern[str], *, in_threads: bool) -> Iterator[Card]:
        for message in self.messages:
            in_triage = message.channel == self._ledger.triage
            words = message.plain().removeprefix(message.text).lstrip("\n")
            if in_triage is not in_threads and message.is_reply is in_threads:
                match = pattern.match(words)
                if match and is_card(words):
                    key = next(group for group in match.groups() if group)
                    yield Card(key, message.channel, message.ts, message.thread_ts, words)

    def _pings(self, message: Message) -> Iterator[ShownPing]:
        place = self._place(message)
        if not place:
            return
        for line in _lines(message):
            for step, pattern in PINGS:
                if (match := pattern.match(line)) is not None:
                    metric = METRICS[match[2] or "first response"]
                    at = datetime.fromtimestamp(int(match[3]), UTC)
                    yield ShownPing(match[1], place, metric, step, at)
                    break

    def _place(self, message: Message) -> str:
        if message.channel == self._ledger.triage:
            return "triage" if message.is_reply else ""
        if message.channel == self._ledger.managers:
            return "managers"
        return self._direct.get(message.channel, "")

    def _notes(self, pattern: str) -> Counter[str]:
        """Count, by ticket key, the notes in client threads; cards are left out."""
        cards = {(card.channel, card.ts) for card in self.client_cards}
        places = [
            message for message in self.messages if (message.channel, message.ts) not in cards
        ]
        return Counter(match[1] for message in places if (match := re.match(pattern, message.text)))
