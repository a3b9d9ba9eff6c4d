"""Response URLs: answers of the app to an interaction."""

from aiohttp import web

from bot.sandbox.errors import SlackError
from bot.sandbox.faults.call_faults import Faults
from bot.sandbox.slack import Slack
from bot.sandbox.web_api.arguments import Arguments, read_arguments
from bot.sandbox.web_api.endpoint import answer_at
from bot.sandbox.web_api.methods.chat import content_of, thread_of
from bot.sandbox.web_api.outcomes import Outcome
from bot.sandbox.workspace.records import Channel, Message
from bot.sandbox.workspace.response_urls import ResponseUrl


class ResponseUrlEndpoint:
    """Handles `/actions/…` and `/commands/…`."""

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
            url = self._slack.response_urls.get(secret)
            url.use(self._slack.clock.now())
            respond(self._slack, url, arguments)
        except SlackError as refused:
            return Outcome(refused.answer(), 404)
        return Outcome({"ok": True})


def respond(slack: Slack, url: ResponseUrl, arguments: Arguments) -> None:
    """Replace or delete the message of the interaction, or post an answer.

    Slack: a response is ephemeral unless `response_type` is `in_channel`.
    """
    original = _original(slack, url)
    if arguments.flag("delete_original"):
        slack.delete(_require(original))
        return
    content = content_of(arguments)
    if arguments.flag("replace_original"):
        bot = slack.workspace.bot.user_id
        slack.edit(_require(original), bot, text=content.text, blocks=content.blocks)
        return
    channel = slack.workspace.channels[url.channel]
    message = _answer(slack, channel, arguments)
    message.text, message.blocks = content.text, content.blocks
    if arguments.text("response_type") != "in_channel":
        message.ephemeral_to = url.user
    slack.post(message)


def _require(original: Message | None) -> Message:
    if original is None:
        raise SlackError("message_not_found")
    return original


def _original(slack: Slack, url: ResponseUrl) -> Message | None:
    """Return the message of the interaction, which can be ephemeral, or None."""
    for message in reversed(slack.workspace.messages):
        if (message.channel, message.ts) == (url.channel, url.message_ts):
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
