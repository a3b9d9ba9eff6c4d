"""Requests to the pages that the bot serves on loopback."""

import asyncio
import socket

import aiohttp


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def page(port: int, path: str) -> tuple[int, str]:
    """Request a page, and return its status and text; wait until the bot listens."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(10):
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}{path}") as answer:
                    return answer.status, await answer.text()
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.02)


async def until_answered(port: int, path: str, status: int) -> None:
    """Request the page until it has this status."""
    async with asyncio.timeout(20):
        while (await page(port, path))[0] != status:  # noqa: ASYNC110 (no event)
            await asyncio.sleep(0.02)
