"""Pages: what the ladder sends to phone, WhatsApp, PagerDuty and the like, through Apprise."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from bot.domain.escalation import Rung, come_since, still_stands
from bot.domain.ladder import Step, Tell
from bot.errors import ConfigurationError
from bot.ports import OutboxRow, Outgoing
from bot.usecases.alarm import raise_alarm
from bot.usecases.desk import Desk
from bot.usecases.reading import sheet_of
from bot.views.ping import page
from bot.work import safely, until

LEASE = timedelta(seconds=60)  # longer than any service is waited for
AT_ONCE = 5
SWEEP_SECONDS = 1.0
AGAIN_AFTER = timedelta(seconds=10)
TROUBLE_AFTER = 3  # attempts
OpenDesk = Callable[[], AbstractAsyncContextManager[Desk]]


def pager_of(urls: Sequence[str]) -> Any:
    """Apprise with these services. Raises ConfigurationError; no address is shown, for they hold
    passwords."""
    try:
        import apprise  # noqa: PLC0415 (an extra that only a pager needs)
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


async def page_of(desk: Desk, owed: Outgoing) -> tuple[str, str] | None:
    """Its title and body as they read now; None where there is nothing to page about any more."""
    if owed.ticket_id is None:
        raise LookupError("a page without a ticket")
    sheet = await sheet_of(desk, await desk.work.tickets.get(owed.ticket_id))
    sheet = sheet.about(owed.facts["clock"])
    rung = Rung(Step(owed.facts["step"]), datetime.fromisoformat(owed.facts["at"]))
    if sheet.met_at is not None or not still_stands(sheet, rung):
        return None
    later = come_since(sheet, rung, desk.now)
    if any(Tell.PAGER in one.tell for one in later):
        return None  # that one's own page says it
    return page(sheet, later[-1].step if later else rung.step)


class Paging:
    """Sends pages, whatever becomes of Slack meanwhile. What may have gone out when a process died
    goes out once more: no service can be asked, and rather twice than never."""

    def __init__(self, pager: Any, write: OpenDesk, read: OpenDesk) -> None:
        self._pager = pager
        self._write = write
        self._read = read
        self._wake = asyncio.Event()
        self._stopping = False
        self._log = structlog.get_logger("pager")

    def wake(self) -> None:
        """Something was written to the outbox."""
        self._wake.set()

    def stop(self) -> None:
        """Send no more than what is under way."""
        self._stopping = True
        self.wake()

    async def run(self) -> None:
        """Send until `stop`."""
        while not self._stopping:
            self._wake.clear()
            await safely(self._round, "the pages could not be worked")
            await until(self._wake, SWEEP_SECONDS)

    async def _round(self) -> None:
        """Send what may go, several at once; one that crashes holds up no other, and may go again
        when its lease is over."""
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
        if page is None:  # answered meanwhile, or no more to be late
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
                words = (
                    "A page is not taken by one of DESKBELL_PAGER_URLS: try the addresses with"
                    " Apprise, and call whoever is on duty meanwhile."
                )
                await raise_alarm(desk, f"pager:{desk.now.date()}", words)
