"""The current problem of the database, noted by its users and logged only once."""

import structlog

from bot.errors import StoreProblem, StoreTrouble
from bot.time_source import steady_seconds
from bot.views.operations.health import store_problem

CALM_SECONDS = 15.0  # small writes may succeed in a full database


class Database:
    """The health of the database: its `problem`, or None.

    The problem ends when a write succeeds and nothing has failed for CALM_SECONDS.
    """

    def __init__(self) -> None:
        self.problem: StoreProblem | None = None
        self._failed_at = 0.0
        self._log = structlog.get_logger("database")

    def failed(self, trouble: StoreTrouble) -> None:
        """Record a failure, and log it if it differs from the current problem."""
        self._failed_at = steady_seconds()
        if self.problem is not trouble.problem:
            self.problem = trouble.problem
            self._log.error(
                "nothing can be kept now, and nothing is lost by it",
                ails=store_problem(trouble.problem),
                error=str(trouble.__cause__),
            )

    def kept(self) -> None:
        """Record a successful write."""
        if self.problem is not None and steady_seconds() - self._failed_at > CALM_SECONDS:
            self.problem = None
            self._log.warning("the database is well again")
