"""Handlers for the interactions of features.

A handler acknowledges the interaction, parses it into values, calls the function of its feature in
a transaction, and shows the result.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.domain.ids import ChannelId, UserId
from bot.domain.sla.refusals import NoSuchTime
from bot.json_types import Json
from bot.slack_ts import MessageTs
from bot.usecases.desk import Desk
from bot.views.ids import chosen_more
from bot.views.operations.out_of_use import BUTTON
from bot.views.refusals import refused_modal
from handlers.slack.door import Done, Door, Refused, Result
from handlers.slack.feature import (
    Acts,
    ChosenMessage,
    Click,
    Confirms,
    Opens,
    Previews,
    Saves,
    Shortcut,
    Submission,
    Submits,
)
from handlers.slack.sanitize import sanitize
from handlers.slack.typed_text import as_typed

Handler = Callable[..., Awaitable[None]]


class Interactions:
    """Makes the handlers that Bolt calls."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def click(self, does: Acts | Opens) -> Handler:
        """Return the handler of a button or a menu."""

        async def clicked(ack: Any, body: Json, action: Json) -> None:
            value = action["value"] if "value" in action else action["selected_option"]["value"]
            await self._click(ack, body, does, _click(body, action, value))

        return clicked

    def choice(self, choices: Mapping[str, Acts | Opens]) -> Handler:
        """Return the handler of the ⋯ menu of cards and pings."""

        async def chosen(ack: Any, body: Json, action: Json) -> None:
            key, choice = chosen_more(action["selected_option"]["value"])
            if choice in choices:
                await self._click(ack, body, choices[choice], _click(body, action, key))
            else:  # from a card of another Deskbell version
                await ack()
                await self._door.tell(body, BUTTON)

        return chosen

    async def _click(self, ack: Any, body: Json, does: Acts | Opens, click: Click) -> None:
        match does:
            case Acts(use_case):
                result = await self._door.run_write(lambda desk: use_case(desk, click))
                await ack()
                text = result.value if isinstance(result, Done) else result.text
            case Opens(dialog):
                await ack()
                text = await self._open(body, lambda desk: dialog(desk, click))
        await self._door.tell(body, text)

    async def _open(self, body: Json, dialog: Callable[[Desk], Awaitable[Json]]) -> str | None:
        """Open a dialog; return a sentence for the person if it is refused."""
        result = await self._door.run_read(dialog)
        if isinstance(result, Refused):
            return result.text
        return await self._door.show_dialog(body, result.value)

    def submission(self, submits: Submits | Callable[[Submission], Submits]) -> Handler:
        """Return the handler of a submitted dialog."""

        async def submitted(ack: Any, body: Json, view: Json) -> None:
            submission = _submission(body, view)
            match submits if isinstance(submits, Submits) else submits(submission):
                case Saves(use_case, field, time_field):
                    saved = await self._door.run_write(lambda desk: use_case(desk, submission))
                    await _close(ack, saved, field, time_field)
                case Previews(dialog, field, time_field):
                    shown = await self._door.run_read(lambda desk: dialog(desk, submission))
                    await _push(ack, shown, field, time_field)
                case Confirms(use_case):
                    confirmed = await self._door.run_write(lambda desk: use_case(desk, submission))
                    await _close_all(ack, confirmed)

        return submitted

    def shortcut(self, shortcut: Shortcut) -> Handler:
        """Return the handler of a message shortcut.

        A refusal is shown as a dialog, because the app may not be in the channel.
        """

        async def chosen(ack: Any, body: Json) -> None:
            message = _chosen_message(body)
            text = await self._first(shortcut, message)
            await ack()
            if isinstance(text, Refused):
                await self._door.show_dialog(body, refused_modal(text.sentence))
            elif text is not None:
                await self._door.tell(body, text)
            else:
                result = await self._door.run_read(lambda desk: shortcut.dialog(desk, message))
                await self._door.show_dialog(body, _view_of(result))

        return chosen

    async def _first(self, shortcut: Shortcut, message: ChosenMessage) -> str | Refused | None:
        """Run the use-case of a shortcut; return the sentence for the person, or the refusal."""
        use_case = shortcut.use_case
        if use_case is None:
            return None
        result = await self._door.run_write(lambda desk: use_case(desk, message))
        return result.value if isinstance(result, Done) else result


def _view_of(result: Result[Json]) -> Json:
    return result.value if isinstance(result, Done) else refused_modal(result.sentence)


def _click(body: Json, action: Json, value: str) -> Click:
    channel_id, block_id = body.get("channel", {}).get("id", ""), action.get("block_id", "")
    return Click(
        UserId(body["user"]["id"]), ChannelId(channel_id), action["action_id"], block_id, value
    )


def _submission(body: Json, view: Json) -> Submission:
    return Submission(
        UserId(body["user"]["id"]), view["id"], view["private_metadata"], _values(view)
    )


def _values(view: Json) -> dict[str, str]:
    """Return the submitted values by input; "" for empty fields."""
    submitted = {}
    for block in view["state"]["values"].values():
        for name, element in block.items():
            option = element.get("selected_option") or {}
            chosen = option.get("value") or element.get("selected_user")
            chosen = chosen or element.get("selected_date_time")
            submitted[name] = sanitize(str(element.get("value") or chosen or ""))
    return submitted


def _chosen_message(body: Json) -> ChosenMessage:
    message = sanitize(body["message"])
    words = as_typed(str(message.get("text") or ""))
    actor, channel_id = UserId(body["user"]["id"]), ChannelId(body["channel"]["id"])
    return ChosenMessage(actor, channel_id, MessageTs.parse(message["ts"]), words)


async def _close(ack: Any, result: Result[object], field: str, time_field: str) -> None:
    """Close the dialog, or show the refusal beside its input."""
    if isinstance(result, Done):
        await ack()
    else:
        await _refuse(ack, result, field, time_field)


async def _push(ack: Any, result: Result[Json], field: str, time_field: str) -> None:
    """Show the second dialog above the first, or the refusal beside its input."""
    if isinstance(result, Done):
        await ack(response_action="push", view=result.value)
    else:
        await _refuse(ack, result, field, time_field)


async def _refuse(ack: Any, refused: Refused, field: str, time_field: str) -> None:
    beside = time_field if isinstance(refused.refusal, NoSuchTime) else field
    await ack(response_action="errors", errors={beside: refused.sentence})


async def _close_all(ack: Any, result: Result[object]) -> None:
    """Close all dialogs, or replace the confirmation by the refusal."""
    if isinstance(result, Done):
        await ack(response_action="clear")
    else:
        await ack(response_action="update", view=refused_modal(result.sentence))
