"""Slash commands and shortcuts that people use."""

import re

from bot.sandbox.errors import ImpossibleError
from bot.sandbox.gestures import payloads
from bot.sandbox.gestures.app_requests import AppRequests, interaction, refusal_of
from bot.sandbox.gestures.payloads import ReplyTokens
from bot.sandbox.json_types import Json
from bot.sandbox.slack import Slack
from bot.sandbox.web_api.arguments import Arguments
from bot.sandbox.web_api.response_url import respond
from bot.sandbox.workspace.records import Interaction, User


class Commands:
    """Sends commands and shortcuts. People of other workspaces do not have ours, as in Slack."""

    def __init__(self, slack: Slack, requests: AppRequests) -> None:
        self._slack = slack
        self._workspace = slack.workspace
        self._requests = requests

    async def command(self, user: str, channel: str, name: str, text: str = "") -> Interaction:
        """Type a slash command and wait for the app's answer, at most three seconds.

        Raises ImpossibleError if the person or the manifest does not allow the command.
        """
        place = self._workspace.channel(channel)
        person = self._own_person(user, name)
        if user not in place.members:
            raise ImpossibleError(f"{person.name} is not in #{place.name}: let them join first")
        text = self._command_text(name, text)
        tokens = self._requests.tokens("commands", user, channel, None)
        body = payloads.command(self._workspace, person, place, name=name, text=text, tokens=tokens)
        ack = await self._requests.send_command(body)
        return interaction(ack, tokens, self._show_answer(tokens, ack.payload))

    async def shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> Interaction:
        """Choose a shortcut from the menu of a message and wait for the app's answer."""
        person = self._own_person(user, "shortcuts")
        message = self._requests.visible_message(user, channel, ts)
        self._check_shortcut(callback_id, "message")
        tokens = self._requests.tokens("actions", user, channel, ts)
        body = payloads.message_shortcut(
            self._workspace, person, message, callback_id=callback_id, tokens=tokens
        )
        return interaction(await self._requests.send_interaction(body), tokens)

    async def global_shortcut(self, user: str, callback_id: str) -> Interaction:
        """Choose a shortcut from the search bar, which has a trigger and no response URL."""
        person = self._own_person(user, "shortcuts")
        self._check_shortcut(callback_id, "global")
        tokens = self._requests.trigger(user)
        body = payloads.global_shortcut(
            self._workspace,
            person,
            callback_id=callback_id,
            trigger_id=tokens.trigger_id,
            action_ts=self._slack.next_ts(user),
        )
        return interaction(await self._requests.send_interaction(body), tokens)

    def _command_text(self, name: str, text: str) -> str:
        """Return the text as Slack sends it. Raises ImpossibleError for an unknown command."""
        commands = self._slack.rights.commands
        if commands is None:
            return text
        if name not in commands:
            raise ImpossibleError(f"the app's manifest has no {name}: Slack says it is no command")
        return _escaped(text) if commands[name] else text

    def _own_person(self, user: str, feature: str) -> User:
        person = self._workspace.user(user)
        if self._workspace.is_outside(person):
            raise ImpossibleError(f"{person.name} is of another workspace and has no {feature}")
        return person

    def _check_shortcut(self, callback_id: str, kind: str) -> None:
        shortcuts = self._slack.rights.shortcuts
        if shortcuts is not None and shortcuts.get(callback_id) != kind:
            raise ImpossibleError(f"the app's manifest has no {kind} shortcut {callback_id}")

    def _show_answer(self, tokens: ReplyTokens, payload: Json) -> str | None:
        """Show the answer to a command, which does not count as a use of the response URL."""
        if not payload.get("text") and not payload.get("blocks"):
            return None
        url = self._slack.response_urls.get(tokens.response_url.rpartition("/")[2])
        refusal = refusal_of(lambda: respond(self._slack, url, Arguments(payload)))
        return refusal and f"invalid_command_response: {refusal}"


def _escaped(text: str) -> str:
    """Escape `&`, `<` and `>` outside mentions, which tests write as Slack sends them.

    Slack on `should_escape`: "escape channels, users, and links sent to your app".
    """
    parts = re.split(r"(<[@#]\w+\|[^>]*>)", text)
    return "".join(
        part if at % 2 else part.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        for at, part in enumerate(parts)
    )
