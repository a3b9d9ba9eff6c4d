"""What people were shown: read off Slack's messages while they stood there, for the audit."""

import re
from dataclasses import dataclass, field

from bot.clock import instant_of
from bot.demo.cast import Cast
from bot.sandbox import Message, View
from bot.sandbox.slack import Watched

_KEY = r"\*([A-Z][A-Z0-9]*-\d+)\*"
_AT = r"<!date\^(\d+)\^"
_CLIENT_CARD = re.compile(rf"(?:We have your request as {_KEY}\.|{_KEY} is resolved\.)\n")
_TRIAGE_CARD = re.compile(rf"{_KEY} · ")
_DUE = re.compile(rf"First response (?:by|due:) {_AT}")
_ANSWERED = re.compile(rf"(?:First response given|[Aa]nswered|Answered in time,) {_AT}")
_NO_CLOCK = re.compile(r"^(?:Your plan promises:|No clock runs\.)", re.MULTILINE)
_QUOTA = re.compile(r"^(?:Quota: )?(Ticket \d+.*)$", re.MULTILINE)
_MISSED = re.compile(rf"{_KEY} \(.*\) missed its first response: it was due {_AT}")
_LISTED = re.compile(rf"^• {_KEY} .*?: due {_AT}", re.MULTILINE)


@dataclass(slots=True)
class Card:
    """A card over all of its versions: the last due instant and the last answer that it showed
    (whole seconds since 1970 UTC), and what it says of quota and price."""

    key: str
    channel: str
    ts: str
    thread_ts: str | None
    due: int | None = None
    answered: int | None = None
    quota: str = ""

    def read(self, words: str) -> None:
        self.due = None if _NO_CLOCK.search(words) else _seconds(_DUE, words) or self.due
        self.answered = _seconds(_ANSWERED, words) or self.answered
        found = _QUOTA.search(words)
        self.quota = found[1] if found else ""


@dataclass(slots=True)
class DigestSeen:
    """A digest in the managers' channel: `at` is its `ts`; the lists hold (key, due seconds)."""

    at: str
    new_breaches: set[tuple[str, int]]
    at_risk: set[tuple[str, int]]
    words: str


@dataclass(slots=True)
class Evidence:
    """Watches the workspace from the beginning."""

    cast: Cast
    client_cards: dict[tuple[str, str], Card] = field(default_factory=dict)
    triage_cards: dict[tuple[str, str], Card] = field(default_factory=dict)
    answers: dict[tuple[str, str], str] = field(default_factory=dict)  # thread to first `ts`
    missed: list[tuple[str, int]] = field(default_factory=list)
    digests: list[DigestSeen] = field(default_factory=list)
    spoken: set[tuple[str, str]] = field(default_factory=set)  # what the bot posted, by place
    last_ts: str = "0.0"  # when the last message of all was shown

    def watch(self, what: Message | View, kind: Watched) -> None:
        """Called by the sandbox for whatever is shown."""
        if not isinstance(what, Message) or kind not in ("posted", "edited"):
            return
        self.last_ts = max(self.last_ts, what.ts, key=instant_of)
        if what.bot_id:
            # A picture is on record by the name of its file.
            names = [str(file["name"]).partition(".")[0] for file in what.files]
            self.spoken |= {(what.channel, name) for name in names or [what.ts]}
        words = words_of(what)
        if what.channel == self.cast.triage:
            self._see_card(self.triage_cards, _TRIAGE_CARD, what, words)
        elif what.channel == self.cast.managers:
            self._see_for_managers(what, words, kind)
        elif not self._see_card(self.client_cards, _CLIENT_CARD, what, words):
            self._see_answer(what, words)

    def client_card(self, key: str) -> Card:
        """The card in the client's thread; LookupError while there is none."""
        return _of_key(self.client_cards, key)

    def triage_card(self, key: str) -> Card:
        """The card in the triage channel; LookupError while there is none."""
        return _of_key(self.triage_cards, key)

    def _see_card(
        self,
        cards: dict[tuple[str, str], Card],
        pattern: re.Pattern[str],
        message: Message,
        words: str,
    ) -> bool:
        found = pattern.match(words) if message.bot_id and "Severity: " in words else None
        if found is None:
            return False
        key = next(name for name in found.groups() if name)
        place = message.channel, message.ts
        card = cards.setdefault(place, Card(key, *place, message.thread_ts))
        card.read(words)
        return True

    def _see_for_managers(self, message: Message, words: str, kind: Watched) -> None:
        if kind == "posted":
            self.missed += [(key, int(due)) for key, due in _MISSED.findall(words)]
        if words.startswith("Support on "):
            parts = words.split("\n*")
            self.digests.append(
                DigestSeen(
                    message.ts,
                    _listed(parts, "New breaches"),
                    _listed(parts, "At risk today"),
                    words,
                )
            )

    def _see_answer(self, message: Message, words: str) -> None:
        """The vendor's people write themselves, or through the bot in their name; what was done
        is theirs too."""
        people = {person.user_id for person in self.cast.staff}
        names = {person.name for person in self.cast.staff}
        theirs = message.user in people or message.username in names
        note = bool(message.bot_id) and re.match(rf"{_KEY} is resolved\.", words) is not None
        if message.thread_ts is not None and (theirs or note):
            self.answers.setdefault((message.channel, message.thread_ts), message.ts)


def words_of(message: Message) -> str:
    """The paragraphs of a message as Slack has them."""
    paragraphs = [block["text"]["text"] for block in message.blocks if "text" in block]
    return "\n".join(paragraphs) or message.text


def _seconds(pattern: re.Pattern[str], words: str) -> int | None:
    found = pattern.search(words)
    return int(found[1]) if found else None


def _listed(parts: list[str], title: str) -> set[tuple[str, int]]:
    [part] = [one for one in parts if one.startswith(f"{title}*")]
    return {(key, int(due)) for key, due in _LISTED.findall(part)}


def _of_key(cards: dict[tuple[str, str], Card], key: str) -> Card:
    for card in cards.values():
        if card.key == key:
            return card
    raise LookupError(f"there is no card of {key} yet")
