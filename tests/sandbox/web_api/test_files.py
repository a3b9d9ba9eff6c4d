"""Files: the external upload of the pages files.getUploadURLExternal and
files.completeUploadExternal, which `slack_sdk` uses in `files_upload_v2`.
"""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Fault, Sandbox

PICTURE = b"\x89PNG bar"


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def channel(sandbox: Sandbox) -> str:
    return sandbox.add_channel("managers")


async def announced(client: AsyncWebClient, name: str = "a.png", length: int = 8) -> Any:
    return await client.files_getUploadURLExternal(filename=name, length=length)


async def uploaded(client: AsyncWebClient, session: aiohttp.ClientSession) -> str:
    ticket = await announced(client)
    await session.post(ticket["upload_url"], data=PICTURE)
    return str(ticket["file_id"])


async def test_the_sdk_uploads_a_picture_with_a_comment_into_a_thread(
    sandbox: Sandbox, client: AsyncWebClient, channel: str
) -> None:
    """`alt_txt`: "Description of image for screen-reader"; `initial_comment` is the message."""
    thread = (await client.chat_postMessage(channel=channel, text="Digest"))["ts"]
    await client.files_upload_v2(
        channel=channel,
        thread_ts=thread,
        content=PICTURE,
        filename="week.png",
        title="The week",
        alt_txt="Nine of ten in time",
        initial_comment="Attainment",
    )
    [shown] = sandbox.messages(channel, thread_ts=thread)
    assert (shown.text, shown.subtype) == ("Attainment", "file_share")
    assert shown.plain() == "Attainment\nThe week\nNine of ten in time"
    [file] = shown.files
    assert (file["mimetype"], file["size"], file["filetype"]) == ("image/png", 8, "png")
    [share] = (await client.files_info(file=file["id"]))["file"]["shares"]["public"][channel]
    assert (share["ts"], share["thread_ts"]) == (shown.ts, thread)


async def test_several_files_share_a_message(
    sandbox: Sandbox, client: AsyncWebClient, channel: str
) -> None:
    """`files`: "Array of file ids and their corresponding (optional) titles"."""
    files = [{"content": b"a", "filename": "a.csv"}, {"content": b"b", "filename": "b.csv"}]
    await client.files_upload_v2(channel=channel, file_uploads=files)
    [shown] = sandbox.messages(channel)
    assert [file["title"] for file in shown.files] == ["a.csv", "b.csv"]


async def test_the_answer_does_not_contain_the_shares_yet(
    client: AsyncWebClient, channel: str
) -> None:
    """ "Files are processed asynchronously via a job handler": `shares` is empty in the answer."""
    done = await client.files_upload_v2(channel=channel, content=b"a", filename="a.csv")
    assert (done["file"]["shares"], done["file"]["mimetype"]) == ({}, "")


async def test_a_file_without_a_channel_is_private(
    sandbox: Sandbox, client: AsyncWebClient, channel: str
) -> None:
    """channel_id: "If not specified the file will be private"."""
    done = await client.files_upload_v2(content=b"a", filename="a.csv")
    assert sandbox.messages(channel) == []
    info = (await client.files_info(file=done["file"]["id"]))["file"]
    assert (info["is_public"], info["shares"], info["title"]) == (False, {}, "a.csv")


async def test_only_the_event_of_a_file_has_a_subtype(
    client: AsyncWebClient, channel: str, received_events: Any
) -> None:
    """The event file_share is a "message subtype event"; its example has `upload` and `files`."""
    await client.files_upload_v2(channel=channel, content=b"a", filename="a.csv")
    [event] = await received_events("message")
    assert (event["subtype"], event["upload"], event["bot_id"]) == (
        "file_share",
        True,
        (await client.auth_test())["bot_id"],
    )
    [message] = (await client.conversations_history(channel=channel))["messages"]
    assert "subtype" not in message
    assert message["files"][0]["name"] == "a.csv"


async def test_only_a_complete_upload_can_be_completed(
    client: AsyncWebClient, session: aiohttp.ClientSession, channel: str, refused: Any
) -> None:
    """file_not_found: "Could not find the file from the upload ticket"; any status but 200 from the
    upload URL means that the upload failed.
    """
    ticket = await announced(client)
    complete = client.files_completeUploadExternal
    early = await refused(complete(files=[{"id": ticket["file_id"]}], channel_id=channel))
    assert early["error"] == "file_not_found"
    assert (await session.post(ticket["upload_url"], data=b"less")).status == 400
    assert (await session.post(ticket["upload_url"] + "x", data=PICTURE)).status == 400
    cut = await refused(complete(files=[{"id": ticket["file_id"]}], channel_id=channel))
    assert cut["error"] == "file_not_found"
    answer = await session.post(ticket["upload_url"], data=PICTURE)
    assert (answer.status, await answer.text()) == (200, "OK - 8")
    await complete(files=[{"id": ticket["file_id"]}], channel_id=channel)


