"""How Slack says no."""

from collections.abc import Sequence
from typing import Any

from bot.errors import DeskbellError


class SlackError(DeskbellError):
    """A refusal of the Web API, by the name that Slack documents for it."""

    def __init__(self, error: str, messages: Sequence[str] = (), **extra: Any) -> None:
        super().__init__(f"{error}: {'; '.join(messages)}" if messages else error)
        self.error = error
        self.messages = tuple(messages)
        self.extra = extra

    def answer(self) -> dict[str, Any]:
        """The body: `response_metadata.messages` names each fault where Slack would."""
        body: dict[str, Any] = {"ok": False, "error": self.error, **self.extra}
        if self.messages:
            body["response_metadata"] = {"messages": [f"[ERROR] {each}" for each in self.messages]}
        return body


class ImpossibleError(DeskbellError, AssertionError):
    """A person was asked to do what Slack's own client would not let them do."""
