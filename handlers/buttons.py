"""What is pressed on cards."""

from typing import Any

from bot.ports import Json
from bot.usecases.desk import Desk
from bot.usecases.reading import sheet_for_staff
from bot.usecases.resolving import not_solved, reopen
from bot.usecases.triage import choose_severity, decide_severity, take
from bot.views import ids
from bot.views.modals import reply_modal, resolve_modal
from handlers.door import Door


class Buttons:
    def __init__(self, door: Door) -> None:
        self._door = door

    async def client_severity(self, ack: Any, body: Json, action: Json) -> None:
        """A severity's button on the client's card."""
        severity = ids.severity_of(action["action_id"])
        key, actor, channel = action["value"], body["user"]["id"], body["channel"]["id"]
        said = await self._door.act(lambda d: choose_severity(d, key, actor, severity, channel))
        await ack()
        await self._door.tell(body, said)

    async def not_solved(self, ack: Any, body: Json, action: Json) -> None:
        key, actor, channel = action["value"], body["user"]["id"], body["channel"]["id"]
        said = await self._door.act(lambda d: not_solved(d, key, actor, channel))
        await ack()
        await self._door.tell(body, said)

    async def take(self, ack: Any, body: Json, action: Json) -> None:
        said = await self._door.act(lambda d: take(d, action["value"], body["user"]["id"]))
        await ack()
        await self._door.tell(body, said)

    async def triage_severity(self, ack: Any, body: Json, action: Json) -> None:
        """The severity menu on the triage card."""
        key, severity = ids.chosen_severity(action["selected_option"]["value"])
        said = await self._door.act(lambda d: decide_severity(d, key, body["user"]["id"], severity))
        await ack()
        await self._door.tell(body, said)

    async def reopen(self, ack: Any, body: Json, action: Json) -> None:
        said = await self._door.act(lambda d: reopen(d, action["value"], body["user"]["id"]))
        await ack()
        await self._door.tell(body, said)

    async def resolve(self, ack: Any, body: Json, action: Json) -> None:
        """Opens the dialog that asks what was done."""
        await ack()

        async def dialog(desk: Desk) -> Json:
            sheet = await sheet_for_staff(desk, action["value"], body["user"]["id"])
            severities = [promise.severity for promise in sheet.plan.promises]
            needed = sheet.ticket.severity is None
            return resolve_modal(sheet.ticket.key, severities, severity_needed=needed)

        await self._door.tell(body, await self._door.open_dialog(body, dialog))

    async def reply(self, ack: Any, body: Json, action: Json) -> None:
        """Opens the dialog for an answer to the client."""
        await ack()

        async def dialog(desk: Desk) -> Json:
            sheet = await sheet_for_staff(desk, action["value"], body["user"]["id"])
            by_slack = sheet.ticket.channel_id is not None
            return reply_modal(sheet.ticket.key, by_slack=by_slack)

        await self._door.tell(body, await self._door.open_dialog(body, dialog))
