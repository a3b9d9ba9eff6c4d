"""Synchronising the staff list with a user group of the workspace."""

from collections.abc import Collection

from bot.domain.ids import UserId
from bot.domain.operations.staff import Role, StaffMember
from bot.usecases.desk import Desk


async def keep_in_step(
    desk: Desk, members: Collection[UserId]
) -> tuple[list[UserId], list[UserId]]:
    """Return the Slack user IDs that joined and that left the staff list.

    New members of the group become engineers. People who were added by name stay on the list. An
    empty group removes nobody, since a desk without staff would answer nobody.
    """
    staff = {member.user_id: member for member in await desk.work.staff.all()}
    if not members:
        return [], []
    joined = [user_id for user_id in members if user_id not in staff]
    left = [
        member.user_id
        for member in staff.values()
        if member.by_group and member.user_id not in members
    ]
    for user_id in joined:
        await desk.work.staff.put(StaffMember(user_id, Role.ENGINEER, None, by_group=True))
    for user_id in left:
        await desk.work.staff.remove(user_id)
    return joined, left
