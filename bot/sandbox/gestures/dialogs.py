"""Buttons, menus, modals and the App Home that people use."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.sandbox.errors import ImpossibleError
from bot.sandbox.events.bodies import view_body
from bot.sandbox.gestures import payloads
from bot.sandbox.gestures.app_requests import AppRequests, interaction, refusal_of
from bot.sandbox.gestures.controls import action_of, find_control
from bot.sandbox.gestures.form import Key, filled_in, initial_state
from bot.sandbox.json_types import Json
from bot.sandbox.slack import Slack
from bot.sandbox.workspace.records import Interaction, View


class Dialogs:
    """Presses and submits. Each method waits for the app's answer, at most three seconds."""

    def __init__(self, slack: Slack, requests: AppRequests) -> None:
        self._slack = slack
        self._workspace = slack.workspace
        self._requests = requests

    async def press(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        *,
        value: str | None = None,
        blocks: Sequence[Json] | None = None,
    ) -> Interaction:
        """Press a button or choose from a menu of a message that the person sees.

        `blocks` are the blocks on the person's screen if the message has been updated since.
        """
        message = self._requests.visible_message(user, channel, ts)
        block, element = find_control(blocks or message.blocks, action_id, value)
        action = action_of(block, element, value, self._slack.next_ts(user))
        tokens = self._requests.tokens("actions", user, channel, ts)
        body = payloads.message_action(
            self._workspace,
            self._workspace.user(user),
            message,
            action=action,
            tokens=tokens,
            values=initial_state(message.blocks),
        )
        return interaction(await self._requests.send_interaction(body), tokens)

    async def press_in_view(
        self, user: str, view: View | str, action_id: str, *, value: str | None = None
    ) -> Interaction:
        """Press a button or choose from a menu of an open modal or of the App Home."""
        shown = self._view(user, view)
        block, element = find_control(shown.blocks, action_id, value)
        tokens = self._requests.trigger(user)
        body = payloads.view_action(
            self._workspace,
            self._workspace.user(user),
            shown,
            action=action_of(block, element, value, self._slack.next_ts(user)),
            trigger_id=tokens.trigger_id,
            values=initial_state(shown.blocks),
        )
        return interaction(await self._requests.send_interaction(body), tokens)

    async def submit(self, user: str, view: View | str, values: Mapping[Key, Any]) -> Interaction:
        """Fill in and submit the modal on top.

        The keys of `values` are a `block_id` or (`block_id`, `action_id`); the value of a menu is
        the value of the option. The modal stays open if the answer has errors.
        """
        shown = self._top(user, view)
        state = filled_in(shown.blocks, values)
        tokens = self._requests.trigger(user)
        body = payloads.submission(
            self._workspace,
            self._workspace.user(user),
            shown,
            trigger_id=tokens.trigger_id,
            values=state,
        )
        ack = await self._requests.send_interaction(body)
        problem = None if ack.error else self._apply_answer(shown, ack.payload)
        return interaction(ack, tokens, problem)

    async def close_view(self, user: str, view: View | str) -> None:
        """Close the modal on top. The app is notified if the view has `notify_on_close`."""
        shown = self._top(user, view)
        self._slack.views.close(shown)
        if shown.definition.get("notify_on_close"):
            person = self._workspace.user(user)
            body = payloads.view_closed(self._workspace, person, shown, cleared=False)
            await self._requests.send_interaction(body)

    async def open_home(self, user: str, *, tab: str = "home") -> None:
        """Open the App Home of the bot. `tab` is "home" or "messages"."""
        channel = self._workspace.direct_channel(self._workspace.user(user).user_id)
        home = self._slack.views.home(user)
        event: Json = {
            "type": "app_home_opened",
            "user": user,
            "channel": channel.channel_id,
            "tab": tab,
            "event_ts": self._slack.next_ts(channel.channel_id),
        }
        if home is not None and tab == "home":
            event["view"] = view_body(self._workspace, home)
        self._slack.emit(event)

    def _view(self, user: str, view: View | str) -> View:
        view_id = view if isinstance(view, str) else view.view_id
        shown = self._slack.views.find(view_id)
        if shown is None or shown.user != user:
            raise ImpossibleError(f"{user} has no view {view_id} open")
        return shown

    def _top(self, user: str, view: View | str) -> View:
        shown, stack = self._view(user, view), self._slack.views.stack(user)
        if not stack or stack[-1] is not shown:
            raise ImpossibleError(f"{shown.view_id} is not the modal on top for {user}")
        return shown

    def _apply_answer(self, view: View, payload: Json) -> str | None:
        """Apply the answer to a submission: close, clear, update, push or show errors.

        Return the name of the error if Slack refuses the answer.
        """
        views = self._slack.views
        match payload.get("response_action"):
            case None:
                views.close(view)
            case "clear":
                views.clear(view.user)
            case "update":
                return refusal_of(lambda: self._update(view, payload["view"]))
            case "push":
                return refusal_of(lambda: self._push(view, payload["view"]))
            case "errors":
                return _unknown_inputs(view, payload)
            case _:
                return "invalid_response_action"
        return None

    def _update(self, view: View, definition: Json) -> None:
        self._slack.views.update(view, definition)
        self._slack.notify_watchers(view, "view")

    def _push(self, view: View, definition: Json) -> None:
        self._slack.notify_watchers(self._slack.views.push(view.user, definition), "view")


def _unknown_inputs(view: View, payload: Json) -> str | None:
    """Return `invalid_errors` unless every error belongs to an input of the view."""
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    named = set(payload.get("errors") or {})
    return None if named and named <= inputs else "invalid_errors"
