"""The addresses for the upload and the download of files, which are not methods."""

from aiohttp import web

from bot.sandbox.errors import SlackError
from bot.sandbox.faults.call_faults import Faults
from bot.sandbox.slack import Slack
from bot.sandbox.web_api.endpoint import answer_at
from bot.sandbox.web_api.methods.lookups import may_see_file
from bot.sandbox.web_api.outcomes import Outcome

LARGEST_FILE = 1024**3


class FileTransfer:
    """Handles `/upload/v1/…` and `/files/…`."""

    def __init__(self, slack: Slack, faults: Faults, bot_token: str) -> None:
        self._slack = slack
        self._faults = faults
        self._bot_token = bot_token

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Store uploaded bytes.

        Slack: "raw bytes or … multipart form encoded"; 200 "if the upload is successful".
        """
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

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Return the bytes of a file, or redirect to the sign-in page without permission.

        Slack: `url_private` needs "the `files:read` scope" and the token as a bearer token.
        """
        file = self._slack.workspace.files.get(request.match_info["file_id"])
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        allowed = token == self._bot_token and self._slack.rights.has("files:read")
        if file is None or not allowed or not may_see_file(self._slack, file):
            return web.Response(status=302, headers={"Location": "/signin"})
        content = self._slack.workspace.contents.get(file["id"], b"")
        return web.Response(body=content, content_type=file["mimetype"])


async def _content(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    form = await request.post()
    for field in form.values():
        if isinstance(field, web.FileField):
            return field.file.read()
    return b""
