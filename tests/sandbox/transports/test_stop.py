"""The stop of the sandbox leaves no connection open."""

import asyncio
import gc
import socket
import sys
from urllib.parse import urlsplit

import pytest

from bot.sandbox import Sandbox
from bot.time_source import SystemTimeSource


@pytest.mark.parametrize("turns", range(6))
def test_a_connection_accepted_during_the_stop_is_closed(
    turns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the accept and the protocol of a connection are several turns of the event loop."""
    left_open: list[str] = []

    def note(unraisable: "sys.UnraisableHookArgs") -> None:
        left_open.append(str(unraisable.exc_value))

    async def caller_at_the_last_moment() -> socket.socket:
        sandbox = Sandbox(SystemTimeSource())
        await sandbox.start()
        place = urlsplit(sandbox.api_url)
        caller = socket.create_connection((place.hostname, place.port))
        for _ in range(turns):
            await asyncio.sleep(0)
        await sandbox.stop()
        return caller

    gc.collect()
    monkeypatch.setattr(sys, "unraisablehook", note)
    with asyncio.run(caller_at_the_last_moment()):
        gc.collect()
    assert left_open == []
