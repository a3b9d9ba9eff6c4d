"""The current problem of the database, noted by its users and logged only once."""

import structlog

from bot.errors import StoreTrouble
from bot.time_source import steady_seconds

CALM_SECONDS = 15.0  # small writes may succeed in a full database


class Database:
    """The health of the database. `ails` says what is wrong and how to fix it, None if
    nothing is.

    The problem ends when a write succeeds and nothing has failed for CALM_SECONDS.
    """

    def __init__(self) -> None:
        self.ails: str | None = None
        self._failed_at = 0.0
        self._log = structlog.get_logger("database")

    def failed(self, trouble: StoreTrouble) -> None:
        """Record a failure, and log it if it differs from the current problem."""
        self._failed_at = steady_seconds()
        if self.ails != str(trouble):
            self.ails = str(trouble)
            self._log.error(
                "nothing can be kept now, and nothing is lost by it",
                ails=self.ails,
                error=str(trouble.__cause__),
            )

    def kept(self) -> None:
        """Record a successful write."""
        if self.ails and steady_seconds() - self._failed_at > CALM_SECONDS:
            self.ails = None
            self._log.warning("the database is well again")
