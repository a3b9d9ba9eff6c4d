"""The App Home: what each person sees who looks at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.client import Role
from bot.domain.digest import Digest
from bot.domain.duty import DutyLine
from bot.domain.sheet import TicketSheet
from bot.usecases.desk import Desk
from bot.usecases.digesting import figures_now
from bot.usecases.duties import duties_due
from bot.usecases.listing import is_for, open_for, sheets_in_order

KEPT_FOR = timedelta(days=2)  # since somebody last looked: who comes back later sees it made anew


@dataclass(frozen=True, slots=True)
class Home:
    """For staff; a manager has the figures besides."""

    queue: Sequence[TicketSheet]
    others: Sequence[TicketSheet]  # at risk or late, and not theirs
    figures: Digest | None
    duties: Sequence[DutyLine]  # theirs, overdue or due soon


async def home_opened(desk: Desk, user_id: str) -> str:
    """Somebody looks at their Home; it is shown by whoever publishes them."""
    await desk.work.homes.opened(user_id)
    return f"{user_id} looks at their Home"


async def homes(desk: Desk) -> dict[str, Home | None]:
    """By user ID what each is to see of those who look, the latest first; None for whoever is not
    on staff now, whatever they saw before."""
    lookers = await desk.work.homes.since(desk.now - KEPT_FOR)
    staff = {one.user_id: one for one in await desk.work.staff.all()}
    if not any(user_id in staff for user_id in lookers):
        return dict.fromkeys(lookers)
    ids = {*await open_for(desk, lookers), *await desk.work.clocks.pressing(desk.now)}
    sheets = await sheets_in_order(desk, ids)
    pressing = [one for one in sheets if one.is_late or one.is_at_risk(desk.now)]
    managers = {one.user_id for one in staff.values() if one.role is Role.MANAGER}
    figures = await figures_now(desk) if managers.intersection(lookers) else None
    duties = figures.duties if figures is not None else await duties_due(desk)
    return {
        user_id: Home(
            [one for one in sheets if is_for(one, user_id, desk.now)],
            [one for one in pressing if one.has_it != user_id],
            figures if user_id in managers else None,
            [one for one in duties if one.has_it == user_id],
        )
        if user_id in staff
        else None
        for user_id in lookers
    }
