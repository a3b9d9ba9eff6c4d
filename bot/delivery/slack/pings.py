"""Rendering pings: fetch the later pings of their readers, and render the steps still news."""

from collections.abc import Sequence

from bot.domain.escalation.decision import Audience
from bot.domain.escalation.messages import PingMessage, PingsTogether
from bot.domain.tickets.ping_news import TicketStep, later_pings, news_together, ping_news
from bot.domain.tickets.ticket_view import TicketView
from bot.usecases.desk import Desk
from bot.usecases.escalation.pings import PING_KEYS, ping_key
from bot.usecases.tickets.ticket_views import view_tickets
from bot.views.escalation.ping import ping
from bot.views.escalation.pings import breaches, several
from bot.views.message import Message


async def ping_message(
    desk: Desk, message: PingMessage, address: str, ticket_view: TicketView
) -> Message | None:
    """Return the ping to the reader at `address`, or None if it is no news any more."""
    later = await _told(
        desk, address, message.audience, later_pings(ticket_view, message, desk.now)
    )
    news = ping_news(ticket_view, message, desk.now, later)
    if not news:
        return None
    (first_view, step), *besides = news
    return ping(
        first_view,
        step,
        message.audience,
        message.readers,
        now=message.noticed_at,
        besides=besides,
        to_all=message.to_all,
        instead_of=message.instead_of,
    )


async def pings_message(desk: Desk, pings: PingsTogether, address: str) -> Message | None:
    """Return several pings to the reader at `address` in a message, or None if none is news."""
    ticket_views = await view_tickets(desk, {part.ticket for part in pings.parts})
    steps = [
        step
        for part in pings.parts
        for step in later_pings(ticket_views[part.ticket], part, desk.now)
    ]
    later = await _told(desk, address, pings.audience, steps)
    news = news_together(ticket_views, pings, desk.now, later)
    if pings.audience is Audience.MANAGERS:
        return breaches([ticket_view for ticket_view, _ in news], now=pings.noticed_at)
    if len(news) == 1:
        [(ticket_view, step)] = news
        return ping(ticket_view, step, Audience.ENGINEER, (address,), now=pings.noticed_at)
    return several(news, now=pings.noticed_at) if news else None


async def _told(
    desk: Desk, address: str, audience: Audience, steps: Sequence[TicketStep]
) -> set[TicketStep]:
    """Return the steps of which the reader at `address` has a ping, or is about to have it."""
    if not steps:
        return set()
    keys = {ping_key(ticket, step, audience, address): (ticket, step) for ticket, step in steps}
    queued = await desk.work.idempotency.messages_of(PING_KEYS, list(keys))
    return {keys[key] for key in queued}
