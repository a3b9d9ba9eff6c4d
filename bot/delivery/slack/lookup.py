"""Finds messages of the app in Slack."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.json_types import Json
from bot.slack_ts import MessageTs

METADATA_EVENT = "deskbell_message"
LONGEST_BLOCK_ID = 255
# Tolerates a clock that is wrong by a day, so that a message is not missed and posted twice.
CLOCKS_MAY_DIFFER = timedelta(hours=25)


def metadata(mark: str) -> Json:
    """Return the invisible metadata by which a message can be found again."""
    return {"event_type": METADATA_EVENT, "event_payload": {"key": mark}}


def marked(blocks: Sequence[Json], mark: str) -> list[Json]:
    """Return the blocks of a new message, with the mark in the first block's ID as well.

    Some servers keep no metadata. Updates do not set the ID: "If a message is updated, use a new
    block_id", so Slack chooses it.
    """
    first, *others = blocks
    return [first | {"block_id": _block_id(mark)}, *others]


def _block_id(mark: str) -> str:
    return f"deskbell:{mark}"[:LONGEST_BLOCK_ID]


def file_name(mark: str, ending: str) -> str:
    """Return a file name that contains the mark, so that it can be found; people read its title."""
    return f"{mark}.{ending}"


async def find(
    client: AsyncWebClient, channel: str, thread_ts: MessageTs | None, mark: str, since: datetime
) -> list[MessageTs]:
    """Return the `ts` of every message with this mark that was posted since then."""
    query: dict[str, Any] = {
        "channel": channel,
        "oldest": str(MessageTs.at(since - CLOCKS_MAY_DIFFER)),
        "include_all_metadata": True,
        "limit": 200,
    }
    if thread_ts is not None:
        query["ts"] = str(thread_ts)
    method = client.conversations_replies if thread_ts else client.conversations_history
    matches: list[MessageTs] = []
    while True:
        page = await method(**query)
        found = [message["ts"] for message in page["messages"] if _has(message, mark)]
        matches += map(MessageTs.parse, found)
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return matches
        query["cursor"] = cursor


def _has(message: Json, mark: str) -> bool:
    carried = message.get("metadata") or {}
    payload = carried.get("event_payload") or {}
    by_metadata = carried.get("event_type") == METADATA_EVENT and payload.get("key") == mark
    blocks = message.get("blocks") or ()
    by_block = any(block.get("block_id") == _block_id(mark) for block in blocks)
    files = message.get("files") or ()
    by_file = any(str(file.get("name")).partition(".")[0] == mark for file in files)
    return bool(message.get("bot_id")) and (by_metadata or by_block or by_file)
