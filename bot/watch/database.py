"""What ails the database, as those who use it run into it: logged once, however many do."""

import structlog

from bot.clock import steady_seconds
from bot.errors import StoreTrouble

CALM_SECONDS = 15.0  # a full database still takes what is small


class Database:
    """`ails` says what is wrong and what to do; "" for nothing. All is well again when something
    is kept, and nothing has failed for a while."""

    def __init__(self) -> None:
        self.ails = ""
        self._failed_at = 0.0
        self._log = structlog.get_logger("database")

    def failed(self, trouble: StoreTrouble) -> None:
        self._failed_at = steady_seconds()
        if self.ails != str(trouble):
            self.ails = str(trouble)
            self._log.error(
                "nothing can be kept now, and nothing is lost by it",
                ails=self.ails,
                error=str(trouble.__cause__),
            )

    def kept(self) -> None:
        if self.ails and steady_seconds() - self._failed_at > CALM_SECONDS:
            self.ails = ""
            self._log.warning("the database is well again")
