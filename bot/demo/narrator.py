"""Shows on the screen the messages that people see in Slack, in a readable order."""

import asyncio
import re
from collections.abc import Callable

from bot.demo.people import People
from bot.demo.screen import Screen
from bot.demo.words import Reader, is_controls, lines_of, running_text
from bot.sandbox import Message, View
from bot.sandbox.slack import Watched
from bot.time_source import TimeSource

PATIENCE_SECONDS = 20.0
_MENU = re.compile(r"\[[^\]]* ▾\]")

Place = tuple[str, str]  # channel and `ts`


class Narrator:
    """Collects messages while the bot works, and shows them when the bot has settled.

    Posts come first, those in clients' channels before the vendor's, then the changed lines of
    earlier cards.
    """

    def __init__(self, clock: TimeSource, people: People, screen: Screen, reader: Reader) -> None:
        self._clock = clock
        self._people = people
        self._screen = screen
        self._reader = reader
        self._changed = asyncio.Event()
        self._posted: list[Message] = []
        self._edited: dict[Place, Message] = {}
        self._shown_lines: dict[Place, list[str]] = {}
        self._channels = {people.triage: "#triage", people.managers: "#managers"}
        self._channels |= {
            account.channel: f"#{account.key.lower()}" for account in people.accounts
        }

    def watch(self, item: Message | View, kind: Watched) -> None:
        """Collect a message; the sandbox calls this for everything that it shows."""
        if isinstance(item, Message) and kind in ("posted", "ephemeral"):
            self._posted.append(item)
        elif isinstance(item, Message) and kind == "edited":
            self._edited[item.channel, item.ts] = item
        self._changed.set()

    async def wait_for(self, shown: Callable[[], bool]) -> None:
        """Wait until `shown` returns True. Raises TimeoutError after 20 seconds of real time."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not shown():
                self._changed.clear()
                await self._changed.wait()

    @property
    def has_ephemeral(self) -> bool:
        """Whether an ephemeral message has been collected and not yet shown."""
        return any(message.ephemeral_to for message in self._posted)

    def show_updates(self) -> None:
        """Show everything collected since the last call."""
        posted, self._posted = sorted(self._posted, key=self._rank), []
        edited, self._edited = sorted(self._edited.values(), key=self._rank), {}
        just_shown: set[str] = set()
        for message in posted:
            self._show_post(message, just_shown)
            just_shown |= {*lines_of(message), f"“{message.text}”"}
        for message in edited:
            self._show_change(message, just_shown)

    def _rank(self, message: Message) -> int:
        """Return the order of a message: people's messages, then the bot's in clients' channels, in
        triage, in direct messages, and in the managers' channel."""
        if not message.bot_id:
            return 0
        ours = {self._people.triage: 2, self._people.managers: 4}
        return ours.get(message.channel, 1 if message.channel in self._channels else 3)

    def _show_post(self, message: Message, just_shown: set[str]) -> None:
        """Show a new message; a triage card without the client's words if they have just been
        shown."""
        lines = self._shown_lines[message.channel, message.ts] = lines_of(message)
        if message.channel == self._people.triage:
            lines = [line for line in lines if line not in just_shown or line[0] != "“"]
        words = _layout(message, lines)
        if message.ephemeral_to is not None:
            words = f"(only {self._reader.name_of(message.ephemeral_to)} sees this) {words}"
        self._show(message, words)

    def _show_change(self, message: Message, just_shown: set[str]) -> None:
        """Show the new lines of a card, without those that were just posted.

        A changed choice in a menu already appears in the card's text, so lines of buttons and menus
        are shown only if nothing else has changed.
        """
        place = message.channel, message.ts
        before = {_MENU.sub("", line) for line in self._shown_lines.get(place, [])}
        after = self._shown_lines[place] = lines_of(message)
        changed = [line for line in after if _MENU.sub("", line) not in before]
        changed = [line for line in changed if not is_controls(line)] or changed
        if differing := _without(changed, just_shown):
            self._show(message, f"card updated: {running_text(differing)}", style="dim")

    def _show(self, message: Message, words: str, style: str = "") -> None:
        now = self._clock.now()
        self._screen.show_message(
            now,
            self._channels.get(message.channel) or self._direct(message.channel),
            message.username or self._reader.name_of(message.user or ""),
            self._reader.read(words, now),
            in_thread=message.thread_ts is not None,
            style=style,
        )

    def _direct(self, channel: str) -> str:
        readers = {
            self._people.sandbox.direct_channel(person.user_id): person.first_name
            for person in self._people.staff
        }
        return f"to {readers[channel]}"


def _without(lines: list[str], just_shown: set[str]) -> list[str]:
    """Return the lines that were not just shown, without headings that have no line left."""
    fresh = [line for line in lines if line not in just_shown]
    following = [*fresh, ""][1:]
    return [
        line
        for line, after in zip(fresh, following, strict=True)
        if not line.endswith(":") or (after and not is_controls(after))
    ]


def _layout(message: Message, lines: list[str]) -> str:
    """Return the text: a list under a heading keeps its lines; a card becomes a paragraph, with its
    buttons on a line below, or at its end if there is a single button."""
    if not message.blocks or message.blocks[0]["type"] == "header":
        return "\n".join(lines)
    if is_controls(lines[-1]) and lines[-1].count("[") > 1:
        return f"{running_text(lines[:-1])}\n{lines[-1]}"
    return running_text(lines)
