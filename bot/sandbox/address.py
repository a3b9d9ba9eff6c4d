"""The address on which the sandbox listens."""

from dataclasses import dataclass


@dataclass
class Address:
    """A port on 127.0.0.1. A `port` of 0 means that the sandbox has not started yet."""

    port: int = 0

    @property
    def origin(self) -> str:
        """The scheme, host and port."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        """The base URL of the Web API, as `AsyncWebClient(base_url=...)` takes it."""
        return f"{self.origin}/api/"

    def socket_url(self, ticket: str, app_id: str) -> str:
        """Return the WebSocket URL on which an app opens a Socket Mode connection."""
        return f"ws://127.0.0.1:{self.port}/link/?ticket={ticket}&app_id={app_id}"
