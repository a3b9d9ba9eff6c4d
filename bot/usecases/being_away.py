"""When staff can be told: others act for whoever is away, and what is not pressing waits for
working hours."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import available_timezones

from bot.domain.client import StaffMember
from bot.domain.parse_windows import parse_windows
from bot.domain.ticket import Ticket
from bot.domain.window import overlaps
from bot.errors import Refusal
from bot.usecases.desk import Desk, people_of, staff_member
from bot.usecases.given_time import NoSuchTime
from bot.usecases.listing import open_for, sheets_in_order
from bot.usecases.setting import manager
from bot.usecases.snoozing import LONGEST


async def go_away(
    desk: Desk, actor: str, who: str, until: datetime | None, cover: str | None = None
) -> StaffMember:
    """Somebody is away until an instant (aware, UTC), and `cover` acts for them; None: they are
    back. Managers say so of anybody on staff, others of themselves. The cards that name them are
    shown anew."""
    member = await _member(desk, actor, who)
    if until is not None and not desk.now < until <= desk.now + LONGEST:
        raise NoSuchTime("Choose a time that is still to come, within a year.")
    if cover == who:
        raise Refusal("Nobody covers for themselves: name somebody else on staff.")
    if cover is not None and await desk.work.staff.get(cover) is None:
        raise Refusal(
            f"<@{cover}> is not on the support team: name somebody who is.", mentions=(cover,)
        )
    await put_away(desk, who, until, cover)
    return member


async def put_away(desk: Desk, who: str, until: datetime | None, cover: str | None) -> None:
    """The same, whoever says it."""
    await desk.work.staff.set_away(who, until, cover)
    for ticket in await concerned(desk, who):
        await desk.refresh_cards(ticket)


async def set_hours(desk: Desk, actor: str, who: str, hours: str, zone: str) -> StaffMember:
    """When somebody reads what is not pressing: weekly windows like "Mon-Fri 09:00-18:00", parted
    by semicolons, in an IANA zone; "" for any time. Raises Refusal for what is none."""
    member = await _member(desk, actor, who)
    if zone not in available_timezones():
        raise Refusal(f"There is no time zone {zone[:60]}: write one like Asia/Karachi.")
    try:
        windows = [one for part in hours.split(";") for one in parse_windows(part)] if hours else []
    except ValueError as error:
        raise Refusal(f"{str(error)[:200]}.") from None
    if overlaps(windows):
        raise Refusal("Two of these windows overlap: end the one before the other starts.")
    await desk.work.staff.set_hours(who, hours, zone)
    return member


async def _member(desk: Desk, actor: str, who: str) -> StaffMember:
    """Whom it is about: managers may say so of anybody on staff, others of themselves."""
    member = await staff_member(desk, actor)
    if who != actor:
        await manager(desk, actor)
        found = await desk.work.staff.get(who)
        if found is None:
            raise Refusal(
                f"<@{who}> is not on the support team: name somebody who is.", mentions=(who,)
            )
        member = found
    return member


async def hours_of_staff(desk: Desk, actor: str) -> Sequence[StaffMember]:
    """Everybody, for staff."""
    await staff_member(desk, actor)
    return await desk.work.staff.all()


async def concerned(desk: Desk, who: str) -> list[Ticket]:
    """The open tickets that they have, or for which they are named now."""
    found = []
    for sheet in await sheets_in_order(desk, await open_for(desk, [who])):
        people = await people_of(desk, sheet.ticket, sheet.plan)
        if who in {sheet.ticket.assignee, people.engineer, people.backup}:
            found.append(sheet.ticket)
    return found


async def away_now(desk: Desk, actor: str) -> Sequence[StaffMember]:
    """Who is away, for staff."""
    await staff_member(desk, actor)
    return [one for one in await desk.work.staff.all() if one.is_away(desk.now)]
