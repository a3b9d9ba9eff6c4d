"""The people of a workspace whose bot crashes and restarts.

People who are told that the app did not answer try again.
"""

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
from bot.slack_ts import MessageTs
from tests import ids
from tests.crash.harness.bot_processes import BotProcesses
from tests.crash.harness.control import Control
from tests.crash.harness.crashing_desk import LOOK_SECONDS, PATIENCE_SECONDS, CrashingDesk
from tests.crash.harness.dialogs import send
from tests.judge.judge import Case, case_of, differences
from tests.judge.ledger import Deed
from tests.judge.sample_desk import MONDAY, TRIAGE
from tests.judge.slack_messages import is_card
from tests.judge.store import stored
from tests.stores import asking, copied

FIRST_LOOK_SECONDS = 3.0
DIALOG_SECONDS = 10.0  # a late dialog appears beside the one that was requested again


class World(CrashingDesk):
    """Records every action in the ledger that the judge reads."""

    async def says(self, user: str, channel: str, text: str, **more: Any) -> str:
        ts: str = await self.sandbox.post(user, channel, text, **more)
        await self.settle()
        return ts

    def card(self, channel: str, ts: str) -> Message:
        """Return the card in the thread of a client's message."""
        thread = self.sandbox.messages(channel, thread_ts=ts)
        return next(message for message in thread if message.bot_id and is_card(message.plain()))

    def key(self, channel: str, ts: str) -> str:
        words = self.card(channel, ts).plain()
        return words.partition("*")[2].partition("*")[0]

    def triage_card(self, key: str) -> Message:
        cards = self.sandbox.messages(TRIAGE)
        return next(
            message for message in cards if message.bot_id and f"*{key}*" in message.plain()
        )

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
        """Press the button shown at first until the app has answered; the press may have been
        handled although its answer was lost. `deed` is the action on the ticket for the ledger.
        """
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
        """Open a dialog, fill it in and send it, as often as necessary."""
        at, shown_before = self.clock.now(), set(map(id, self._messages_about(deed[1])))
        channel, _, ts = deed[1].partition(":")
        key = "" if channel == "report" else self.key(channel, ts)
        await send(self, user, open_it, given, key)
        await self.settle()
        shown = [
            message for message in self._messages_about(deed[1]) if id(message) not in shown_before
        ]
        what, ticket, value = deed
        answered_at = MessageTs.parse(shown[0].ts).instant if shown else None
        rest = self.ledger.entries.pop()
        self.ledger.entries += [Deed(at, user, what, ticket, value, answered_at), rest]

    async def flags(self, user: str, channel: str, ts: str) -> None:
        """Add a :ticket: reaction to a message."""
        at = self.clock.now()
        await self.sandbox.react(user, channel, ts, "ticket")
        await self.settle()
        rest = self.ledger.entries.pop()
        self.ledger.entries += [Deed(at, user, "flag", f"{channel}:{ts}", ""), rest]

    async def asks_for_help(self, user: str, card: Message, words: str) -> str:
        """Press the button on a channel's card, enter a request, return the ticket's name."""
        at, channel = self.clock.now(), card.channel
        await send(
            self,
            user,
            lambda: self.sandbox.press(user, channel, card.ts, ids.ASK),
            {ids.WORDS: words},
            channel,
        )
        await self.settle()
        [posted] = [
            message for message in self.sandbox.messages(channel) if f">{words}" in message.plain()
        ]
        name = f"{channel}:{posted.ts}"
        rest = self.ledger.entries.pop()
        self.ledger.entries += [Deed(at, user, "ask", name, ""), rest]
        return name

    def _messages_about(self, ticket: str) -> list[Message]:
        """Return the bot's messages in a ticket's thread, without the card."""
        channel, _, ts = ticket.partition(":")
        thread = [] if channel == "report" else self.sandbox.messages(channel, thread_ts=ts)
        return [message for message in thread if message.bot_id and not is_card(message.plain())]

    async def opened(self, user: str, open_it: Callable[[], Awaitable[Interaction]]) -> View:
        """Open a dialog, and ask for it again if it does not open in time."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                crashes, asked = self.crashes, time.monotonic()
                await self.until_answered(open_it)
                while self.crashes == crashes and time.monotonic() - asked < DIALOG_SECONDS:
                    if views := self.sandbox.views_open(user):
                        return views[-1]
                    await asyncio.sleep(LOOK_SECONDS)
                if views := self.sandbox.views_open(user):
                    return views[-1]

    async def is_done(self, view: View) -> bool:
        """Return whether the dialog's content was handled although nobody was notified."""
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
        """Resolve a ticket that has no severity by the triage card's dialog."""
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
        """Return the lasting differences.

        A bot that has just started reads history for messages that are being handled, and they are
        then handled again without effect.
        """
        remaining = differences(await self.case())
        if not remaining:
            return []
        await asyncio.sleep(FIRST_LOOK_SECONDS)
        await self.settle()
        return differences(await self.case())


@asynccontextmanager
async def world(
    bots: BotProcesses, directory: Path, template: str, *, by_http: bool = False
) -> AsyncIterator[World]:
    """Yield a workspace on a copy of a prepared database; its last bot is killed."""
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
        opened = World(bots, box, directory, url, asks, port=port)
        starting = asyncio.create_task(opened.start_again_when_dead())
        try:
            yield opened
        finally:
            starting.cancel()
            await opened.leave()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
