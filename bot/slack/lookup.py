"""Finding out whether a message of ours stands in Slack."""

from datetime import timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import ts_of
from bot.ports import Json, OutboxRow

METADATA_EVENT = "deskbell_message"
CLOCKS_MAY_DIFFER = timedelta(minutes=5)


def metadata(row: OutboxRow) -> Json:
    """What a message carries unseen, so that it can be found again."""
    return {"event_type": METADATA_EVENT, "event_payload": {"key": row.message.key}}


async def find(client: AsyncWebClient, row: OutboxRow, channel: str) -> str | None:
    """The `ts` under which the row's message stands in Slack, or None if it does not."""
    query: dict[str, Any] = {
        "channel": channel,
        "oldest": ts_of(row.created_at - CLOCKS_MAY_DIFFER),
        "include_all_metadata": True,
        "limit": 200,
    }
    if row.thread_ts is not None:
        query["ts"] = row.thread_ts
    method = client.conversations_replies if row.thread_ts else client.conversations_history
    while True:
        page = await method(**query)
        for message in page["messages"]:
            if _is_it(message, row):
                ts: str = message["ts"]
                return ts
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return None
        query["cursor"] = cursor


def _is_it(message: Json, row: OutboxRow) -> bool:
    found = message.get("metadata") or {}
    payload = found.get("event_payload") or {}
    return found.get("event_type") == METADATA_EVENT and payload.get("key") == row.message.key
