"""Files: what was announced for upload, what has arrived, and where it is shown."""

import mimetypes
import secrets
from dataclasses import dataclass
from pathlib import PurePath

from bot.sandbox.answers import SlackError
from bot.sandbox.records import Channel, Json, Message
from bot.sandbox.workspace import Workspace

_SHELF = {"channel": "channels", "group": "groups", "im": "ims"}


@dataclass
class Upload:
    """A ticket for one file; `content` has come once it is not None."""

    file_id: str
    name: str
    length: int
    alt_txt: str
    content: bytes | None = None


class Uploads:
    """The tickets given out, by the secret in their address; each is good for one file."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._by_secret: dict[str, Upload] = {}

    def announce(self, name: str, length: int, alt_txt: str) -> tuple[str, Upload]:
        upload = Upload(self._workspace.mint("F"), name, length, alt_txt)
        secret = secrets.token_urlsafe(24)
        self._by_secret[secret] = upload
        return secret, upload

    def receive(self, secret: str, content: bytes) -> Upload:
        """Take the bytes; as many as were announced, and not again after the file is complete."""
        upload = self._by_secret.get(secret)
        if upload is None:
            raise SlackError("file_not_found")
        if len(content) != upload.length:
            raise SlackError("length_mismatch")
        upload.content = content
        return upload

    def redeem(self, file_id: str) -> Upload:
        """The file of a ticket whose bytes have come; the ticket is spent."""
        for secret, upload in self._by_secret.items():
            if upload.file_id == file_id and upload.content is not None:
                del self._by_secret[secret]
                return upload
        raise SlackError("file_not_found")

    def has_arrived(self, file_id: str) -> bool:
        waiting = self._by_secret.values()
        return any(each.file_id == file_id and each.content is not None for each in waiting)


def file_body(
    workspace: Workspace, file_id: str, name: str, *, user: str, second: int, origin: str
) -> Json:
    """A file before it is shown anywhere; `second` is in Unix time."""
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
        "editable": False,
        "size": 0,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": False,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": address,
        "url_private_download": address,
        "permalink": f"https://{domain}.slack.com/files/{user}/{file_id}/{name}",
        "shares": {},
        "channels": [],
        "groups": [],
        "ims": [],
        "file_access": "visible",
    }


def show(file: Json, channel: Channel, message: Message) -> None:
    """Note in the file where it is shown: `shares` has the `ts` of each message."""
    file["is_public"] = file["is_public"] or channel.kind == "channel"
    shelf: list[str] = file[_SHELF[channel.kind]]
    if channel.channel_id not in shelf:
        shelf.append(channel.channel_id)
    if channel.kind == "im":
        return
    visibility = "private" if channel.is_private else "public"
    shown = file["shares"].setdefault(visibility, {}).setdefault(channel.channel_id, [])
    place = {"ts": message.ts, "channel_name": channel.name, "team_id": channel.team_id}
    shown.append(place | ({"thread_ts": message.thread_ts} if message.is_reply else {}))


def places_of(file: Json) -> list[str]:
    """The conversations in which a file is shown."""
    return [each for shelf in _SHELF.values() for each in file[shelf]]


def follow(file: Json, old: str, new: str) -> None:
    """A channel has another id."""
    for shelf in _SHELF.values():
        file[shelf] = [new if each == old else each for each in file[shelf]]
    for shown in file["shares"].values():
        if old in shown:
            shown[new] = shown.pop(old)
