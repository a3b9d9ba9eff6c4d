"""Send pages to phone, WhatsApp, PagerDuty and other services, through Apprise."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from bot.domain.escalation.messages import Page
from bot.domain.operations.alarms import PageNotTaken
from bot.domain.operations.setup_faults import AppriseMissing, PagerAddressUnknown
from bot.domain.outbox_row import OutboxRow
from bot.domain.tickets.ping_news import page_news
from bot.usecases.alarm import raise_alarm
from bot.usecases.desk import Desk, OpenDesk
from bot.usecases.tickets.ticket_views import view_ticket
from bot.views.escalation.ping import page
from bot.workers import PeriodicWorker, safely

LEASE = timedelta(seconds=60)  # longer than the timeout of any service
AT_ONCE = 5
SWEEP_SECONDS = 1.0
AGAIN_AFTER = timedelta(seconds=10)
TROUBLE_AFTER = 3  # attempts before managers are told


def pager_of(urls: Sequence[str]) -> Any:
    """Return Apprise with these services.

    Raises ConfigurationError without the address in its message, because addresses contain
    passwords.
    """
    try:
        import apprise  # noqa: PLC0415 (an optional dependency)
    except ImportError:
        raise AppriseMissing from None
    pager = apprise.Apprise()
    for place, url in enumerate(urls, 1):
        if not pager.add(url):
            raise PagerAddressUnknown(place)
    return pager


async def page_of(desk: Desk, message: Page) -> tuple[str, str] | None:
    """Return the current title and body of a page, or None if there is no reason left to page."""
    ticket_view = await view_ticket(desk, await desk.work.tickets.get_for_update(message.ticket))
    step = page_news(ticket_view, message, desk.now)
    if step is None:
        return None
    return page(ticket_view.about(message.clock_step.clock), step)


class Paging(PeriodicWorker):
    """Sends pages, independently of Slack.

    A page that may have been sent when a process died is sent again: no service can be asked, and a
    page twice is better than no page.
    """

    def __init__(self, pager: Any, write: OpenDesk, read: OpenDesk) -> None:
        super().__init__(self._round, "the pages could not be worked", interval=SWEEP_SECONDS)
        self._pager = pager
        self._write = write
        self._read = read
        self._log = structlog.get_logger("pager")

    async def _round(self) -> None:
        """Send the pages that are ready, several at once.

        A page that fails does not delay the others; it is ready again when its lease ends.
        """
        while not self.is_stopping:
            async with self._read() as desk:
                if not await desk.work.outbox.has_pages():
                    return
            async with self._write() as desk:
                rows = await desk.work.outbox.claim_pages(desk.now + LEASE, AT_ONCE)
            sends = (partial(self._send, row) for row in rows)
            await asyncio.gather(*(safely(send, "a page could not be sent") for send in sends))

    async def _send(self, row: OutboxRow) -> None:
        message = row.outgoing.message
        if not isinstance(message, Page):
            raise TypeError(f"no way to page {message.kind}")
        async with self._read() as desk:
            page = await page_of(desk, message)
        if page is None:  # answered in the meantime, or no longer overdue
            await self._keep(row, taken=True)
            return
        title, body = page
        taken = await self._pager.async_notify(body=body, title=title)
        await self._keep(row, taken=bool(taken))

    async def _keep(self, row: OutboxRow, *, taken: bool) -> None:
        async with self._write() as desk:
            if taken:
                await desk.work.outbox.sent(row, row.outgoing.address, None)
                return
            error = "a pager did not take it"
            await desk.work.outbox.again(row, desk.now + AGAIN_AFTER, error)
            self._log.error(error, key=row.outgoing.key, attempts=row.attempts)
            if row.attempts >= TROUBLE_AFTER:
                await raise_alarm(desk, f"pager:{desk.now.date()}", PageNotTaken())
