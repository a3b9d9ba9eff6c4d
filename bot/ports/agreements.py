"""Store interfaces for statements, recurring tasks, and catalogue versions."""

from datetime import date, datetime
from typing import Protocol

from bot.domain.agreements.statement import Statement
from bot.domain.ids import ClientId, UserId


class Statements(Protocol):
    """Statements of billing periods, as written."""

    async def put(self, client_id: ClientId, statement: Statement) -> None: ...
    async def of(self, client_id: ClientId) -> list[Statement]: ...


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
