"""Simulated people who act in each client's channel, whether or not the bot is running.

Only people who press a button wait for the bot, and they press again if nothing answers.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.sandbox import Message
from bot.slack_ts import MessageTs
from tests import ids
from tests.crash.harness.dialogs import send
from tests.crash.harness.world import World
from tests.judge.ledger import Deed, Terms
from tests.judge.tickets import ExpectedTicket, Reading

SEVERITIES = ("critical", "high", "low")
MOST_TICKETS = 3  # of a client with an action between two rests
A_MOMENT = timedelta(milliseconds=1)
Doing = Callable[[ExpectedTicket], Awaitable[None]]


class ChannelActivity:
    """The activity in a client's channel: its people and a staff member act in sequence.

    Between two rests a ticket is affected by a single action at most. If two actions came
    together with a deadline, the expected pings would be ambiguous.
    """

    def __init__(self, at: World, terms: Terms, staff: str, dice: random.Random) -> None:
        self._at = at
        self._terms = terms
        self._staff = staff
        self._dice = dice
        self._written = 0
        self._sent: list[tuple[Deed, str]] = []  # sent by dialog, with the words that will be shown

    async def act(self) -> None:
        """Perform the channel's actions between two rests."""
        known = self._known_tickets()
        for ticket in self._dice.sample(known, min(len(known), MOST_TICKETS)):
            await self._dice.choice(list(self._possible_actions(ticket)))(ticket)
        for asks in self._dice.sample(
            [self._asks, self._asks_bit_by_bit, self._report_by_phone], 2
        ):
            await asks()

    def rested(self) -> None:
        """After a rest: record when the words of the dialogs were shown."""
        for deed, words in self._sent:
            bot_messages = [
                message for message in self._at.sandbox.all_messages() if message.bot_id
            ]
            channel_messages = [
                message for message in bot_messages if message.channel == self._terms.channel
            ]
            non_cards = [
                message for message in channel_messages if "Who has it:" not in message.plain()
            ]
            shown_at = next(
                (
                    MessageTs.parse(message.ts).instant
                    for message in non_cards
                    if words in message.plain()
                ),
                None,
            )
            entries = self._at.ledger.entries
            entries[entries.index(deed)] = replace(deed, shown_at=shown_at)
        self._sent.clear()

    def _known_tickets(self) -> list[ExpectedTicket]:
        """Return the tickets known at the last rest that began in Slack."""
        reading = Reading(self._at.ledger, self._at.ledger.entries)
        own_tickets = [ticket for ticket in reading.tickets.values() if ticket.terms is self._terms]
        return [ticket for ticket in own_tickets if ticket.root[0]]

    def _possible_actions(self, ticket: ExpectedTicket) -> Iterator[Doing]:
        yield from (self._client_writes, self._client_edits, self._staff_answer)
        if ticket.messages - {ticket.root[1]}:
            yield self._client_deletes
        if not ticket.is_open:
            yield self._not_solved
            return
        if ticket.severity is None:  # a severity set later might decide whether there is a breach
            yield from (self._decide, self._propose)
        yield from (self._take, self._wait, self._reply, self._resolve)

    def _words(self, what: str) -> str:
        self._written += 1
        return f"{what} {self._terms.key.lower()}.{self._written}"

    def _moment(self) -> None:
        """Advance the clock, so that later events have later instants."""
        self._at.clock.set(self._at.clock.now() + A_MOMENT)

    @property
    def _person(self) -> str:
        return self._dice.choice(self._at.people[self._terms.key])

    # Actions of clients.

    async def _asks(self) -> None:
        self._moment()
        await self._at.sandbox.post(self._person, self._terms.channel, self._words("Help with"))

    async def _asks_bit_by_bit(self) -> None:
        """Post two messages of a single ticket; the first is edited before anybody can have read
        it.
        """
        person, channel = self._person, self._terms.channel
        self._moment()
        ts = await self._at.sandbox.post(person, channel, self._words("Hepl with"))
        await self._at.sandbox.post(person, channel, self._words("And with"))
        await self._at.sandbox.edit(person, channel, ts, self._words("Help with"))

    async def _client_writes(self, ticket: ExpectedTicket) -> None:
        self._moment()
        words = self._dice.choice([self._words("Any news of"), "Thanks!"])
        channel, root = ticket.root
        await self._at.sandbox.post(self._person, channel, words, thread_ts=root)

    async def _client_edits(self, ticket: ExpectedTicket) -> None:
        self._moment()
        message = self._at.sandbox._workspace.find(*ticket.root)
        if message is not None and message.user is not None:
            await self._at.sandbox.edit(message.user, *ticket.root, self._words("Rather help with"))

    async def _client_deletes(self, ticket: ExpectedTicket) -> None:
        """Delete a follow-up message; the request remains."""
        self._moment()
        channel, root = ticket.root
        ts = self._dice.choice(sorted(ticket.messages - {root}))
        message = self._at.sandbox._workspace.find(channel, ts)
        if message is not None and message.user in self._at.people[self._terms.key]:
            await self._at.sandbox.delete(message.user, channel, ts)

    async def _propose(self, ticket: ExpectedTicket) -> None:
        severity, card = self._dice.choice(SEVERITIES), self._card(ticket)
        action, deed = ids.client_severity(severity), ("severity", ticket.name, severity)
        await self._press(self._person, card, action, deed)

    async def _not_solved(self, ticket: ExpectedTicket) -> None:
        card, deed = self._card(ticket), ("reopen", ticket.name, "")
        await self._press(self._person, card, ids.NOT_SOLVED, deed)

    # Actions of staff.

    async def _staff_answer(self, ticket: ExpectedTicket) -> None:
        self._moment()
        channel, root = ticket.root
        words = self._words("We are at")
        await self._at.sandbox.post(self._staff, channel, words, thread_ts=root)

    async def _take(self, ticket: ExpectedTicket) -> None:
        """Take the ticket from the assignee that the card shows."""
        card = self._at.triage_card(self._key(ticket))
        shown = {
            element.get("action_id")
            for block in card.blocks
            for element in block.get("elements", ())
        }
        action = ids.TAKE if ids.TAKE in shown else ids.TAKE_OVER
        await self._triage(ticket, action, ("take", ticket.name, ""))

    async def _decide(self, ticket: ExpectedTicket) -> None:
        severity = self._dice.choice(SEVERITIES)
        value = ids.severity_choice(self._key(ticket), severity)
        deed = ("severity", ticket.name, severity)
        await self._triage(ticket, ids.TRIAGE_SEVERITY, deed, value)

    async def _wait(self, ticket: ExpectedTicket) -> None:
        what = ids.GO_ON if ticket.waiting else ids.WAIT
        value = ids.more_choice(self._key(ticket), what)
        await self._triage(ticket, ids.MORE, (what, ticket.name, ""), value)

    async def _reply(self, ticket: ExpectedTicket) -> None:
        words = self._words("We look into")
        await self._fill_in(ticket, ids.REPLY, {ids.WORDS: words}, "reply")

    async def _resolve(self, ticket: ExpectedTicket) -> None:
        words, severity = self._words("Mended"), ticket.severity or self._dice.choice(SEVERITIES)
        given = {ids.WORDS: words} | ({} if ticket.severity else {ids.SEVERITY: severity})
        await self._fill_in(ticket, ids.RESOLVE, given, "resolve", severity)

    async def _report_by_phone(self) -> None:
        """The client's people call by phone, and staff open a ticket."""
        words = self._words("Called about")
        given = {
            ids.CLIENT: self._terms.key,
            ids.SOURCE: "phone",
            ids.REPORTED_BY: "Bob",
            ids.REPORTED_AT: "",
            ids.WORDS: words,
        }
        self._moment()
        deed = Deed(self._at.clock.now(), self._staff, "report", f"report:{words}", self._terms.key)
        triage, command = self._at.ledger.triage, self._at.sandbox.command
        await send(
            self._at, self._staff, lambda: command(self._staff, triage, "/desk", "open"), given, ""
        )
        self._at.ledger.entries.append(deed)

    def _key(self, ticket: ExpectedTicket) -> str:
        return self._card(ticket).plain().partition("*")[2].partition("*")[0]

    def _card(self, ticket: ExpectedTicket) -> Message:
        """Return the card in the thread of the ticket's first message, or of a message that arrived
        earlier.
        """
        channel = self._terms.channel
        threads = (self._at.sandbox.messages(channel, thread_ts=ts) for ts in ticket.messages)
        bot_messages = (message for thread in threads for message in thread if message.bot_id)
        return next(message for message in bot_messages if "Who has it:" in message.plain())

    async def _triage(
        self,
        ticket: ExpectedTicket,
        action: str,
        deed: tuple[str, str, str],
        value: str | None = None,
    ) -> None:
        card = self._at.triage_card(self._key(ticket))
        await self._press(self._staff, card, action, deed, value)

    async def _press(
        self,
        user: str,
        card: Any,
        action: str,
        deed: tuple[str, str, str],
        value: str | None = None,
    ) -> None:
        self._moment()
        await self._at.presses(user, card, action, value, deed=deed, settles=False)

    async def _fill_in(
        self, ticket: ExpectedTicket, action: str, given: dict[str, str], what: str, value: str = ""
    ) -> None:
        key = self._key(ticket)
        card = self._at.triage_card(key)
        self._moment()
        deed = Deed(self._at.clock.now(), self._staff, what, ticket.name, value)
        press, blocks = self._at.sandbox.press, deepcopy(card.blocks)
        await send(
            self._at,
            self._staff,
            lambda: press(self._staff, card.channel, card.ts, action, blocks=blocks),
            given,
            key,
        )
        self._at.ledger.entries.append(deed)
        self._sent.append((deed, given[ids.WORDS]))


async def continue_all(activities: list[ChannelActivity]) -> None:
    async with asyncio.TaskGroup() as together:
        for activity in activities:
            together.create_task(activity.act())
