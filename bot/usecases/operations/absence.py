"""Hours and absence of staff: other people act for staff who are away."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import available_timezones

from bot.domain.ids import UserId
from bot.domain.operations.refusals import (
    CoversThemselves,
    HoursOverlap,
    HoursUnreadable,
    NoSuchZone,
    NotOnTheTeam,
)
from bot.domain.operations.staff import StaffMember
from bot.domain.sla.calendars.parse_windows import parse_windows
from bot.domain.sla.calendars.window import overlaps
from bot.domain.sla.refusals import TimeOutOfRange
from bot.domain.sla.text_faults import TextFault
from bot.domain.ticket import Ticket
from bot.usecases.access import manager, staff_member
from bot.usecases.desk import Desk
from bot.usecases.escalation.people import people_of
from bot.usecases.tickets.handling.snooze import LONGEST
from bot.usecases.tickets.open_tickets import open_for, views_in_order


async def go_away(
    desk: Desk, actor: UserId, user_id: UserId, until: datetime | None, cover: UserId | None = None
) -> StaffMember:
    """Record that a person is away until an instant (aware, UTC); None records that they are back.

    `cover` acts for them. Managers may do this for anybody on the staff, others for themselves.
    Cards that name the person are refreshed. Raises NoSuchTime if the instant is past or over a
    year away, and Refusal if nobody can act as requested.
    """
    member = await _member(desk, actor, user_id)
    if until is not None and not desk.now < until <= desk.now + LONGEST:
        raise TimeOutOfRange
    if cover == user_id:
        raise CoversThemselves
    if cover is not None and await desk.work.staff.get(cover) is None:
        raise NotOnTheTeam(cover)
    await put_away(desk, user_id, until, cover)
    return member


async def put_away(
    desk: Desk, user_id: UserId, until: datetime | None, cover: UserId | None
) -> None:
    """Record an absence without checking the actor, and refresh the cards that name the person."""
    await desk.work.staff.set_away(user_id, until, cover)
    for ticket in await concerned(desk, user_id):
        await desk.refresh_cards(ticket)


async def set_hours(
    desk: Desk, actor: UserId, user_id: UserId, hours: str, zone: str
) -> StaffMember:
    """Set the hours in which a person reads pings that are not urgent.

    `hours` are weekly windows like "Mon-Fri 09:00-18:00", separated by semicolons, in an IANA zone;
    "" means any time. Raises Refusal for anything else.
    """
    member = await _member(desk, actor, user_id)
    if zone not in available_timezones():
        raise NoSuchZone(zone)
    try:
        windows = (
            [window for part in hours.split(";") for window in parse_windows(part)] if hours else []
        )
    except TextFault as fault:
        raise HoursUnreadable(fault) from None
    if overlaps(windows):
        raise HoursOverlap
    await desk.work.staff.set_hours(user_id, hours or None, zone)
    return member


async def _member(desk: Desk, actor: UserId, user_id: UserId) -> StaffMember:
    """Return the person concerned. Managers may act for anybody on the staff, others for
    themselves.

    Raises Refusal if the person is not on the staff.
    """
    member = await staff_member(desk, actor)
    if user_id != actor:
        await manager(desk, actor)
        other = await desk.work.staff.get(user_id)
        if other is None:
            raise NotOnTheTeam(user_id)
        member = other
    return member


async def hours_of_staff(desk: Desk, actor: UserId) -> Sequence[StaffMember]:
    """Return all staff with their hours. Staff only."""
    await staff_member(desk, actor)
    return await desk.work.staff.all()


async def concerned(desk: Desk, user_id: UserId) -> list[Ticket]:
    """Return the open tickets that are assigned to the person, or for which the agreement names
    them now."""
    tickets = []
    for ticket_view in await views_in_order(desk, await open_for(desk, [user_id])):
        people = await people_of(desk, ticket_view.ticket, ticket_view.plan)
        if user_id in {ticket_view.ticket.assignee, people.engineer, people.backup}:
            tickets.append(ticket_view.ticket)
    return tickets


async def away_now(desk: Desk, actor: UserId) -> Sequence[StaffMember]:
    """Return the staff who are away now. Staff only."""
    await staff_member(desk, actor)
    return [member for member in await desk.work.staff.all() if member.is_away(desk.now)]
