"""What people press and send in forms, and what Slack does with the ack."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.sandbox import payloads
from bot.sandbox.answers import ImpossibleError
from bot.sandbox.asking import Asking, outcome, refusal_of
from bot.sandbox.bodies import view_body
from bot.sandbox.controls import action_of, find_control
from bot.sandbox.form import Key, filled_in, initial_state
from bot.sandbox.payloads import Permits
from bot.sandbox.records import Interaction, Json, View


class Interacting(Asking):
    """Each deed waits for the app's ack, as the person's screen does: three seconds at most."""

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
        """Press a button or choose from a menu on a message that this person sees. `blocks` are
        what their screen still shows of one that has been updated since."""
        message = self._seen(user, channel, ts)
        block, element = find_control(blocks or message.blocks, action_id, value)
        action = action_of(block, element, value, self._slack.next_ts(user))
        permits = self._permits("actions", user, channel, ts)
        body = payloads.button_on_message(
            self._workspace,
            self._workspace.user(user),
            message,
            action=action,
            permits=permits,
            values=initial_state(message.blocks),
        )
        return outcome(await self._ask(body), permits)

    async def press_in_view(
        self, user: str, view: View | str, action_id: str, *, value: str | None = None
    ) -> Interaction:
        """Press or choose something in an open modal or in the App Home."""
        shown = self._view(user, view)
        block, element = find_control(shown.blocks, action_id, value)
        permits = Permits(self._slack.triggers.issue(user))
        body = payloads.in_view(
            self._workspace,
            self._workspace.user(user),
            shown,
            action=action_of(block, element, value, self._slack.next_ts(user)),
            trigger_id=permits.trigger_id,
            values=initial_state(shown.blocks),
        )
        return outcome(await self._ask(body), permits)

    async def submit(self, user: str, view: View | str, values: Mapping[Key, Any]) -> Interaction:
        """Fill in the modal on top and send it.

        `values` are by `block_id` or by (`block_id`, `action_id`); menus take the option's value.
        With errors in the answer the modal stays open.
        """
        shown = self._top(user, view)
        state = filled_in(shown.blocks, values)
        permits = Permits(self._slack.triggers.issue(user))
        body = payloads.submission(
            self._workspace,
            self._workspace.user(user),
            shown,
            trigger_id=permits.trigger_id,
            values=state,
        )
        ack = await self._ask(body)
        problem = None if ack.error else self._follow(shown, ack.payload)
        return outcome(ack, permits, problem)

    async def close_view(self, user: str, view: View | str) -> None:
        """Close the modal on top; the app hears of it if it asked for `notify_on_close`."""
        shown = self._top(user, view)
        self._slack.views.close(shown)
        if shown.definition.get("notify_on_close"):
            person = self._workspace.user(user)
            body = payloads.view_closed(self._workspace, person, shown, cleared=False)
            await self._ask(body)

    async def open_home(self, user: str, *, tab: str = "home") -> None:
        """Look at the bot's App Home: its tab `home`, or `messages`."""
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
        found = self._slack.views.find(view_id)
        if found is None or found.user != user:
            raise ImpossibleError(f"{user} has no view {view_id} open")
        return found

    def _top(self, user: str, view: View | str) -> View:
        shown, stack = self._view(user, view), self._slack.views.stack(user)
        if not stack or stack[-1] is not shown:
            raise ImpossibleError(f"{shown.view_id} is not the modal on top for {user}")
        return shown

    def _follow(self, view: View, payload: Json) -> str | None:
        """Do what the ack of a submission says: close, clear, update, push, or show errors."""
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
        self._slack.tell_watchers(view, "view")

    def _push(self, view: View, definition: Json) -> None:
        self._slack.tell_watchers(self._slack.views.push(view.user, definition), "view")


def _unknown_inputs(view: View, payload: Json) -> str | None:
    """Errors belong to inputs of the view; Slack shows no others."""
    inputs = {each["block_id"] for each in view.blocks if each["type"] == "input"}
    named = set(payload.get("errors") or {})
    return None if named and named <= inputs else "invalid_errors"
