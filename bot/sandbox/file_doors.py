"""Where the bytes of files go in and out: addresses that are no methods."""

from aiohttp import web

from bot.sandbox.answers import SlackError
from bot.sandbox.doors import answer_at
from bot.sandbox.faults import Faults
from bot.sandbox.files import places_of
from bot.sandbox.outcomes import Outcome
from bot.sandbox.slack import Slack

LARGEST_FILE = 1024**3


class FileDoors:
    """Answers `/upload/v1/…` and `/files/…`."""

    def __init__(self, slack: Slack, faults: Faults, bot_token: str) -> None:
        self._slack = slack
        self._faults = faults
        self._bot_token = bot_token

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Slack: "raw bytes or … multipart form encoded"; 200 "if the upload is successful"."""
        content = await _content(request)
        secret = request.match_info["secret"]
        return await answer_at(
            request,
            self._faults,
            "upload",
            {"length": len(content)},
            lambda: self._receive(secret, content),
        )

    def _receive(self, secret: str, content: bytes) -> Outcome:
        try:
            upload = self._slack.uploads.receive(secret, content)
        except SlackError as refused:
            return Outcome({"error": refused.error}, 400, text=f"{refused.error}\n")
        return Outcome({"ok": True}, text=f"OK - {upload.length}")

    async def give(self, request: web.Request) -> web.StreamResponse:
        """The bytes, to whom may read them; all others are sent to the page where one signs in.

        Slack: `url_private` needs "the `files:read` scope" and the token as a bearer's.
        """
        file = self._slack.workspace.files.get(request.match_info["file_id"])
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        allowed = token == self._bot_token and self._slack.rights.has("files:read")
        if file is None or not allowed or not may_see(self._slack, file):
            return web.Response(status=302, headers={"Location": "/signin"})
        content = self._slack.workspace.contents.get(file["id"], b"")
        return web.Response(body=content, content_type=file["mimetype"])


def may_see(slack: Slack, file: dict[str, object]) -> bool:
    """A bot sees its own files, and those shown in a conversation that it is in."""
    bot = slack.workspace.bot.user_id
    channels = slack.workspace.channels
    there = (channels[each].members for each in places_of(file) if each in channels)
    return file["user"] == bot or any(bot in members for members in there)


async def _content(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    form = await request.post()
    for field in form.values():
        if isinstance(field, web.FileField):
            return field.file.read()
    return b""
