"""The staff list, kept in step with a user group of the workspace."""

from collections.abc import Collection

from bot.domain.client import Role, StaffMember
from bot.usecases.desk import Desk


async def keep_in_step(desk: Desk, members: Collection[str]) -> tuple[list[str], list[str]]:
    """Who joined and who left the list (Slack user IDs): people of the group are engineers unless
    the list says otherwise, and whoever was put on it by name stays. An empty group takes nobody
    off: a desk without staff would answer nobody."""
    staff = {one.user_id: one for one in await desk.work.staff.all()}
    if not members:
        return [], []
    joined = [one for one in members if one not in staff]
    left = [one.user_id for one in staff.values() if one.by_group and one.user_id not in members]
    for user_id in joined:
        await desk.work.staff.put(StaffMember(user_id, Role.ENGINEER, "", by_group=True))
    for user_id in left:
        await desk.work.staff.remove(user_id)
    return joined, left
