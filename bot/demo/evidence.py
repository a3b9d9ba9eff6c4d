"""Records of the cards, replies and digests that people saw, read from Slack's messages for the
audit."""

import re
from dataclasses import dataclass, field

from bot.demo.people import People
from bot.sandbox import Message, View
from bot.sandbox.slack import Watched
from bot.slack_ts import MessageTs

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
    """A card and its changes: the last due instant and the last first response that it showed (in
    seconds since 1970 UTC), and its words about quota and price."""

    key: str
    channel: str
    ts: str
    thread_ts: str | None
    due: int | None = None
    answered: int | None = None
    quota: str = ""

    def update(self, words: str) -> None:
        self.due = None if _NO_CLOCK.search(words) else _seconds(_DUE, words) or self.due
        self.answered = _seconds(_ANSWERED, words) or self.answered
        match = _QUOTA.search(words)
        self.quota = match[1] if match else ""


@dataclass(slots=True)
class ShownDigest:
    """A digest in the managers' channel: `at` is its `ts`; the sets contain pairs of key and due
    instant (in seconds since 1970 UTC)."""

    at: str
    new_breaches: set[tuple[str, int]]
    at_risk: set[tuple[str, int]]
    words: str


@dataclass(slots=True)
class Evidence:
    """Watches the workspace from the start of the demo."""

    people: People
    client_cards: dict[tuple[str, str], Card] = field(default_factory=dict)
    triage_cards: dict[tuple[str, str], Card] = field(default_factory=dict)
    # Channel and `ts` of a thread, mapped to the `ts` of its first response.
    answers: dict[tuple[str, str], str] = field(default_factory=dict)
    breach_notices: list[tuple[str, int]] = field(default_factory=list)
    digests: list[ShownDigest] = field(default_factory=list)
    # Channel and `ts` of the bot's messages; for an upload, its file's name instead of the `ts`.
    bot_posts: set[tuple[str, str]] = field(default_factory=set)
    last_ts: str = "0.0"  # `ts` of the last message

    def watch(self, item: Message | View, kind: Watched) -> None:
        """Record a message; the sandbox calls this for everything that it shows."""
        if not isinstance(item, Message) or kind not in ("posted", "edited"):
            return
        self.last_ts = max(self.last_ts, item.ts, key=MessageTs.parse)
        if item.bot_id:
            # The outbox identifies an upload by the name of its file.
            names = [str(file["name"]).partition(".")[0] for file in item.files]
            self.bot_posts |= {(item.channel, name) for name in names or [item.ts]}
        words = words_of(item)
        if item.channel == self.people.triage:
            self._record_card(self.triage_cards, _TRIAGE_CARD, item, words)
        elif item.channel == self.people.managers:
            self._record_for_managers(item, words, kind)
        elif not self._record_card(self.client_cards, _CLIENT_CARD, item, words):
            self._record_reply(item, words)

    def client_card(self, key: str) -> Card:
        """Return the card in the client's thread. Raises LookupError if there is none."""
        return _card_of(self.client_cards, key)

    def triage_card(self, key: str) -> Card:
        """Return the card in the triage channel. Raises LookupError if there is none."""
        return _card_of(self.triage_cards, key)

    def _record_card(
        self,
        cards: dict[tuple[str, str], Card],
        pattern: re.Pattern[str],
        message: Message,
        words: str,
    ) -> bool:
        match = pattern.match(words) if message.bot_id and "Severity: " in words else None
        if match is None:
            return False
        key = next(group for group in match.groups() if group)
        place = message.channel, message.ts
        card = cards.setdefault(place, Card(key, *place, message.thread_ts))
        card.update(words)
        return True

    def _record_for_managers(self, message: Message, words: str, kind: Watched) -> None:
        if kind == "posted":
            self.breach_notices += [(key, int(due)) for key, due in _MISSED.findall(words)]
        if words.startswith("Support on "):
            parts = words.split("\n*")
            self.digests.append(
                ShownDigest(
                    message.ts,
                    _listed(parts, "New breaches"),
                    _listed(parts, "At risk today"),
                    words,
                )
            )

    def _record_reply(self, message: Message, words: str) -> None:
        """Record the first response in a thread. Staff post it themselves, or the bot posts it
        under their names; a resolution counts as well."""
        staff_ids = {person.user_id for person in self.people.staff}
        names = {person.name for person in self.people.staff}
        by_staff = message.user in staff_ids or message.username in names
        is_resolution = (
            bool(message.bot_id) and re.match(rf"{_KEY} is resolved\.", words) is not None
        )
        if message.thread_ts is not None and (by_staff or is_resolution):
            self.answers.setdefault((message.channel, message.thread_ts), message.ts)


def words_of(message: Message) -> str:
    """Return the paragraphs of a message in mrkdwn."""
    paragraphs = [block["text"]["text"] for block in message.blocks if "text" in block]
    return "\n".join(paragraphs) or message.text


def _seconds(pattern: re.Pattern[str], words: str) -> int | None:
    match = pattern.search(words)
    return int(match[1]) if match else None


def _listed(parts: list[str], title: str) -> set[tuple[str, int]]:
    [part] = [paragraph for paragraph in parts if paragraph.startswith(f"{title}*")]
    return {(key, int(due)) for key, due in _LISTED.findall(part)}


def _card_of(cards: dict[tuple[str, str], Card], key: str) -> Card:
    for card in cards.values():
        if card.key == key:
            return card
    raise LookupError(f"there is no card of {key} yet")
