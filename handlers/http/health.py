"""Observe the health of the desk: a test write, waiting rows, the auditor and Slack."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from bot.database_health import Database
from bot.domain.operations.backlog import Backlog
from bot.domain.operations.health import DatabaseSilent, NothingDelivered, Signs, SlackProblem
from bot.domain.operations.stuck_rows import Finding
from bot.errors import StoreTrouble
from bot.time_source import steady_seconds
from bot.usecases.desk import OpenDesk

PATIENCE_SECONDS = 5.0  # time limit for an answer of the database
FRESH_SECONDS = 1.0  # minimum interval between two observations


class Auditing(Protocol):
    """The results of the audits."""

    findings: dict[str, Finding]
    round_ended: float
    repaired: int


class Watch:
    """Observes the desk on request, so that no test write happens without a reader."""

    def __init__(
        self,
        write: OpenDesk,
        read: OpenDesk,
        database: Database,
        auditor: Auditing,
        *,
        slack: Callable[[], SlackProblem | None],
        deliveries: Callable[[], NothingDelivered | None],
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
        self.backlog = Backlog(0, None, 0, None, 0, None)  # from the last answer of the database

    async def signs(self) -> Signs:
        """Return the current signs of health within PATIENCE_SECONDS.

        A database that does not answer in that time is unhealthy.
        """
        probe = self._fresh_probe()
        done, _ = await asyncio.wait({probe}, timeout=PATIENCE_SECONDS)
        if done:
            probe.result()
        backlog = self.backlog
        return Signs(
            database=self._database.problem if done else DatabaseSilent(PATIENCE_SECONDS),
            slack=self._slack(),
            deliveries=self._deliveries(),
            audited=timedelta(seconds=steady_seconds() - self._auditor.round_ended),
            findings=tuple(self._auditor.findings.values()),
            inbox=self._age(backlog.delivered_at),
            outbox=self._age(backlog.owed_since),
            timers=self._age(backlog.due_at),
        )

    @property
    def repaired(self) -> int:
        """Return the number of tickets that the auditor has repaired since the start."""
        return self._auditor.repaired

    def _fresh_probe(self) -> asyncio.Task[None]:
        """Return the current test write, or start a new test write if the last is too old.

        Only a single test write runs at a time, and none is cancelled within a transaction.
        """
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
            return  # the office has already noted the problem

    def _age(self, since: datetime | None) -> timedelta:
        """Return the age of an instant; zero if there is no instant or the clock was set back."""
        if since is None or self._now is None:
            return timedelta(0)
        return max(self._now - since, timedelta(0))
