"""Where a bot may die: at each commit, each call of the Web API and each acknowledgement.

Before a commit nothing of it is kept; after it, it is kept and nobody has been told. Before a
call Slack knows nothing; after it the answer has come and nothing has been made of it. Before an
ack Slack will repeat; after it Slack will not.
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

from tests.crash.play.control import Control


class Deadly:
    """Dies `when` ("before" or "after") it has come to point `number` of a `kind`."""

    def __init__(self, control: Control, kind: str, when: str, number: int) -> None:
        self._control = control
        self._wanted = (kind, number)
        self._when = when

    def lay(self) -> None:
        """Once, in a process that lives no other life."""
        self._at_commits()
        self._at_calls()
        self._at_acks()

    def _come_to(self, kind: str) -> bool:
        """Whether this is the point; dies before it if it is to."""
        if not self._control.counting:
            return False
        is_it = (kind, self._control.come_to(kind)) == self._wanted
        if is_it and self._when == "before":
            _die()
        return is_it

    async def _around(self, kind: str, deed: Callable[[], Awaitable[Any]]) -> Any:
        is_it = self._come_to(kind)
        done = await deed()
        if is_it:
            _die()
        return done

    def _at_commits(self) -> None:
        committing: object = None

        @event.listens_for(Engine, "commit")
        def _on_commit(connection: Connection) -> None:
            nonlocal committing
            if self._come_to("commit"):
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
