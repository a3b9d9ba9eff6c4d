"""files.getUploadURLExternal, files.completeUploadExternal, files.info."""

from typing import Any

from bot.sandbox.answers import SlackError
from bot.sandbox.arguments import Arguments
from bot.sandbox.blocks import check_message_blocks, with_identifiers
from bot.sandbox.file_doors import may_see
from bot.sandbox.files import file_body, show
from bot.sandbox.methods.chat import Content, by_bot, thread_of
from bot.sandbox.methods.places import writable_channel
from bot.sandbox.records import Channel, Json, Message
from bot.sandbox.slack import Slack

LONGEST_ALT_TEXT = 1000
LARGEST_SNIPPET = 1024**2
MOST_CHANNELS = 100


def get_upload_url(slack: Slack, arguments: Arguments) -> Json:
    """Gives an address for the bytes, and the file's id; nobody sees the file yet."""
    name, length = arguments.needed("filename"), arguments.number("length", 0)
    alt_txt = arguments.text("alt_txt")
    if not length:
        raise SlackError("missing_argument", ["missing required field: length"])
    if len(alt_txt) > LONGEST_ALT_TEXT:
        raise SlackError("alt_txt_too_large")
    if arguments.text("snippet_type") and length > LARGEST_SNIPPET:
        raise SlackError("snippet_too_large")
    secret, upload = slack.uploads.announce(name, length, alt_txt)
    return {"upload_url": f"{slack.origin()}/upload/v1/{secret}", "file_id": upload.file_id}


def complete_upload(slack: Slack, arguments: Arguments) -> Json:
    """Shows what was uploaded in one message of each channel; without a channel it is private.

    The answer tells nothing of where: Slack shares files "asynchronously via a job handler", so
    `shares` and `mimetype` are still empty in it. All is checked before anything is done.
    """
    wanted = _wanted(slack, arguments)
    channels = _channels(slack, arguments)
    thread_ts = thread_of(slack, channels[0], arguments) if channels else None
    content = _content(arguments)
    files = [_keep(slack, each) for each in wanted]
    answer = [each | {"mimetype": "", "filetype": "", "pretty_type": ""} for each in files]
    answer = [each | {"shares": {}, "channels": [], "groups": [], "ims": []} for each in answer]
    for channel in channels:
        _share(slack, by_bot(slack, channel, content, thread_ts), files)
    return {"files": answer}


def _content(arguments: Arguments) -> Content:
    """ "If the `initial_comment` field is provided, the `blocks` field is ignored"."""
    comment = arguments.text("initial_comment")
    blocks = [] if comment else arguments.structure("blocks", "invalid_blocks") or []
    check_message_blocks(blocks)
    return Content(comment, with_identifiers(blocks), [])


def _wanted(slack: Slack, arguments: Arguments) -> list[Json]:
    """ "Could not find the file from the upload ticket": it never came, or it is complete."""
    given: Any = arguments.structure("files", "invalid_arguments")
    if not isinstance(given, list) or not given:
        raise SlackError("invalid_arguments", ["missing required field: files"])
    for each in given:
        if not isinstance(each, dict) or not slack.uploads.has_arrived(str(each.get("id"))):
            raise SlackError("file_not_found")
    return given


def _channels(slack: Slack, arguments: Arguments) -> list[Channel]:
    named = [arguments.text("channel_id"), *arguments.text("channels").split(",")]
    named = [each for each in named if each]
    if len(named) > MOST_CHANNELS:
        raise SlackError("channels_limit_exceeded")
    if len(named) > 1 and arguments.text("thread_ts"):
        raise SlackError("invalid_arguments", ["thread_ts takes one channel"])
    return [writable_channel(slack, Arguments({"channel": each})) for each in named]


def _keep(slack: Slack, wanted: Json) -> Json:
    upload = slack.uploads.redeem(str(wanted["id"]))
    workspace, second = slack.workspace, int(slack.clock.now().timestamp())
    bot = workspace.bot.user_id
    file = file_body(
        workspace, upload.file_id, upload.name, user=bot, second=second, origin=slack.origin()
    )
    file |= {"title": wanted.get("title") or upload.name, "size": upload.length}
    if upload.alt_txt:
        file["alt_txt"] = upload.alt_txt
    workspace.files[upload.file_id] = file
    workspace.contents[upload.file_id] = upload.content or b""
    return file


def _share(slack: Slack, message: Message, files: list[Json]) -> None:
    """A message with the files, and no metadata: the method takes none."""
    message.files, message.subtype = files, "file_share"
    for file in files:
        show(file, slack.workspace.channels[message.channel], message)
    slack.post(message)


def info(slack: Slack, arguments: Arguments) -> Json:
    """The whole of a file, also of one that an event only named with `check_file_info`."""
    file = slack.workspace.files.get(arguments.text("file"))
    if file is None:
        raise SlackError("file_not_found")
    if not may_see(slack, file):
        raise SlackError("not_visible")
    return {"file": file, "comments": [], "response_metadata": {"next_cursor": ""}}
