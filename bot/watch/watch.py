"""Taking the desk's signs: a write that commits, what waits, what the auditor and Slack say."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Protocol

from bot.clock import steady_seconds
from bot.domain.finding import Finding
from bot.domain.health import Signs
from bot.errors import StoreTrouble
from bot.ports import Backlog
from bot.usecases.desk import Desk
from bot.watch.database import Database

PATIENCE_SECONDS = 5.0  # for the database
FRESH_SECONDS = 1.0  # so often at most the signs are taken, however many ask

OpenDesk = Callable[[], AbstractAsyncContextManager[Desk]]
_SILENT = (
    f"the database has not answered for {PATIENCE_SECONDS:.0f} s: see whether it can be reached,"
    " and whether another program holds it locked"
)


class Auditing(Protocol):
    """What is known of the audits."""

    findings: dict[str, Finding]
    round_ended: float
    repaired: int


class Watch:
    """The signs are taken when somebody asks for them, so nothing is written for nobody."""

    def __init__(
        self,
        write: OpenDesk,
        read: OpenDesk,
        database: Database,
        auditor: Auditing,
        *,
        slack: Callable[[], str],
        deliveries: Callable[[], str],
    ) -> None:
        self._deliveries = deliveries
        self._write = write
        self._read = read
        self._database = database
        self._auditor = auditor
        self._slack = slack
        self._probe: asyncio.Task[None] | None = None
        self._probed_at = 0.0
        self._now: datetime | None = None
        self.backlog = Backlog(0, None, 0, None, 0, None)  # as the database last told

    async def signs(self) -> Signs:
        """How the desk is now, within PATIENCE_SECONDS: a database that does not answer is ill."""
        probe = self._fresh_probe()
        done, _ = await asyncio.wait({probe}, timeout=PATIENCE_SECONDS)
        if done:
            probe.result()
        backlog = self.backlog
        return Signs(
            database=self._database.ails if done else _SILENT,
            slack=self._slack(),
            deliveries=self._deliveries(),
            audited=timedelta(seconds=steady_seconds() - self._auditor.round_ended),
            findings=tuple(one.words for one in self._auditor.findings.values()),
            inbox=self._age(backlog.delivered_at),
            outbox=self._age(backlog.owed_since),
            timers=self._age(backlog.due_at),
        )

    @property
    def repaired(self) -> int:
        """Tickets that the auditor has put right since the start."""
        return self._auditor.repaired

    def _fresh_probe(self) -> asyncio.Task[None]:
        """The one that is under way, or was just now: no two at a time, and none is broken off in
        the middle of a transaction."""
        now = steady_seconds()
        if self._probe is None or (self._probe.done() and now - self._probed_at > FRESH_SECONDS):
            self._probed_at = now
            self._probe = asyncio.create_task(self._take_signs())
        return self._probe

    async def _take_signs(self) -> None:
        try:
            async with self._write() as desk:
                await desk.work.vitals.pulse()
            async with self._read() as desk:
                self.backlog, self._now = await desk.work.vitals.backlog(), desk.now
        except StoreTrouble:
            return  # whoever opened the desk has noted what ails it

    def _age(self, since: datetime | None) -> timedelta:
        """A clock that was set back makes nothing younger than new."""
        if since is None or self._now is None:
            return timedelta(0)
        return max(self._now - since, timedelta(0))
