"""What people type as commands and choose as shortcuts, and how the app is asked at all."""

import re
from collections.abc import Callable

from bot.sandbox import payloads
from bot.sandbox.answers import ImpossibleError, SlackError
from bot.sandbox.arguments import Arguments
from bot.sandbox.envelopes import Ack
from bot.sandbox.payloads import Permits
from bot.sandbox.records import Interaction, Json, Message, User
from bot.sandbox.response_url import respond
from bot.sandbox.stage import Stage


class Asking(Stage):
    """Each deed waits for the app's ack, as the person's screen does: three seconds at most."""

    async def command(self, user: str, channel: str, name: str, text: str = "") -> Interaction:
        """Type a slash command; people of other workspaces do not have ours, as in Slack."""
        place = self._workspace.channel(channel)
        person = self._of_ours(user, name)
        if user not in place.members:
            raise ImpossibleError(f"{person.name} is not in #{place.name}: let them join first")
        known = self._slack.rights.commands
        if known is not None and name not in known:
            raise ImpossibleError(f"the app's manifest has no {name}: Slack says it is no command")
        if known is not None and known[name]:
            text = _escaped(text)
        permits = self._permits("commands", user, channel, None)
        body = payloads.command(
            self._workspace, person, place, name=name, text=text, permits=permits
        )
        ack = await self._slack.delivery.ask("slash_commands", body)
        return outcome(ack, permits, self._show_answer(permits, ack.payload))

    async def shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> Interaction:
        """Choose a shortcut from a message's menu; people of other workspaces do not have ours."""
        person, message = self._of_ours(user, "shortcuts"), self._seen(user, channel, ts)
        self._insist_on_shortcut(callback_id, "message")
        permits = self._permits("actions", user, channel, ts)
        body = payloads.message_shortcut(
            self._workspace, person, message, callback_id=callback_id, permits=permits
        )
        return outcome(await self._ask(body), permits)

    async def global_shortcut(self, user: str, callback_id: str) -> Interaction:
        """Choose a shortcut from the search bar: it has a trigger, but no channel to answer in."""
        person = self._of_ours(user, "shortcuts")
        self._insist_on_shortcut(callback_id, "global")
        permits = Permits(self._slack.triggers.issue(user))
        body = payloads.global_shortcut(
            self._workspace,
            person,
            callback_id=callback_id,
            trigger_id=permits.trigger_id,
            action_ts=self._slack.next_ts(user),
        )
        return outcome(await self._ask(body), permits)

    async def _ask(self, body: Json) -> Ack:
        """Slack shows an error at once where the app has no interactivity."""
        if not self._slack.rights.interactive:
            return Ack(error="interactivity_not_enabled")
        return await self._slack.delivery.ask("interactive", body)

    def _of_ours(self, user: str, what: str) -> User:
        person = self._workspace.user(user)
        if self._workspace.is_outside(person):
            raise ImpossibleError(f"{person.name} is of another workspace and has no {what}")
        return person

    def _insist_on_shortcut(self, callback_id: str, kind: str) -> None:
        known = self._slack.rights.shortcuts
        if known is not None and known.get(callback_id) != kind:
            raise ImpossibleError(f"the app's manifest has no {kind} shortcut {callback_id}")

    def _seen(self, user: str, channel: str, ts: str) -> Message:
        """The message, if it stands and this person sees it; an ephemeral one is its viewer's."""
        place = self._workspace.channel(channel)
        if user not in place.members:
            raise ImpossibleError(f"{user} is not in #{place.name} and sees nothing there")
        for message in reversed(self._workspace.messages):
            here = (message.channel, message.ts) == (channel, ts) and not message.deleted
            if here and message.ephemeral_to in (None, user):
                return message
        raise ImpossibleError(f"{user} sees no message {ts} in #{place.name}")

    def _permits(self, kind: str, user: str, channel: str, ts: str | None) -> Permits:
        now = self._slack.clock.now()
        secret = self._slack.response_urls.issue(channel, user, now, ts)
        url = f"{self.origin}/{kind}/{self.team_id}/{secret}"
        return Permits(self._slack.triggers.issue(user), url)

    def _show_answer(self, permits: Permits, payload: Json) -> str | None:
        """What an ack of a command says is shown at once and uses up nothing."""
        if not payload.get("text") and not payload.get("blocks"):
            return None
        permit = self._slack.response_urls.get(permits.response_url.rpartition("/")[2])
        refusal = refusal_of(lambda: respond(self._slack, permit, Arguments(payload)))
        return refusal and f"invalid_command_response: {refusal}"


def _escaped(text: str) -> str:
    """Slack, of `should_escape`: "escape channels, users, and links sent to your app". Who types a
    mention in a test writes it as Slack sends it."""
    parts = re.split(r"(<[@#]\w+\|[^>]*>)", text)
    return "".join(
        part if at % 2 else part.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        for at, part in enumerate(parts)
    )


def refusal_of(deed: Callable[[], None]) -> str | None:
    try:
        deed()
    except SlackError as refused:
        return str(refused)
    return None


def outcome(ack: Ack, permits: Permits, problem: str | None = None) -> Interaction:
    error = ack.error or problem
    return Interaction(ack.error is None, ack.payload, error, permits.trigger_id)
