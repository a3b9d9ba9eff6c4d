"""Files: the announcement of an upload, the uploaded bytes, and the channels of a file."""

import mimetypes
import secrets
from dataclasses import dataclass
from pathlib import PurePath

from bot.sandbox.errors import SlackError
from bot.sandbox.json_types import Json
from bot.sandbox.workspace.records import Channel, Message
from bot.sandbox.workspace.state import Workspace

_HOSTED: Json = {
    "mode": "hosted",
    "file_access": "visible",
    "editable": False,
    "is_external": False,
    "external_type": "",
    "is_public": False,
    "public_url_shared": False,
    "display_as_bot": False,
    "username": "",
}
_SHARE_LISTS = {"channel": "channels", "group": "groups", "im": "ims"}


@dataclass
class Upload:
    """An announced upload. `content` is None until the bytes have arrived."""

    file_id: str
    name: str
    length: int
    alt_txt: str
    content: bytes | None = None


class Uploads:
    """The announced uploads by the secret in their URL. Each URL is good for a single file."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._by_secret: dict[str, Upload] = {}

    def announce(self, name: str, length: int, alt_txt: str) -> tuple[str, Upload]:
        upload = Upload(self._workspace.mint("F"), name, length, alt_txt)
        secret = secrets.token_urlsafe(24)
        self._by_secret[secret] = upload
        return secret, upload

    def receive(self, secret: str, content: bytes) -> Upload:
        """Store the bytes. Raises SlackError if their number differs from the announcement.

        A completed upload is unknown here (`file_not_found`).
        """
        upload = self._by_secret.get(secret)
        if upload is None:
            raise SlackError("file_not_found")
        if len(content) != upload.length:
            raise SlackError("length_mismatch")
        upload.content = content
        return upload

    def redeem(self, file_id: str) -> Upload:
        """Remove and return an upload whose bytes have arrived, or raise SlackError."""
        for secret, upload in self._by_secret.items():
            if upload.file_id == file_id and upload.content is not None:
                del self._by_secret[secret]
                return upload
        raise SlackError("file_not_found")

    def has_arrived(self, file_id: str) -> bool:
        uploads = self._by_secret.values()
        return any(upload.file_id == file_id and upload.content is not None for upload in uploads)


def file_body(
    workspace: Workspace, file_id: str, name: str, *, user: str, second: int, origin: str
) -> Json:
    """Return the JSON of a file that no channel shows yet. `second` is in Unix time."""
    address = f"{origin}/files/{file_id}/{name}"
    domain = workspace.team.domain
    kind = PurePath(name).suffix.removeprefix(".").lower()
    return {
        "id": file_id,
        "created": second,
        "timestamp": second,
        "name": name,
        "title": name,
        "mimetype": mimetypes.guess_type(name)[0] or "application/octet-stream",
        "filetype": kind,
        "pretty_type": kind.upper(),
        "user": user,
        "user_team": workspace.users[user].team_id,
        "size": 0,
        "url_private": address,
        "url_private_download": address,
        "permalink": f"https://{domain}.slack.com/files/{user}/{file_id}/{name}",
        **_HOSTED,
        "shares": {},
        "channels": [],
        "groups": [],
        "ims": [],
    }


def show(file: Json, channel: Channel, message: Message) -> None:
    """Add a message to the places where the file is shown: `shares` has the `ts` of each."""
    file["is_public"] = file["is_public"] or channel.kind == "channel"
    shared_in: list[str] = file[_SHARE_LISTS[channel.kind]]
    if channel.channel_id not in shared_in:
        shared_in.append(channel.channel_id)
    if channel.kind == "im":
        return
    visibility = "private" if channel.is_private else "public"
    shown = file["shares"].setdefault(visibility, {}).setdefault(channel.channel_id, [])
    place = {"ts": message.ts, "channel_name": channel.name, "team_id": channel.team_id}
    shown.append(place | ({"thread_ts": message.thread_ts} if message.is_reply else {}))


def channels_of(file: Json) -> list[str]:
    """Return the IDs of the conversations in which a file is shown."""
    return [channel_id for name in _SHARE_LISTS.values() for channel_id in file[name]]


def change_channel_id(file: Json, old: str, new: str) -> None:
    """Replace the ID of a channel in the places where the file is shown."""
    for name in _SHARE_LISTS.values():
        file[name] = [new if channel_id == old else channel_id for channel_id in file[name]]
    for shown in file["shares"].values():
        if old in shown:
            shown[new] = shown.pop(old)
