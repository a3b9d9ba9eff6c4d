"""The errors of the sandbox: Slack refuses a call, or a test asks for something impossible."""

from collections.abc import Sequence
from typing import Any


class SlackError(Exception):
    """Slack refuses a call. `error` is the name that Slack documents for the refusal."""

    def __init__(self, error: str, messages: Sequence[str] = (), **extra: Any) -> None:
        super().__init__(f"{error}: {'; '.join(messages)}" if messages else error)
        self.error = error
        self.messages = tuple(messages)
        self.extra = extra

    def answer(self) -> dict[str, Any]:
        """Return the body of the response. `response_metadata.messages` lists each problem."""
        body: dict[str, Any] = {"ok": False, "error": self.error, **self.extra}
        if self.messages:
            lines = [f"[ERROR] {message}" for message in self.messages]
            body["response_metadata"] = {"messages": lines}
        return body


class ImpossibleError(AssertionError):
    """A person in a test or the demo tries something that Slack's own client does not allow."""
