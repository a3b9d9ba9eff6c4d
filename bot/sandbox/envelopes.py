"""What travels over Socket Mode."""

import asyncio
import json
from dataclasses import dataclass, field

from bot.sandbox.records import Json


@dataclass
class Envelope:
    """One thing for the app: an event, repeated until acked, or a question, asked once."""

    kind: str
    payload: Json
    answer: asyncio.Future[Json | None] | None = None
    attempt: int = 0
    reason: str = ""

    def frame(self, envelope_id: str) -> str:
        """What goes over the wire; repeats say so, with the same `event_id` inside."""
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
    """How the app answered a question: `error` is what Slack tells the person if it did not."""

    payload: Json = field(default_factory=dict)
    error: str | None = None


HOST = {"host": "sandbox", "approximate_connection_time": 18060}


def hello(connections: int, app_id: str) -> str:
    """The first frame of each connection."""
    return json.dumps(
        {
            "type": "hello",
            "num_connections": connections,
            "connection_info": {"app_id": app_id},
            "debug_info": HOST,
        }
    )


def disconnect(reason: str) -> str:
    """The frame that says that a connection ends, and why."""
    return json.dumps({"type": "disconnect", "reason": reason, "debug_info": HOST})
