"""Send pages to phone, WhatsApp, PagerDuty and other services, through Apprise."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from bot.domain.escalation.decision import Rung
from bot.domain.escalation.ladder import Step, Tell
from bot.domain.messages import Outgoing
from bot.domain.operations.alarms import PageNotTaken
from bot.domain.operations.outbox import OutboxRow
from bot.domain.tickets.ping_news import come_since, still_stands
from bot.errors import ConfigurationError
from bot.usecases.alarm import raise_alarm
from bot.usecases.desk import Desk
from bot.usecases.tickets.ticket_views import view_ticket
from bot.views.escalation.ping import page
from bot.workers import safely, until

LEASE = timedelta(seconds=60)  # longer than the timeout of any service
AT_ONCE = 5
SWEEP_SECONDS = 1.0
AGAIN_AFTER = timedelta(seconds=10)
TROUBLE_AFTER = 3  # attempts before managers are told
OpenDesk = Callable[[], AbstractAsyncContextManager[Desk]]


def pager_of(urls: Sequence[str]) -> Any:
    """Return Apprise with these services.

    Raises ConfigurationError without the address in its message, because addresses contain
    passwords.
    """
    try:
        import apprise  # noqa: PLC0415 (an optional dependency)
    except ImportError:
        raise ConfigurationError(
            'DESKBELL_PAGER_URLS needs Apprise: pip install "deskbell[pager]"'
        ) from None
    pager = apprise.Apprise()
    for place, url in enumerate(urls, 1):
        if not pager.add(url):
            raise ConfigurationError(
                f"DESKBELL_PAGER_URLS: the address number {place} is none that Apprise knows:"
                " its page lists how each service is written"
            )
    return pager


async def page_of(desk: Desk, outgoing: Outgoing) -> tuple[str, str] | None:
    """Return the current title and body of a page, or None if there is no reason left to page."""
    if outgoing.ticket_id is None:
        raise LookupError("a page without a ticket")
    ticket_view = await view_ticket(desk, await desk.work.tickets.get(outgoing.ticket_id))
    ticket_view = ticket_view.about(outgoing.facts["clock"])
    rung = Rung(Step(outgoing.facts["step"]), datetime.fromisoformat(outgoing.facts["at"]))
    if ticket_view.met_at is not None or not still_stands(ticket_view, rung):
        return None
    later = come_since(ticket_view, rung, desk.now)
    if any(Tell.PAGER in later_rung.tell for later_rung in later):
        return None  # the later step sends its own page
    return page(ticket_view, later[-1].step if later else rung.step)


class Paging:
    """Sends pages, independently of Slack.

    A page that may have been sent when a process died is sent again: no service can be asked, and a
    page twice is better than no page.
    """

    def __init__(self, pager: Any, write: OpenDesk, read: OpenDesk) -> None:
        self._pager = pager
        self._write = write
        self._read = read
        self._wake = asyncio.Event()
        self._stopping = False
        self._log = structlog.get_logger("pager")

    def wake(self) -> None:
        """Note that the outbox has new messages."""
        self._wake.set()

    def stop(self) -> None:
        """Stop after the pages that are being sent."""
        self._stopping = True
        self.wake()

    async def run(self) -> None:
        """Send pages until `stop` is called."""
        while not self._stopping:
            self._wake.clear()
            await safely(self._round, "the pages could not be worked")
            await until(self._wake, SWEEP_SECONDS)

    async def _round(self) -> None:
        """Send the pages that are ready, several at once.

        A page that fails does not delay the others; it is ready again when its lease ends.
        """
        while not self._stopping:
            async with self._read() as desk:
                if not await desk.work.outbox.has_pages():
                    return
            async with self._write() as desk:
                rows = await desk.work.outbox.claim_pages(desk.now + LEASE, AT_ONCE)
            sends = (partial(self._send, row) for row in rows)
            await asyncio.gather(*(safely(send, "a page could not be sent") for send in sends))

    async def _send(self, row: OutboxRow) -> None:
        async with self._read() as desk:
            page = await page_of(desk, row.message)
        if page is None:  # answered in the meantime, or no longer overdue
            await self._keep(row, taken=True)
            return
        title, body = page
        taken = await self._pager.async_notify(body=body, title=title)
        await self._keep(row, taken=bool(taken))

    async def _keep(self, row: OutboxRow, *, taken: bool) -> None:
        async with self._write() as desk:
            if taken:
                await desk.work.outbox.sent(row, row.message.channel, "")
                return
            error = "a pager did not take it"
            await desk.work.outbox.again(row, desk.now + AGAIN_AFTER, error)
            self._log.error(error, key=row.message.key, attempts=row.attempts)
            if row.attempts >= TROUBLE_AFTER:
                await raise_alarm(desk, f"pager:{desk.now.date()}", PageNotTaken())
