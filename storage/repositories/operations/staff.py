"""The vendor's staff."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import UserId
from bot.domain.operations.staff import Role, StaffMember
from storage.engine.rows import put_rows
from storage.tables.operations import staff

_STAFF = select(staff).order_by(staff.c.user_id)


class SqlStaff:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._members: dict[str, StaffMember] | None = None

    async def put(self, member: StaffMember) -> None:
        """Add a staff member, or change their role and name."""
        row = {
            "user_id": member.user_id,
            "role": member.role.value,
            "name": member.name or "",  # the column holds "" for none
            "by_group": member.by_group,
        }
        await put_rows(self._connection, staff, ("user_id",), [row])
        self._members = None

    async def set_away(
        self, user_id: UserId, until: datetime | None, cover: UserId | None = None
    ) -> None:
        """Record that a member is away until an instant, and their cover; None: the member is
        present.
        """
        await self._set(user_id, away_until=until, cover=cover)

    async def set_hours(self, user_id: UserId, hours: str | None, zone: str | None) -> None:
        """Set the hours in which a member reads messages that are not urgent; None: at any time."""
        await self._set(user_id, hours=hours or "", zone=zone or "")

    async def _set(self, user_id: UserId, **values: Any) -> None:
        await self._connection.execute(
            update(staff).where(staff.c.user_id == user_id).values(values)
        )
        self._members = None

    async def remove(self, user_id: UserId) -> None:
        """Remove a member from the staff; their past actions stay recorded."""
        await self._connection.execute(delete(staff).where(staff.c.user_id == user_id))
        self._members = None

    async def get(self, user_id: UserId) -> StaffMember | None:
        return (await self._by_id()).get(user_id)

    async def all(self, role: Role | None = None) -> list[StaffMember]:
        members = (await self._by_id()).values()
        return [member for member in members if role is None or member.role is role]

    async def _by_id(self) -> dict[str, StaffMember]:
        """Return all members by user ID, read once per transaction: there are few."""
        if self._members is None:
            rows = await self._connection.execute(_STAFF)
            self._members = {row.user_id: _member(row) for row in rows}
        return self._members


def _member(row: Row[Any]) -> StaffMember:
    return StaffMember(
        row.user_id,
        Role(row.role),
        row.name or None,  # the columns hold "" for none
        row.away_until,
        row.by_group,
        row.cover,
        row.hours or None,
        row.zone or None,
    )
