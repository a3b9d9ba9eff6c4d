"""What Slack shows at the end, read off its words."""

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
GOES_ON = r"goes on as part of [^\n]*\nIt does not count"  # a note says the first line alone
CLIENT_CARD = re.compile(
    rf"(?:We have your request as {KEY}\.|{KEY} is resolved\.)\n"
    rf"|{KEY} (?:{'|'.join(TAKEN_BACK)}|{GOES_ON})"
)


def is_card(words: str) -> bool:
    """Whether a message in a client's channel is the card of a ticket, and no note."""
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
        """The instant that stands behind a label."""
        found = re.search(rf"{label} {AT}", self.words)
        return datetime.fromtimestamp(int(found[1]), UTC) if found else None

    def line(self, pattern: str) -> str:
        found = re.search(pattern, self.words, re.MULTILINE)
        return found[0] if found else ""


@dataclass(frozen=True)
class SeenPing:
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
    return [line for one in sections for line in str(one["text"]["text"]).splitlines()]


class Seen:
    """What the bot has said, where it still stands."""

    def __init__(self, every: Iterable[Message], direct: Mapping[str, str], ledger: Ledger) -> None:
        self._direct = direct
        self._ledger = ledger
        self.said = [
            one for one in every if one.bot_id and not one.deleted and not one.ephemeral_to
        ]
        self.client_cards = list(self._cards(CLIENT_CARD, in_threads=True))
        self.triage_cards = list(self._cards(TRIAGE_CARD, in_threads=False))
        self.pings = Counter(ping for one in self.said for ping in self._pings(one))
        self.left_out = Counter[str]()  # by place: how many pings were only counted
        for one in self.said:
            for more in re.finditer(r"^and (\d+) more in ", one.plain(), re.MULTILINE):
                self.left_out[self._place(one)] += int(more[1])
        lines = [line for one in self.said for line in _lines(one)]
        self.withdrawn = Counter(found[1] for one in lines if (found := WITHDRAWN.match(one)))
        self.resolved = self._notes(rf"^{KEY} is resolved\. ")
        self.reopened = self._notes(rf"^{KEY} is open again\.")
        self.digests = [
            one for one in self.said if re.match("Support on .+?: .+ at risk", one.text)
        ]

    def marks(self) -> Counter[str]:
        """What the bot's messages carry unseen; a picture, in the name of its file."""
        return Counter(mark for one in self.said for mark in _marks(one))

    def replies(self, channel: str, thread_ts: str) -> list[Message]:
        """What stands in a thread in the name of an engineer."""
        place = (channel, thread_ts)
        return [one for one in self.said if one.username and (one.channel, one.thread_ts) == place]

    def _cards(self, pattern: re.Pattern[str], *, in_threads: bool) -> Iterator[Card]:
        for one in self.said:
            in_triage = one.channel == self._ledger.triage
            words = one.plain().removeprefix(one.text).lstrip("\n")
            if in_triage is not in_threads and one.is_reply is in_threads:
                found = pattern.match(words)
                if found and is_card(words):
                    key = next(group for group in found.groups() if group)
                    yield Card(key, one.channel, one.ts, one.thread_ts, words)

    def _pings(self, one: Message) -> Iterator[SeenPing]:
        place = self._place(one)
        if not place:
            return
        for line in _lines(one):
            for step, pattern in PINGS:
                if (found := pattern.match(line)) is not None:
                    metric = METRICS[found[2] or "first response"]
                    at = datetime.fromtimestamp(int(found[3]), UTC)
                    yield SeenPing(found[1], place, metric, step, at)
                    break

    def _place(self, one: Message) -> str:
        if one.channel == self._ledger.triage:
            return "triage" if one.is_reply else ""
        if one.channel == self._ledger.managers:
            return "managers"
        return self._direct.get(one.channel, "")

    def _notes(self, pattern: str) -> Counter[str]:
        """By key: what was said of a ticket in its client's thread, cards aside."""
        cards = {(one.channel, one.ts) for one in self.client_cards}
        places = [one for one in self.said if (one.channel, one.ts) not in cards]
        return Counter(found[1] for one in places if (found := re.match(pattern, one.text)))
