"""files.getUploadURLExternal, files.completeUploadExternal, files.info."""

from typing import Any

from bot.sandbox.block_kit.blocks import check_message_blocks, with_identifiers
from bot.sandbox.errors import SlackError
from bot.sandbox.json_types import Json
from bot.sandbox.slack import Slack
from bot.sandbox.web_api.arguments import Arguments
from bot.sandbox.web_api.methods.chat import Content, by_bot, thread_of
from bot.sandbox.web_api.methods.lookups import may_see_file, writable_channel
from bot.sandbox.workspace.files import file_body, show
from bot.sandbox.workspace.records import Channel, Message

LONGEST_ALT_TEXT = 1000
LARGEST_SNIPPET = 1024**2
MOST_CHANNELS = 100
_NOT_KNOWN_YET: Json = {
    "mimetype": "",
    "filetype": "",
    "pretty_type": "",
    "shares": {},
    "channels": [],
    "groups": [],
    "ims": [],
}


def get_upload_url(slack: Slack, arguments: Arguments) -> Json:
    """Return the URL for the bytes and the ID of the file, which is not visible yet."""
    name, length = arguments.required("filename"), arguments.number("length", 0)
    alt_txt = arguments.text("alt_txt")
    if not length:
        raise SlackError("missing_argument", ["missing required field: length"])
    if len(alt_txt) > LONGEST_ALT_TEXT:
        raise SlackError("alt_txt_too_large")
    if arguments.text("snippet_type") and length > LARGEST_SNIPPET:
        raise SlackError("snippet_too_large")
    secret, upload = slack.uploads.announce(name, length, alt_txt)
    return {"upload_url": f"{slack.address.origin}/upload/v1/{secret}", "file_id": upload.file_id}


def complete_upload(slack: Slack, arguments: Arguments) -> Json:
    """Post the uploaded files in a message of each channel; without a channel they are private.

    Slack shares files "asynchronously via a job handler": `shares` and `mimetype` are still empty
    in the answer. Every check precedes the first change.
    """
    wanted = _wanted(slack, arguments)
    channels = _channels(slack, arguments)
    thread_ts = thread_of(slack, channels[0], arguments) if channels else None
    content = _content(arguments)
    files = [_store(slack, file) for file in wanted]
    answer = [file | _NOT_KNOWN_YET for file in files]
    for channel in channels:
        _share(slack, by_bot(slack, channel, content, thread_ts), files)
    return {"files": answer}


def _content(arguments: Arguments) -> Content:
    """Return the text or blocks of the message.

    Slack: "If the `initial_comment` field is provided, the `blocks` field is ignored".
    """
    comment = arguments.text("initial_comment")
    blocks = [] if comment else arguments.structure("blocks", "invalid_blocks") or []
    check_message_blocks(blocks)
    return Content(comment, with_identifiers(blocks), [])


def _wanted(slack: Slack, arguments: Arguments) -> list[Json]:
    """Return the files to complete. Raises SlackError if an upload is absent or complete.

    Slack on `file_not_found`: "Could not find the file from the upload ticket".
    """
    files: Any = arguments.structure("files", "invalid_arguments")
    if not isinstance(files, list) or not files:
        raise SlackError("invalid_arguments", ["missing required field: files"])
    for file in files:
        if not isinstance(file, dict) or not slack.uploads.has_arrived(str(file.get("id"))):
            raise SlackError("file_not_found")
    return files


def _channels(slack: Slack, arguments: Arguments) -> list[Channel]:
    named = [arguments.text("channel_id"), *arguments.text("channels").split(",")]
    named = [channel for channel in named if channel]
    if len(named) > MOST_CHANNELS:
        raise SlackError("channels_limit_exceeded")
    if len(named) > 1 and arguments.text("thread_ts"):
        raise SlackError("invalid_arguments", ["thread_ts takes one channel"])
    return [writable_channel(slack, Arguments({"channel": channel})) for channel in named]


def _store(slack: Slack, wanted: Json) -> Json:
    upload = slack.uploads.redeem(str(wanted["id"]))
    workspace, second = slack.workspace, int(slack.clock.now().timestamp())
    bot = workspace.bot.user_id
    file = file_body(
        workspace, upload.file_id, upload.name, user=bot, second=second, origin=slack.address.origin
    )
    file |= {"title": wanted.get("title") or upload.name, "size": upload.length}
    if upload.alt_txt:
        file["alt_txt"] = upload.alt_txt
    workspace.files[upload.file_id] = file
    workspace.contents[upload.file_id] = upload.content or b""
    return file


def _share(slack: Slack, message: Message, files: list[Json]) -> None:
    """Post a message with the files and without metadata, which the method does not accept."""
    message.files, message.subtype = files, "file_share"
    for file in files:
        show(file, slack.workspace.channels[message.channel], message)
    slack.post(message)


def info(slack: Slack, arguments: Arguments) -> Json:
    """Return a file, also if an event had only its ID with `check_file_info`."""
    file = slack.workspace.files.get(arguments.text("file"))
    if file is None:
        raise SlackError("file_not_found")
    if not may_see_file(slack, file):
        raise SlackError("not_visible")
    return {"file": file, "comments": [], "response_metadata": {"next_cursor": ""}}
