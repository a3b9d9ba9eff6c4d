"""Message shortcuts. Slack offers them only in the vendor's own workspace."""

from typing import Any

from bot.domain.tickets.refusals import NoOpenTicket
from bot.json_types import Json
from bot.usecases.access import staff_member
from bot.usecases.desk import Desk
from bot.usecases.intake.add_message import Picked, open_from
from bot.usecases.tickets.open_tickets import open_ticket_views
from bot.views.intake.add_message import add_modal
from bot.views.intake.open_ticket import open_modal
from bot.views.refusals import refused_modal, sentence_of
from handlers.slack.commands.asked import as_typed
from handlers.slack.door import Door
from handlers.slack.sanitize import sanitize


class Shortcuts:
    """Message shortcuts; a refusal is shown as a dialog, because the app may not be in the
    channel.
    """

    def __init__(self, door: Door) -> None:
        self._door = door

    async def open(self, ack: Any, body: Json) -> None:
        """Handle *Open a ticket*, for a client's message or for a message elsewhere."""
        picked, actor = _picked(body), body["user"]["id"]
        ticket, refusal = await self._door.reply(lambda d: open_from(d, picked, actor))
        await ack()
        if ticket is not None:
            await self._door.tell(body, f"It is part of {ticket.key}.")
            return

        async def dialog(desk: Desk) -> Json:
            if refusal is not None:
                return refused_modal(sentence_of(refusal))
            await staff_member(desk, actor)
            clients = [(client.key, client.name) for client in await desk.work.clients.all()]
            return open_modal(clients, words=picked.words)

        await self._show(body, dialog)

    async def add(self, ack: Any, body: Json) -> None:
        """Handle *Add to a ticket*."""
        await ack()
        picked, actor = _picked(body), body["user"]["id"]

        async def dialog(desk: Desk) -> Json:
            await staff_member(desk, actor)
            channel = await desk.work.channels.current(picked.channel_id)
            ticket_views = await open_ticket_views(
                desk, await desk.work.clients.by_channel_for_update(channel)
            )
            if not ticket_views:
                raise NoOpenTicket
            tickets = [
                (ticket_view.ticket.key, ticket_view.ticket.summary) for ticket_view in ticket_views
            ]
            return add_modal(picked.channel_id, picked.ts, picked.words, tickets)

        await self._show(body, dialog)

    async def _show(self, body: Json, dialog: Any) -> None:
        view, refusal = await self._door.look(dialog)
        refused = refused_modal(sentence_of(refusal) if refusal else "")
        await self._door.show(body, view or refused)


def _picked(body: Json) -> Picked:
    message = sanitize(body["message"])
    words = as_typed(str(message.get("text") or ""))
    return Picked(body["channel"]["id"], message["ts"], words)
