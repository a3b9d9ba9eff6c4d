"""The frames that travel over Socket Mode."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.json_types import Json


@dataclass
class Envelope:
    """A message for the app: an event, repeated until acknowledged, or a question, sent once.

    An envelope with an `answer` is a question.
    """

    kind: str
    payload: Json
    answer: asyncio.Future[Json | None] | None = None
    attempt: int = 0
    reason: str = ""

    def frame(self, envelope_id: str) -> str:
        """Return the text of the frame. A repeat has the same `event_id` and a retry number."""
        body: Json = {
            "envelope_id": envelope_id,
            "payload": self.payload,
            "type": self.kind,
            "accepts_response_payload": self.answer is not None,
        }
        if self.answer is None:
            body |= {"retry_attempt": self.attempt, "retry_reason": self.reason}
        return json.dumps(body)


@dataclass(frozen=True)
class Ack:
    """The app's answer to a question.

    `error` is the error that Slack shows to the person if the app did not answer.
    """

    payload: Json = field(default_factory=dict)
    error: str | None = None


HOST = {"host": "sandbox", "approximate_connection_time": 18060}


def hello(connections: int, app_id: str) -> str:
    """Return the first frame of a connection."""
    return json.dumps(
        {
            "type": "hello",
            "num_connections": connections,
            "connection_info": {"app_id": app_id},
            "debug_info": HOST,
        }
    )


def disconnect(reason: str) -> str:
    """Return the frame that announces the end of a connection."""
    return json.dumps({"type": "disconnect", "reason": reason, "debug_info": HOST})


def acknowledgement(text: str) -> tuple[str, dict[str, Any]]:
    """Return the envelope ID that a frame of the app acknowledges, and its payload."""
    frame = json.loads(text)
    return frame.get("envelope_id", ""), frame.get("payload") or {}
