"""The address that comes with an interaction, where it can be answered for half an hour."""

from aiohttp import web

from bot.sandbox.answers import SlackError
from bot.sandbox.arguments import Arguments, read_arguments
from bot.sandbox.doors import answer_at
from bot.sandbox.faults import Faults
from bot.sandbox.methods.chat import content_of, thread_of
from bot.sandbox.outcomes import Outcome
from bot.sandbox.records import Channel, Message
from bot.sandbox.slack import Slack
from bot.sandbox.triggers import ResponseUrl


class ResponseUrlDoor:
    """Answers `/actions/…` and `/commands/…`."""

    def __init__(self, slack: Slack, faults: Faults) -> None:
        self._slack = slack
        self._faults = faults

    async def handle(self, request: web.Request) -> web.StreamResponse:
        try:
            arguments = await read_arguments(request)
        except SlackError as refused:
            return web.json_response(refused.answer(), status=404)
        secret = request.match_info["secret"]
        return await answer_at(
            request,
            self._faults,
            "response_url",
            arguments.values,
            lambda: self._respond(secret, arguments),
        )

    def _respond(self, secret: str, arguments: Arguments) -> Outcome:
        try:
            permit = self._slack.response_urls.get(secret)
            permit.use(self._slack.clock.now())
            respond(self._slack, permit, arguments)
        except SlackError as refused:
            return Outcome(refused.answer(), 404)
        return Outcome({"ok": True})


def respond(slack: Slack, permit: ResponseUrl, arguments: Arguments) -> None:
    """Replace or delete the message that was pressed, or answer beside it.

    Slack: a response is ephemeral unless `response_type` is `in_channel`.
    """
    original = _original(slack, permit)
    if arguments.flag("delete_original"):
        slack.delete(_insist(original))
        return
    content = content_of(arguments)
    if arguments.flag("replace_original"):
        bot = slack.workspace.bot.user_id
        slack.edit(_insist(original), bot, text=content.text, blocks=content.blocks)
        return
    channel = slack.workspace.channels[permit.channel]
    message = _answer(slack, channel, arguments)
    message.text, message.blocks = content.text, content.blocks
    if arguments.text("response_type") != "in_channel":
        message.ephemeral_to = permit.user
    slack.post(message)


def _insist(original: Message | None) -> Message:
    if original is None:
        raise SlackError("message_not_found")
    return original


def _original(slack: Slack, permit: ResponseUrl) -> Message | None:
    """The message that was pressed; this way even an ephemeral one can be changed."""
    for message in reversed(slack.workspace.messages):
        if (message.channel, message.ts) == (permit.channel, permit.message_ts):
            return None if message.deleted else message
    return None


def _answer(slack: Slack, channel: Channel, arguments: Arguments) -> Message:
    return Message(
        channel.channel_id,
        slack.next_ts(channel.channel_id),
        thread_ts=thread_of(slack, channel, arguments),
        user=slack.workspace.bot.user_id,
        bot_id=slack.workspace.bot_id,
    )
