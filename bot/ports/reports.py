"""Store interfaces for App Homes and digest subscriptions."""

from datetime import datetime
from typing import Any, Protocol

from bot.domain.ids import ChannelId, UserId


class Homes(Protocol):
    """Who has opened the App Home, and whether there is anything new to show there."""

    async def opened(self, user_id: UserId) -> None: ...
    async def since(self, instant: datetime) -> list[UserId]: ...
    async def mark(self) -> tuple[Any, ...]: ...


class Subscriptions(Protocol):
    """Channels that receive a digest of a single client or plan."""

    async def add(self, channel_id: ChannelId, subject: str, by: str) -> bool: ...
    async def end(self, channel_id: ChannelId) -> None: ...
    async def all(self) -> list[tuple[ChannelId, str]]: ...
