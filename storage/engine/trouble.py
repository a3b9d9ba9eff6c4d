"""Classify errors of the database."""

import sqlite3
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import StoreProblem

# "The primary result code is always the 8 least significant bits" (SQLite, Result Codes).
_SQLITE = {
    sqlite3.SQLITE_FULL: StoreProblem.DISK_FULL,
    sqlite3.SQLITE_READONLY: StoreProblem.READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: StoreProblem.READ_ONLY,
    sqlite3.SQLITE_PERM: StoreProblem.READ_ONLY,
    sqlite3.SQLITE_BUSY: StoreProblem.LOCKED,
    sqlite3.SQLITE_LOCKED: StoreProblem.LOCKED,
    sqlite3.SQLITE_IOERR: StoreProblem.DISK_FAILS,
    sqlite3.SQLITE_CORRUPT: StoreProblem.DAMAGED,
    sqlite3.SQLITE_NOTADB: StoreProblem.DAMAGED,
}
# By SQLSTATE or by its class, the first two characters (PostgreSQL, appendix A).
_POSTGRESQL = {
    "53100": StoreProblem.DISK_FULL,
    "25006": StoreProblem.READ_ONLY,
    "53300": StoreProblem.TOO_MANY_CONNECTIONS,
    "53": StoreProblem.OUT_OF_MEMORY,
    "58": StoreProblem.DISK_FAILS,
    "XX001": StoreProblem.DAMAGED,
    "08": StoreProblem.UNREACHABLE,
    "57P": StoreProblem.UNREACHABLE,
    "25P03": StoreProblem.TRANSACTION_STALLED,
}


def problem_of(error: BaseException) -> StoreProblem | None:
    """Return the problem of the database; None if the statement was wrong."""
    for cause in _causes(error):
        problem = _sqlite(cause) if isinstance(cause, sqlite3.Error) else _server(cause)
        if problem is not None:
            return problem
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and its causes; the driver's error comes before SQLAlchemy's wrapper."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, DBAPIError) and cause.orig is not None:
            yield from _causes(cause.orig)
        yield cause
        cause = cause.__cause__


def _sqlite(error: sqlite3.Error) -> StoreProblem | None:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else _SQLITE.get(code & 0xFF)


def _server(error: BaseException) -> StoreProblem | None:
    if isinstance(error, PoolTimeout):
        return StoreProblem.LOCKED
    state = str(getattr(error, "sqlstate", "") or "")
    for known, problem in _POSTGRESQL.items():
        if state.startswith(known):
            return problem
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return StoreProblem.UNREACHABLE if lost or isinstance(error, (OSError, TimeoutError)) else None
