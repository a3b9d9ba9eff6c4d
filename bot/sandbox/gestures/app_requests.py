"""Requests that Slack sends to the app when a person uses a command, shortcut, button or modal."""

from collections.abc import Callable

from bot.sandbox.address import Address
from bot.sandbox.errors import ImpossibleError, SlackError
from bot.sandbox.gestures.payloads import ReplyTokens
from bot.sandbox.json_types import Json
from bot.sandbox.slack import Slack
from bot.sandbox.transports.envelopes import Ack
from bot.sandbox.workspace.records import Interaction, Message


class AppRequests:
    """Sends an interaction to the app and waits for the answer, at most three seconds."""

    def __init__(self, slack: Slack, address: Address) -> None:
        self._slack = slack
        self._address = address

    async def send_command(self, body: Json) -> Ack:
        return await self._slack.delivery.ask("slash_commands", body)

    async def send_interaction(self, body: Json) -> Ack:
        """Send an interaction. An app without interactivity causes an error at once."""
        if not self._slack.rights.interactive:
            return Ack(error="interactivity_not_enabled")
        return await self._slack.delivery.ask("interactive", body)

    def trigger(self, user: str) -> ReplyTokens:
        """Issue a trigger ID without a response URL, as in a modal."""
        return ReplyTokens(self._slack.triggers.issue(user))

    def tokens(self, kind: str, user: str, channel: str, ts: str | None) -> ReplyTokens:
        """Issue a trigger ID and a response URL. `kind` is "commands" or "actions"."""
        now = self._slack.clock.now()
        secret = self._slack.response_urls.issue(channel, user, now, ts)
        team_id = self._slack.workspace.team.team_id
        url = f"{self._address.origin}/{kind}/{team_id}/{secret}"
        return ReplyTokens(self._slack.triggers.issue(user), url)

    def visible_message(self, user: str, channel: str, ts: str) -> Message:
        """Return a message that the person sees. Raises ImpossibleError if there is none.

        Only its recipient sees an ephemeral message.
        """
        workspace = self._slack.workspace
        place = workspace.channel(channel)
        if user not in place.members:
            raise ImpossibleError(f"{user} is not in #{place.name} and sees nothing there")
        for message in reversed(workspace.messages):
            matches = (message.channel, message.ts) == (channel, ts) and not message.deleted
            if matches and message.ephemeral_to in (None, user):
                return message
        raise ImpossibleError(f"{user} sees no message {ts} in #{place.name}")


def refusal_of(action: Callable[[], None]) -> str | None:
    """Run `action` and return the text of the SlackError that it raises, or None."""
    try:
        action()
    except SlackError as refused:
        return str(refused)
    return None


def interaction(ack: Ack, tokens: ReplyTokens, problem: str | None = None) -> Interaction:
    """Return the result of an interaction. `problem` is an error in the app's answer."""
    error = ack.error or problem
    return Interaction(ack.error is None, ack.payload, error, tokens.trigger_id)
