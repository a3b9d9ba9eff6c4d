"""Puts on the screen what people see in Slack, in an order that can be followed."""

import asyncio
import re
from collections.abc import Callable

from bot.clock import Clock
from bot.demo.cast import Cast
from bot.demo.screen import Screen
from bot.demo.words import Reader, is_controls, lines_of, running_text
from bot.sandbox import Message, View
from bot.sandbox.slack import Watched

PATIENCE_SECONDS = 20.0
_MENU = re.compile(r"\[[^\]]* ▾\]")

Place = tuple[str, str]  # channel and `ts`


class Narrator:
    """Gathers what is shown while the bot works, and tells it when the bot has settled: what was
    posted first, clients' channels before ours, then which lines of older cards have changed."""

    def __init__(self, clock: Clock, cast: Cast, screen: Screen, reader: Reader) -> None:
        self._clock = clock
        self._cast = cast
        self._screen = screen
        self._reader = reader
        self._news = asyncio.Event()
        self._posted: list[Message] = []
        self._edited: dict[Place, Message] = {}
        self._told: dict[Place, list[str]] = {}
        self._channels = {cast.triage: "#triage", cast.managers: "#managers"}
        self._channels |= {one.channel: f"#{one.key.lower()}" for one in cast.accounts}

    def watch(self, what: Message | View, kind: Watched) -> None:
        """Called by the sandbox for whatever is shown."""
        if isinstance(what, Message) and kind in ("posted", "ephemeral"):
            self._posted.append(what)
        elif isinstance(what, Message) and kind == "edited":
            self._edited[what.channel, what.ts] = what
        self._news.set()

    async def wait_for(self, shown: Callable[[], bool]) -> None:
        """Wait until something is on somebody's screen; TimeoutError after 20 real seconds."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not shown():
                self._news.clear()
                await self._news.wait()

    @property
    def has_ephemeral(self) -> bool:
        """Whether somebody was told something for their eyes only, and it is not told here yet."""
        return any(message.ephemeral_to for message in self._posted)

    def tell(self) -> None:
        """Everything since the last time."""
        posted, self._posted = sorted(self._posted, key=self._rank), []
        edited, self._edited = sorted(self._edited.values(), key=self._rank), {}
        just_said: set[str] = set()
        for message in posted:
            self._tell_post(message, just_said)
            just_said |= {*lines_of(message), f"“{message.text}”"}
        for message in edited:
            self._tell_change(message, just_said)

    def _rank(self, message: Message) -> int:
        """People's own words before the bot's; then clients, triage, direct messages, managers."""
        if not message.bot_id:
            return 0
        ours = {self._cast.triage: 2, self._cast.managers: 4}
        return ours.get(message.channel, 1 if message.channel in self._channels else 3)

    def _tell_post(self, message: Message, just_said: set[str]) -> None:
        """All of it; triage's card without the client's words, where they stand right above."""
        lines = self._told[message.channel, message.ts] = lines_of(message)
        if message.channel == self._cast.triage:
            lines = [line for line in lines if line not in just_said or line[0] != "“"]
        words = _layout(message, lines)
        if message.ephemeral_to is not None:
            words = f"(only {self._reader.name_of(message.ephemeral_to)} sees this) {words}"
        self._say(message, words)

    def _tell_change(self, message: Message, just_said: set[str]) -> None:
        """Only what is new on the card, and not what was posted at the same time; a menu that
        shows another choice is told by the line of the choice, and so is what can be pressed."""
        place = message.channel, message.ts
        before = {_MENU.sub("", line) for line in self._told.get(place, [])}
        after = self._told[place] = lines_of(message)
        changed = [line for line in after if _MENU.sub("", line) not in before]
        changed = [line for line in changed if not is_controls(line)] or changed
        if differing := _without(changed, just_said):
            self._say(message, f"card updated: {running_text(differing)}", style="dim")

    def _say(self, message: Message, words: str, style: str = "") -> None:
        now = self._clock.now()
        self._screen.said(
            now,
            self._channels.get(message.channel) or self._direct(message.channel),
            message.username or self._reader.name_of(message.user or ""),
            self._reader.read(words, now),
            in_thread=message.thread_ts is not None,
            style=style,
        )

    def _direct(self, channel: str) -> str:
        readers = {
            self._cast.sandbox.direct_channel(person.user_id): person.first_name
            for person in self._cast.staff
        }
        return f"to {readers[channel]}"


def _without(lines: list[str], just_said: set[str]) -> list[str]:
    """The lines that the reader has not just read, nor a heading of which nothing is left."""
    fresh = [line for line in lines if line not in just_said]
    following = [*fresh, ""][1:]
    return [
        line
        for line, after in zip(fresh, following, strict=True)
        if not line.endswith(":") or (after and not is_controls(after))
    ]


def _layout(message: Message, lines: list[str]) -> str:
    """A list under a heading stays a list; a card is a paragraph with its buttons below, or at its
    end where there is one alone."""
    if not message.blocks or message.blocks[0]["type"] == "header":
        return "\n".join(lines)
    if is_controls(lines[-1]) and lines[-1].count("[") > 1:
        return f"{running_text(lines[:-1])}\n{lines[-1]}"
    return running_text(lines)
