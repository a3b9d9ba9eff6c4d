"""The people of a workspace whose bot dies and is started again, who go on as people do: who is
told that the app did not answer tries once more."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

from bot.cli.operations.manifest import app_manifest
from bot.sandbox import Interaction, Message, Sandbox, View
from bot.slack_ts import instant_of
from bot.views import ids
from tests.crash.play.control import Control
from tests.crash.play.dialogs import send
from tests.crash.play.lives import Nursery
from tests.crash.play.undying import LOOK_SECONDS, PATIENCE_SECONDS, Undying
from tests.judge.judge import Case, case_of, differences
from tests.judge.ledger import Deed
from tests.judge.sample_desk import MONDAY, TRIAGE
from tests.judge.slack_messages import is_card
from tests.judge.store import stored
from tests.stores import asking, copied

FIRST_LOOK_SECONDS = 3.0
DIALOG_SECONDS = 10.0  # a dialog that is late comes beside the one that was asked for again


class World(Undying):
    """Every deed goes into the ledger that the judge reads."""

    async def says(self, user: str, channel: str, text: str, **more: Any) -> str:
        ts: str = await self.sandbox.post(user, channel, text, **more)
        await self.settle()
        return ts

    def card(self, channel: str, ts: str) -> Message:
        """The card in the thread of a client's message."""
        thread = self.sandbox.messages(channel, thread_ts=ts)
        return next(one for one in thread if one.bot_id and is_card(one.plain()))

    def key(self, channel: str, ts: str) -> str:
        words = self.card(channel, ts).plain()
        return words.partition("*")[2].partition("*")[0]

    def triage_card(self, key: str) -> Message:
        cards = self.sandbox.messages(TRIAGE)
        return next(one for one in cards if one.bot_id and f"*{key}*" in one.plain())

    async def presses(
        self,
        user: str,
        message: Message,
        action: str,
        value: str | None = None,
        *,
        deed: tuple[str, str, str] | None = None,
        settles: bool = True,
    ) -> None:
        """Press until the app has answered, on what the screen showed at first: it may have been
        done, and only the answer lost. `deed`: what it does to which ticket, and how."""
        at, blocks = self.clock.now(), deepcopy(message.blocks)
        place = user, message.channel, message.ts

        async def press() -> Interaction:
            return await self.sandbox.press(*place, action, value=value, blocks=blocks)

        await self.until_answered(press)
        if deed is not None:
            self.ledger.entries.append(Deed(at, user, *deed))
        if settles:
            await self.settle()

    async def fills_in(
        self,
        user: str,
        open_it: Callable[[], Awaitable[Interaction]],
        given: Mapping[str, Any],
        *,
        deed: tuple[str, str, str],
    ) -> None:
        """Open a dialog, fill it in and send it, as often as it takes."""
        at, said = self.clock.now(), set(map(id, self._said_about(deed[1])))
        channel, _, ts = deed[1].partition(":")
        key = "" if channel == "report" else self.key(channel, ts)
        await send(self, user, open_it, given, key)
        await self.settle()
        shown = [one for one in self._said_about(deed[1]) if id(one) not in said]
        what, ticket, value = deed
        answered_at = instant_of(shown[0].ts) if shown else None
        rest = self.ledger.entries.pop()
        self.ledger.entries += [Deed(at, user, what, ticket, value, answered_at), rest]

    async def flags(self, user: str, channel: str, ts: str) -> None:
        """Somebody puts a :ticket: on a message."""
        at = self.clock.now()
        await self.sandbox.react(user, channel, ts, "ticket")
        await self.settle()
        rest = self.ledger.entries.pop()
        self.ledger.entries += [Deed(at, user, "flag", f"{channel}:{ts}", ""), rest]

    async def asks_for_help(self, user: str, card: Message, words: str) -> str:
        """Somebody presses the button on a channel's card; the name of the ticket."""
        at, channel = self.clock.now(), card.channel
        await send(
            self,
            user,
            lambda: self.sandbox.press(user, channel, card.ts, ids.ASK),
            {ids.WORDS: words},
            channel,
        )
        await self.settle()
        [said] = [one for one in self.sandbox.messages(channel) if f">{words}" in one.plain()]
        name = f"{channel}:{said.ts}"
        rest = self.ledger.entries.pop()
        self.ledger.entries += [Deed(at, user, "ask", name, ""), rest]
        return name

    def _said_about(self, ticket: str) -> list[Message]:
        """What the bot says in the thread of a ticket, but for the card."""
        channel, _, ts = ticket.partition(":")
        thread = [] if channel == "report" else self.sandbox.messages(channel, thread_ts=ts)
        return [one for one in thread if one.bot_id and not is_card(one.plain())]

    async def opened(self, user: str, open_it: Callable[[], Awaitable[Interaction]]) -> View:
        """A dialog that does not come within a while is asked for again."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                deaths, asked = self.deaths, time.monotonic()
                await self.until_answered(open_it)
                while self.deaths == deaths and time.monotonic() - asked < DIALOG_SECONDS:
                    if views := self.sandbox.views_open(user):
                        return views[-1]
                    await asyncio.sleep(LOOK_SECONDS)
                if views := self.sandbox.views_open(user):
                    return views[-1]

    async def is_done(self, view: View) -> bool:
        """Whether what was filled in has been taken, though nobody was told so."""
        taken = f"SELECT 1 FROM periods WHERE subject = '{view.view_id}'"  # noqa: S608 (our own)
        return bool(await self._asks(taken))

    async def until_answered(self, ask: Callable[[], Awaitable[Interaction]]) -> Interaction:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                done = await ask()
                if done.acked:
                    return done
                await asyncio.sleep(LOOK_SECONDS)

    async def resolves(self, user: str, ticket: str, severity: str) -> None:
        """By the dialog of the triage card; the ticket has no severity yet."""
        card = self.triage_card(self.key(*ticket.split(":")))
        await self.fills_in(
            user,
            lambda: self.sandbox.press(user, TRIAGE, card.ts, ids.RESOLVE),
            {ids.WORDS: "Restarted it", ids.SEVERITY: severity},
            deed=("resolve", ticket, severity),
        )

    # Judgement.

    async def case(self) -> Case:
        return case_of(self.ledger, self.sandbox, await stored(self._asks), self.clock.now())

    async def differences(self) -> list[str]:
        """What is amiss, and stays so: a bot that has just come to life looks in the history for
        what is being worked, and then that is worked again, in vain."""
        found = differences(await self.case())
        if not found:
            return []
        await asyncio.sleep(FIRST_LOOK_SECONDS)
        await self.settle()
        return differences(await self.case())


@asynccontextmanager
async def world(
    born: Nursery, directory: Path, template: str, *, by_http: bool = False
) -> AsyncIterator[World]:
    """A workspace on a copy of a furnished database; its last bot is killed."""
    clock = Control(directory / "control", MONDAY)
    port = _free_port() if by_http else None
    address = f"http://127.0.0.1:{port}/slack/events" if by_http else None
    async with (
        copied(template, directory) as url,
        asking(url) as asks,
        Sandbox(
            clock,
            rate_limits=False,
            ack_seconds=5,
            retry_seconds=[0.05] * 200,
            request_url=address,
            manifest=app_manifest(),
        ) as box,
    ):
        opened = World(born, box, directory, url, asks, port=port)
        starting = asyncio.create_task(opened.start_again_when_dead())
        try:
            yield opened
        finally:
            starting.cancel()
            await opened.leave()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
