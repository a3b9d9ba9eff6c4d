"""Handles requests that match nothing else in the route table.

Bolt would answer 404: Slack would count a failure and show the person an unexplained error.
"""

from typing import Any

import structlog

from bot.json_types import Json
from bot.views.operations.out_of_use import (
    BUTTON,
    COMMAND,
    SHORTCUT,
    dialog_out_of_use,
    shortcut_out_of_use,
)
from handlers.slack.door import Door


class OutOfUse:
    def __init__(self, door: Door) -> None:
        self._door = door
        self._log = structlog.get_logger("handlers")

    async def action(self, ack: Any, body: Json, action: Json) -> None:
        """Handle an unknown action on a message or in a view; in a view nobody can be informed."""
        self._note("action", action.get("action_id"))
        await ack()
        if "channel" in body:
            await self._door.tell(body, BUTTON)

    async def sent(self, ack: Any, view: Json) -> None:
        """Handle an unknown dialog: it stays open with an explanation, as its input is stored
        nowhere else.
        """
        self._note("view", view.get("callback_id"))
        await ack(response_action="update", view=dialog_out_of_use())

    async def closed(self, ack: Any) -> None:
        await ack()

    async def options(self, ack: Any, body: Json) -> None:
        """Answer a menu that requests its options."""
        self._note("options", body.get("action_id"))
        await ack(options=[])

    async def command(self, ack: Any, command: Json) -> None:
        self._note("command", command.get("command"))
        await ack(COMMAND)

    async def shortcut(self, ack: Any, body: Json) -> None:
        """Handle an unknown shortcut, on a message or global; a global shortcut has no channel to
        answer in.
        """
        self._note("shortcut", body.get("callback_id"))
        await ack()
        if "channel" in body:
            await self._door.tell(body, SHORTCUT)
        else:
            await self._door.show_dialog(body, shortcut_out_of_use())

    def _note(self, kind: str, name: object) -> None:
        self._log.warning("a gesture that nothing matches", kind=kind, name=name)
