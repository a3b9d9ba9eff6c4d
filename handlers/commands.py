"""The slash command `/desk`. Staff only; what people of other workspaces type never reaches us."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.errors import Refusal
from bot.ports import Json
from bot.usecases.desk import Desk, staff_member
from bot.usecases.reading import sheet_for_staff
from bot.usecases.triage import decide_severity
from bot.usecases.waiting import wait_no_longer, wait_on_client
from bot.views.modals import open_modal
from bot.views.why import why_text
from handlers.door import Door
from handlers.sound import sound

HELP = """\
*/desk open*: enter a report that reached you by e-mail, phone or portal, with its time.
*/desk why KEY*: why a ticket is due when it is.
*/desk severity KEY SEVERITY*: it was so severe from the start; with *now* at the end, from now.
*/desk wait KEY*, */desk go-on KEY*: wait on the client, or no longer.
The rest is on the ticket's card in the triage channel: take, reply, resolve, reopen."""

Answer = Callable[[Desk], Awaitable[str]]


class Commands:
    def __init__(self, door: Door) -> None:
        self._door = door

    async def desk(self, ack: Any, body: Json, command: Json) -> None:
        verb, *words = sound(command.get("text", "")).split() or ["help"]
        actor = command["user_id"]
        if verb.lower() == "open":
            await ack(await self._door.open_dialog(body, _clients_dialog(actor)))
        else:
            await ack(await self._door.act(_answer(verb.lower(), words, actor)))


def _answer(verb: str, words: list[str], actor: str) -> Answer:
    async def answer(desk: Desk) -> str:
        await staff_member(desk, actor)
        if verb not in _VERBS:
            return HELP
        if not words:
            raise Refusal(f"Name the ticket, as in */desk {verb} ACME-1*.")
        return await _VERBS[verb](desk, actor, words[0].upper(), words[1:])

    return answer


async def _why(desk: Desk, actor: str, key: str, _: list[str]) -> str:
    return why_text(await sheet_for_staff(desk, key, actor))


async def _wait(desk: Desk, actor: str, key: str, _: list[str]) -> str:
    return f"{(await wait_on_client(desk, key, actor)).key} waits on the client."


async def _go_on(desk: Desk, actor: str, key: str, _: list[str]) -> str:
    return f"{(await wait_no_longer(desk, key, actor)).key} waits no longer."


async def _severity(desk: Desk, actor: str, key: str, words: list[str]) -> str:
    if not words:
        raise Refusal(f"Say how severe, as in */desk severity {key} high*, or *high now*.")
    from_now = [word.lower() for word in words[1:]] == ["now"]
    ticket = await decide_severity(desk, key, actor, words[0].lower(), from_now=from_now)
    return f"{ticket.key} is {ticket.severity} {'from now on' if from_now else 'from the start'}."


_VERBS: dict[str, Callable[[Desk, str, str, list[str]], Awaitable[str]]] = {
    "why": _why,
    "wait": _wait,
    "go-on": _go_on,
    "severity": _severity,
}


def _clients_dialog(actor: str) -> Callable[[Desk], Awaitable[Json]]:
    async def dialog(desk: Desk) -> Json:
        await staff_member(desk, actor)
        return open_modal([(client.key, client.name) for client in await desk.work.clients.all()])

    return dialog
