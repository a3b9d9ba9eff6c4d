"""The slash command `/desk`. Staff only; what people of other workspaces type never reaches us."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.errors import Refusal
from bot.ports import Json
from bot.usecases.desk import Desk, NoSuchTicket, staff_member
from bot.views.message import Message
from handlers.asked import Answer
from handlers.desk_words import WORDS, asked_with, near_keys, word_of
from handlers.door import Door
from handlers.sound import sound


class Commands:
    def __init__(self, door: Door) -> None:
        self._door = door

    async def desk(self, ack: Any, body: Json, command: Json) -> None:
        text, actor = sound(command.get("text", "")), command["user_id"]
        name = word_of(text)
        changes = name in WORDS and WORDS[name].changes
        said = await self._door.answer(_answer(text, actor), changes=changes)
        if isinstance(said, Message):
            await ack(text=said.text, blocks=said.blocks)
        elif isinstance(said, dict):
            await ack(await self._door.show(body, said))
        else:
            await ack(said)


def _answer(text: str, actor: str) -> Callable[[Desk], Awaitable[Answer]]:
    async def answer(desk: Desk) -> Answer:
        await staff_member(desk, actor)
        word, asked = asked_with(text, actor)
        try:
            return await word.does(desk, asked)
        except NoSuchTicket as refusal:
            raise Refusal(f"{refusal}{await near_keys(desk, asked.key)}") from None

    return answer