async def test_an_upload_is_completed_a_single_time(
    sandbox: Sandbox,
    client: AsyncWebClient,
    session: aiohttp.ClientSession,
    channel: str,
    refused: Any,
) -> None:
    """file_not_found: a client without the answer cannot share the file twice by a repeat."""
    file_id = await uploaded(client, session)
    sandbox.faults.add("files.completeUploadExternal", Fault.RESET_AFTER)
    complete = client.files_completeUploadExternal
    with pytest.raises(aiohttp.ClientError):
        await complete(files=[{"id": file_id}], channel_id=channel)
    again = await refused(complete(files=[{"id": file_id}], channel_id=channel))
    assert again["error"] == "file_not_found"
    assert len(sandbox.messages(channel)) == 1


async def test_a_refused_completion_can_be_repeated(
    sandbox: Sandbox,
    client: AsyncWebClient,
    session: aiohttp.ClientSession,
    channel: str,
    refused: Any,
) -> None:
    """channel_not_found, not_in_channel, thread_not_found, channels_limit_exceeded."""
    file_id = await uploaded(client, session)
    other = sandbox.add_channel("other", bot=False)
    for where, error in (
        ({"channel_id": "C404"}, "channel_not_found"),
        ({"channel_id": other}, "not_in_channel"),
        ({"channel_id": channel, "thread_ts": "1.000001"}, "thread_not_found"),
        ({"channels": [channel] * 101}, "channels_limit_exceeded"),
    ):
        given: dict[str, Any] = {"files": [{"id": file_id}], **where}
        answer = await refused(client.files_completeUploadExternal(**given))
        assert answer["error"] == error
    await client.files_completeUploadExternal(files=[{"id": file_id}], channel_id=channel)


async def test_the_announcement_of_an_upload_has_limits(
    client: AsyncWebClient, refused: Any
) -> None:
    """missing_argument "when the `length` provided is 0"; alt_txt_too_large over 1,000 characters;
    snippet_too_large over 1 MB."""
    for given, error in (
        ({"length": 0}, "missing_argument"),
        ({"length": 8, "alt_txt": "a" * 1001}, "alt_txt_too_large"),
        ({"length": 1024**2 + 1, "snippet_type": "python"}, "snippet_too_large"),
    ):
        call: dict[str, Any] = {"filename": "a.png", **given}
        assert (await refused(client.files_getUploadURLExternal(**call)))["error"] == error
    await client.files_getUploadURLExternal(filename="a.png", length=8, alt_txt="a" * 1000)


async def test_a_file_can_be_uploaded_as_a_form(
    client: AsyncWebClient, session: aiohttp.ClientSession, channel: str, sandbox: Sandbox
) -> None:
    """ "Files can be sent as raw bytes or can be multipart form encoded"."""
    ticket = await announced(client)
    form = aiohttp.FormData()
    form.add_field("filename", PICTURE, filename="a.png")
    assert (await session.post(ticket["upload_url"], data=form)).status == 200
    await client.files_completeUploadExternal(files=[{"id": ticket["file_id"]}], channel_id=channel)
    assert len(sandbox.messages(channel)) == 1


async def test_an_upload_can_fail_on_order(
    sandbox: Sandbox, client: AsyncWebClient, channel: str
) -> None:
    """The client treats any status but 200 as a failure and does not complete the upload."""
    sandbox.faults.add("upload", Fault.SERVER_ERROR(503))
    with pytest.raises(SlackRequestError, match="status: 503"):
        await client.files_upload_v2(channel=channel, content=b"a", filename="a.csv")
    assert sandbox.messages(channel) == []


async def test_a_download_needs_a_token(
    sandbox: Sandbox, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    """url_private needs the token and `files:read`; otherwise Slack redirects to the sign-in."""
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    ts = await sandbox.post(ada, channel, "", files=[{"name": "log.txt", "content": b"boom"}])
    message = sandbox.message(channel, ts)
    assert message is not None
    address = message.files[0]["url_private"]
    bearer = {"Authorization": f"Bearer {sandbox.bot_token}"}
    async with session.get(address, headers=bearer) as whole:
        assert (await whole.read(), whole.content_type) == (b"boom", "text/plain")
    async with session.get(address, allow_redirects=False) as page:
        assert page.status == 302


async def test_a_file_in_a_channel_without_the_bot_is_not_visible(
    sandbox: Sandbox, client: AsyncWebClient, refused: Any
) -> None:
    """not_visible: "Do not have permission to view the file"."""
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("hr", members=[ada], bot=False)
    ts = await sandbox.post(ada, channel, "", files=[{"name": "pay.csv"}])
    message = sandbox.message(channel, ts)
    assert message is not None
    answer = await refused(client.files_info(file=message.files[0]["id"]))
    assert answer["error"] == "not_visible"


async def test_a_file_moves_to_the_new_id_of_its_channel(
    sandbox: Sandbox, client: AsyncWebClient, channel: str
) -> None:
    """channel_id_changed: the content of the channel moves to the new ID."""
    await client.files_upload_v2(channel=channel, content=b"a", filename="a.csv")
    [shown] = sandbox.messages(channel)
    new = sandbox.change_id(channel)
    file = (await client.files_info(file=shown.files[0]["id"]))["file"]
    assert (file["channels"], list(file["shares"]["public"])) == ([new], [new])
