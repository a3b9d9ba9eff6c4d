"""Clicks on the buttons and menus of cards."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from bot.domain.ids import ChannelId, UserId
from bot.json_types import Json
from bot.usecases.desk import Desk
from bot.usecases.intake.ask import may_ask
from bot.usecases.intake.which_ticket import meant
from bot.usecases.tickets.closing.dismiss import dismiss
from bot.usecases.tickets.closing.rate import rate
from bot.usecases.tickets.closing.reopen import not_solved, reopen
from bot.usecases.tickets.closing.withdraw import withdraw
from bot.usecases.tickets.handling.snooze import snooze
from bot.usecases.tickets.handling.take import take, take_over
from bot.usecases.tickets.handling.wait import wait_no_longer, wait_on_client
from bot.usecases.tickets.ticket_views import view_ticket_for_staff
from bot.usecases.tickets.triage.severity import choose_severity, decide_severity
from bot.views import ids
from bot.views.intake.ask import ask_modal
from bot.views.intake.which_ticket import meant_text
from bot.views.operations.out_of_use import BUTTON
from bot.views.tickets.closing.rate import rated_text
from bot.views.tickets.triage.severity import NOTED
from handlers.slack.dialogs.ticket_dialogs import OF_CHOICE, Dialog
from handlers.slack.door import Door


class Buttons:
    def __init__(self, door: Door) -> None:
        self._door = door

    async def client_severity(self, ack: Any, body: Json, action: Json) -> None:
        """Handle a severity button on the client's card."""
        severity, shown = (
            ids.severity_of(action["action_id"]),
            ids.severity_shown(action["block_id"]),
        )
        key, actor, channel = action["value"], body["user"]["id"], body["channel"]["id"]

        async def choose(desk: Desk) -> str:
            holds = await choose_severity(
                desk, key, actor, severity, channel_id=channel, shown=shown
            )
            return "" if holds else NOTED

        sentence = await self._door.act(choose)
        await ack()
        await self._door.tell(body, sentence)

    async def not_solved(self, ack: Any, body: Json, action: Json) -> None:
        key, actor, channel = action["value"], body["user"]["id"], body["channel"]["id"]
        sentence = await self._door.act(lambda d: not_solved(d, key, actor, channel))
        await ack()
        await self._door.tell(body, sentence)

    async def ask(self, ack: Any, body: Json) -> None:
        """Handle the button on the card pinned in a client's channel."""
        await ack()
        actor, channel = body["user"]["id"], body["channel"]["id"]

        async def dialog(desk: Desk) -> Json:
            _, plan = await may_ask(desk, channel, actor)
            return ask_modal(channel, [promise.severity for promise in plan.promises])

        await self._door.tell(body, await self._door.open_dialog(body, dialog))

    async def withdraw(self, ack: Any, body: Json, action: Json) -> None:
        key, actor, channel = action["value"], body["user"]["id"], body["channel"]["id"]
        sentence = await self._door.act(lambda d: withdraw(d, key, actor, channel))
        await ack()
        await self._door.tell(body, sentence)

    async def rate(self, ack: Any, body: Json, action: Json) -> None:
        key, actor, channel = action["value"], body["user"]["id"], body["channel"]["id"]
        rating = ids.rating_of(action["action_id"])

        async def rated(desk: Desk) -> str:
            return rated_text(await rate(desk, key, actor, rating, channel))

        sentence = await self._door.act(rated)
        await ack()
        await self._door.tell(body, sentence)

    async def take_over(self, ack: Any, body: Json, action: Json) -> None:
        key, has_it = ids.chosen_take_over(action["value"])
        sentence = await self._door.act(
            lambda d: take_over(d, key, body["user"]["id"], UserId(has_it))
        )
        await ack()
        await self._door.tell(body, sentence)

    async def take(self, ack: Any, body: Json, action: Json) -> None:
        sentence = await self._door.act(lambda d: take(d, action["value"], body["user"]["id"]))
        await ack()
        await self._door.tell(body, sentence)

    async def triage_severity(self, ack: Any, body: Json, action: Json) -> None:
        """Handle the severity menu on the triage card."""
        key, severity = ids.chosen_severity(action["selected_option"]["value"])
        actor, shown = body["user"]["id"], ids.severity_shown(action["block_id"])
        sentence = await self._door.act(
            lambda d: decide_severity(d, key, actor, severity, shown=shown)
        )
        await ack()
        await self._door.tell(body, sentence)

    async def reopen(self, ack: Any, body: Json, action: Json) -> None:
        sentence = await self._door.act(lambda d: reopen(d, action["value"], body["user"]["id"]))
        await ack()
        await self._door.tell(body, sentence)

    def opens(self, dialog: Dialog) -> Callable[..., Awaitable[None]]:
        """Return the handler of a button that opens a dialog about its ticket."""

        async def open_it(ack: Any, body: Json, action: Json) -> None:
            await ack()
            view = _about(action["value"], body["user"]["id"], dialog)
            await self._door.tell(body, await self._door.open_dialog(body, view))

        return open_it

    async def meant(self, ack: Any, body: Json, action: Json) -> None:
        """Handle the choice of a ticket that a staff member's message belongs to."""
        key, channel_id, ts = ids.chosen_meant(action["value"])
        actor = body["user"]["id"]

        async def attach(desk: Desk) -> str:
            chosen = await meant(desk, key, actor, ChannelId(channel_id), ts)
            return meant_text(chosen.key, is_first_response=chosen.is_first_response)

        sentence = await self._door.act(attach)
        await ack()
        await self._door.tell(body, sentence)

    async def more(self, ack: Any, body: Json, action: Json) -> None:
        """Handle the overflow menu of a triage card or a ping."""
        key, choice = ids.chosen_more(action["selected_option"]["value"])
        actor = body["user"]["id"]
        match choice:
            case ids.TAKE:
                sentence = await self._door.act(lambda d: take(d, key, actor))
            case _ if choice in ids.SNOOZES:
                length = timedelta(minutes=ids.SNOOZES[choice])
                sentence = await self._door.act(lambda d: snooze(d, key, actor, d.now + length))
            case ids.WAIT:
                sentence = await self._door.act(lambda d: wait_on_client(d, key, actor))
            case ids.GO_ON:
                sentence = await self._door.act(lambda d: wait_no_longer(d, key, actor))
            case ids.WAKE:
                sentence = await self._door.act(lambda d: snooze(d, key, actor, None))
            case ids.DISMISS:
                sentence = await self._door.act(lambda d: dismiss(d, key, actor))
            case _ if choice in OF_CHOICE:
                sentence = await self._door.open_dialog(body, _about(key, actor, OF_CHOICE[choice]))
            case _:  # from a card of another Deskbell version
                sentence = BUTTON
        await ack()
        await self._door.tell(body, sentence)


def _about(key: str, actor: UserId, view: Dialog) -> Callable[[Desk], Awaitable[Json]]:
    """Return a function that makes the dialog about a ticket, for staff."""

    async def dialog(desk: Desk) -> Json:
        return await view(desk, await view_ticket_for_staff(desk, key, actor))

    return dialog
