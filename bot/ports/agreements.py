"""Store interfaces for statements, recurring tasks, and catalogue versions."""

from datetime import date, datetime
from typing import Protocol

from bot.domain.agreements.period import Period
from bot.domain.ids import ClientId, UserId
from bot.json_types import Json


class Statements(Protocol):
    """Statements of billing periods, as written."""

    async def put(
        self, client_id: ClientId, period: Period, issued_at: datetime, body: Json
    ) -> None: ...
    async def of(self, client_id: ClientId) -> list[Json]: ...


class Duties(Protocol):
    """Completed recurring tasks."""

    async def mark(
        self, client_id: ClientId, duty: str, last: date, actor: UserId, *, done: bool
    ) -> None: ...
    async def done(self, client_id: ClientId) -> dict[tuple[str, date], str]: ...


class CatalogVersions(Protocol):
    """Recorded versions of catalogue files."""

    async def record(self, name: str, digest: str, text: str, now: datetime) -> int: ...
    async def in_force(self, name: str, instant: datetime) -> int: ...
    async def text(self, version_id: int) -> tuple[str, str]: ...
