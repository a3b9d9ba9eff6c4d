"""Explains errors of the database."""

import sqlite3
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_FULL = "the disk is full: free some space where the database is"
_READ_ONLY = (
    "the database is read-only: let Deskbell write to it again (its file and folder, its file"
    " system, or its role on the server)"
)
_AWAY = "the database cannot be reached: see that its server runs and answers at DATABASE_URL"
_BUSY = "another program holds the database locked: find it and let it go"
_DISK = "the disk under the database fails: look at the machine's log"
_SPOILED = "the database is damaged: stop Deskbell and restore the newest backup"
_CROWDED = "the database has no room for another connection: raise its limit, or run fewer replicas"

# "The primary result code is always the 8 least significant bits" (SQLite, Result Codes).
_SQLITE = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_IOERR: _DISK,
    sqlite3.SQLITE_CORRUPT: _SPOILED,
    sqlite3.SQLITE_NOTADB: _SPOILED,
}
# By SQLSTATE or by its class, the first two characters (PostgreSQL, appendix A).
_POSTGRESQL = {
    "53100": _FULL,
    "25006": _READ_ONLY,
    "53300": _CROWDED,
    "53": "the database's server is short of memory: look at its log",
    "58": _DISK,
    "XX001": _SPOILED,
    "08": _AWAY,
    "57P": _AWAY,
    "25P03": "Deskbell stood still in the middle of its work: see what burdens the machine",
}


def trouble_of(error: BaseException) -> str | None:
    """Return the problem of the database and its remedy; None if the statement was wrong."""
    for cause in _causes(error):
        words = _sqlite(cause) if isinstance(cause, sqlite3.Error) else _server(cause)
        if words is not None:
            return words
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and its causes; the driver's error comes before SQLAlchemy's wrapper."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, DBAPIError) and cause.orig is not None:
            yield from _causes(cause.orig)
        yield cause
        cause = cause.__cause__


def _sqlite(error: sqlite3.Error) -> str | None:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else _SQLITE.get(code & 0xFF)


def _server(error: BaseException) -> str | None:
    if isinstance(error, PoolTimeout):
        return _BUSY
    state = str(getattr(error, "sqlstate", "") or "")
    for known, words in _POSTGRESQL.items():
        if state.startswith(known):
            return words
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return _AWAY if lost or isinstance(error, (OSError, TimeoutError)) else None
