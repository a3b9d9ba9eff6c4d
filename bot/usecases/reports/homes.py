"""The App Home that each person sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.agreements.recurring_task import OpenTask
from bot.domain.ids import UserId
from bot.domain.operations.staff import Role
from bot.domain.reports.digest import Digest
from bot.domain.tickets.ticket_view import TicketView
from bot.usecases.agreements.recurring_tasks import duties_due
from bot.usecases.desk import Desk
from bot.usecases.reports.digest import figures_now
from bot.usecases.tickets.open_tickets import is_for, open_for, views_in_order

KEPT_FOR = timedelta(days=2)  # after a person's last look; their next look renders it anew


@dataclass(frozen=True, slots=True)
class Home:
    """The App Home of a staff member; only managers have the figures."""

    queue: Sequence[TicketView]
    others: Sequence[TicketView]  # tickets of other people, at risk or overdue
    figures: Digest | None
    duties: Sequence[OpenTask]  # the viewer's own recurring tasks, overdue or due soon


async def home_opened(desk: Desk, user_id: UserId) -> str:
    """Record that somebody opened their Home, so that it is published. Return the outcome in
    words."""
    await desk.work.homes.opened(user_id)
    return f"{user_id} looks at their Home"


async def homes(desk: Desk) -> dict[str, Home | None]:
    """Return the Homes to publish, by user ID, the latest viewer first.

    The viewers are the people who opened their Home within KEPT_FOR. The value is None for a person
    who is not on the staff now.
    """
    viewers = await desk.work.homes.since(desk.now - KEPT_FOR)
    staff = {member.user_id: member for member in await desk.work.staff.all()}
    if not any(user_id in staff for user_id in viewers):
        return dict.fromkeys(viewers)
    ids = {*await open_for(desk, viewers), *await desk.work.clocks.pressing(desk.now)}
    ticket_views = await views_in_order(desk, ids)
    pressing = [
        ticket_view
        for ticket_view in ticket_views
        if ticket_view.is_late or ticket_view.is_at_risk(desk.now)
    ]
    managers = {member.user_id for member in staff.values() if member.role is Role.MANAGER}
    figures = await figures_now(desk) if managers.intersection(viewers) else None
    duties = figures.duties if figures is not None else await duties_due(desk)
    return {
        user_id: Home(
            [ticket_view for ticket_view in ticket_views if is_for(ticket_view, user_id, desk.now)],
            [ticket_view for ticket_view in pressing if ticket_view.has_it != user_id],
            figures if user_id in managers else None,
            [duty for duty in duties if duty.has_it == user_id],
        )
        if user_id in staff
        else None
        for user_id in viewers
    }
