"""The slash command `/desk`."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.ports import Json
from bot.usecases.desk import Desk, staff_member
from bot.views.modals import open_modal
from handlers.door import Door

HELP = (
    "*/desk open*: enter a report that reached you by e-mail, phone or portal, with the time at"
    " which it was reported.\n"
    "Everything else is on the ticket's card in the triage channel: take, severity, reply, resolve."
)


class Commands:
    def __init__(self, door: Door) -> None:
        self._door = door

    async def desk(self, ack: Any, body: Json, command: Json) -> None:
        """Staff only; what people of other workspaces type never reaches us."""

        if command.get("text", "").strip().lower() == "open":
            await ack(await self._door.open_dialog(body, _clients_dialog(command["user_id"])))
        else:
            await ack(await self._door.act(_help(command["user_id"])))


def _clients_dialog(actor: str) -> Callable[[Desk], Awaitable[Json]]:
    async def dialog(desk: Desk) -> Json:
        await staff_member(desk, actor)
        return open_modal([(client.key, client.name) for client in await desk.work.clients.all()])

    return dialog


def _help(actor: str) -> Callable[[Desk], Awaitable[str]]:
    async def said(desk: Desk) -> str:
        await staff_member(desk, actor)
        return HELP

    return said
