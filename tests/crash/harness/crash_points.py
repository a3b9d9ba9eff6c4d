"""The points at which a bot may crash: each commit, each Web API call and each acknowledgement.

Before a commit nothing is stored; after it everything is stored and nobody has been notified.
Before a call Slack knows nothing; after it the response has arrived and was not used. Before an
acknowledgement Slack will repeat the delivery; after it Slack will not.
"""

import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from aiohttp import web
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import Pool

from tests.crash.harness.control import Control


class CrashInjector:
    """Kills the process `when` ("before" or "after") it reaches point `number` of a `kind`."""

    def __init__(self, control: Control, kind: str, when: str, number: int) -> None:
        self._control = control
        self._wanted = (kind, number)
        self._when = when

    def install(self) -> None:
        """Install the hooks, once per process."""
        self._at_commits()
        self._at_calls()
        self._at_acks()

    def _reach(self, kind: str) -> bool:
        """Return whether this is the crash point; kill the process here if `when` is "before"."""
        if not self._control.counting:
            return False
        is_crash_point = (kind, self._control.reach(kind)) == self._wanted
        if is_crash_point and self._when == "before":
            _die()
        return is_crash_point

    async def _around(self, kind: str, deed: Callable[[], Awaitable[Any]]) -> Any:
        is_crash_point = self._reach(kind)
        done = await deed()
        if is_crash_point:
            _die()
        return done

    def _at_commits(self) -> None:
        committing: object = None

        @event.listens_for(Engine, "commit")
        def _on_commit(connection: Connection) -> None:
            nonlocal committing
            if self._reach("commit"):
                committing = connection.connection.dbapi_connection

        @event.listens_for(Pool, "checkin")
        def _on_checkin(connection: object, _: object) -> None:
            if committing is not None and connection is committing:
                _die()

    def _at_calls(self) -> None:
        request = aiohttp.ClientSession._request

        async def _request(session: Any, method: str, url: Any, **more: Any) -> Any:
            if method != "POST":  # a socket's handshake
                return await request(session, method, url, **more)
            return await self._around("call", lambda: request(session, method, url, **more))

        aiohttp.ClientSession._request = _request  # type: ignore[method-assign, assignment]

    def _at_acks(self) -> None:
        send, end = aiohttp.ClientWebSocketResponse.send_str, web.Response.write_eof

        async def _send(socket: Any, data: str, *more: Any, **named: Any) -> Any:
            return await self._around("ack", lambda: send(socket, data, *more, **named))

        async def _end(response: Any, data: bytes = b"") -> Any:
            return await self._around("ack", lambda: end(response, data))

        aiohttp.ClientWebSocketResponse.send_str = _send  # type: ignore[method-assign, assignment]
        web.Response.write_eof = _end  # type: ignore[method-assign, assignment]


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
