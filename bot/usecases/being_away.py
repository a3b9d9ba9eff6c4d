"""Staff who are away: others act for them until they are back."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.client import StaffMember
from bot.errors import Refusal
from bot.usecases.desk import Desk, staff_member
from bot.usecases.given_time import NoSuchTime
from bot.usecases.listing import open_sheets
from bot.usecases.setting import manager
from bot.usecases.snoozing import LONGEST


async def go_away(desk: Desk, actor: str, who: str, until: datetime | None) -> StaffMember:
    """Somebody is away until an instant (aware, UTC); None: they are back. Managers say so of
    anybody on staff, others of themselves. The cards that name them are shown anew."""
    member = await staff_member(desk, actor)
    if who != actor:
        await manager(desk, actor)
        found = await desk.work.staff.get(who)
        if found is None:
            raise Refusal(
                f"<@{who}> is not on the support team: name somebody who is.", mentions=(who,)
            )
        member = found
    if until is not None and not desk.now < until <= desk.now + LONGEST:
        raise NoSuchTime("Choose a time that is still to come, within a year.")
    await desk.work.staff.set_away(who, until)
    for sheet in await open_sheets(desk):
        if await _concerns(desk, sheet.ticket.agreement_id, sheet.ticket.assignee, who):
            await desk.refresh_cards(sheet.ticket)
    return member


async def _concerns(desk: Desk, agreement_id: int, assignee: str | None, who: str) -> bool:
    agreement = await desk.work.clients.agreement(agreement_id)
    return who in {assignee, agreement.engineer, agreement.backup}


async def away_now(desk: Desk, actor: str) -> Sequence[StaffMember]:
    """Who is away, for staff."""
    await staff_member(desk, actor)
    return [one for one in await desk.work.staff.all() if one.is_away(desk.now)]
