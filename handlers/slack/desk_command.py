"""The slash command `/desk`.

Only for staff; Slack does not deliver commands of people from other workspaces.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from bot.domain.ids import ChannelId, UserId
from bot.domain.intake.refusals import NoSuchCommand, TicketNotNamed
from bot.domain.tickets.refusals import NoSuchTicket
from bot.json_types import Json
from bot.usecases.access import staff_member
from bot.usecases.desk import Desk
from bot.usecases.reports.subscriptions import Place
from bot.views.message import Message
from handlers.slack.door import SLACK_TROUBLE, Done, Door
from handlers.slack.feature import Answer, Asked, Word
from handlers.slack.features import FEATURES
from handlers.slack.sanitize import sanitize

PLACE_SECONDS = 2.0  # Slack waits three seconds for the acknowledgement
WORDS: dict[str, Word] = {word.name: word for feature in FEATURES for word in feature.words}


class DeskCommand:
    """Answers `/desk` and its words."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def desk(self, ack: Any, body: Json, command: Json) -> None:
        text, actor = sanitize(command.get("text", "")), UserId(command["user_id"])
        word = WORDS.get(word_of(text))
        place = await self._place(command["channel_id"]) if word and word.needs_place else None
        run = self._door.run_write if word and word.changes else self._door.run_read
        result = await run(_answer(text, actor, place))
        answer = result.value if isinstance(result, Done) else result.text
        if isinstance(answer, Message):
            await ack(text=answer.text, blocks=answer.blocks)
        elif isinstance(answer, dict):
            await ack(await self._door.show_dialog(body, answer) or "")
        else:
            await ack(answer)

    async def _place(self, channel_id: str) -> Place | None:
        """Return the facts Slack knows about a channel; None if the call fails."""
        try:
            async with asyncio.timeout(PLACE_SECONDS):
                answer = await self._door.client.conversations_info(channel=channel_id)
        except SLACK_TROUBLE:
            return None
        channel = answer.get("channel") or {}
        shared = ("is_shared", "is_ext_shared", "is_pending_ext_shared", "is_im", "is_mpim")
        is_shared = any(channel.get(name) for name in shared)
        return Place(ChannelId(channel_id), is_shared, bool(channel.get("is_member")))


def _answer(text: str, actor: UserId, place: Place | None) -> Callable[[Desk], Awaitable[Answer]]:
    async def answer(desk: Desk) -> Answer:
        await staff_member(desk, actor)
        word, asked = asked_with(text, actor)
        try:
            return await word.answer(desk, replace(asked, place=place))
        except NoSuchTicket as refusal:
            near = await near_keys(desk, asked.key)
            raise NoSuchTicket(refusal.key, near) from None

    return answer


def word_of(text: str) -> str:
    """Return the first word, in lower case; empty input means the queue."""
    return text.strip().partition(" ")[0].lower() or "queue"


def asked_with(text: str, actor: UserId) -> tuple[Word, Asked]:
    """Return the word and the input after it.

    Slack sends `&`, `<` and `>` as entities and people as mentions. Raises Refusal with a
    suggestion for an unknown word.
    """
    name, rest = word_of(text), text.strip().partition(" ")[2].strip()
    if name not in WORDS:
        near = get_close_matches(name, WORDS, n=1)
        raise NoSuchCommand(name, near[0] if near else None)
    word = WORDS[name]
    if not word.is_about_a_ticket:
        return word, Asked(actor, "", rest)
    key, _, rest = rest.partition(" ")
    if not key:
        raise TicketNotNamed(name)
    return word, Asked(actor, key.upper(), rest.strip())


async def near_keys(desk: Desk, key: str) -> tuple[str, ...]:
    """Return up to three similar keys of open tickets; for staff."""
    return tuple(get_close_matches(key, await desk.work.tickets.open_keys(), n=3))
