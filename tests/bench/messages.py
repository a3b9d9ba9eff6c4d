"""Measures the time from a post to its card, beside an echo bot on the same sandbox."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp, AsyncSay
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Message, Sandbox, View
from bot.time_source import SystemTimeSource
from tests.story import story

CLIENTS = 10


ECHO = {"text": "echo"}


async def card_arguments(directory: Path) -> dict[str, Any]:
    """Return the arguments of the desk's answer to a client's post."""
    async with story(directory) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Message 1")
        card = tale.client_card(channel, ts)
        return {"text": card.text, "blocks": card.blocks, "metadata": card.metadata}


async def answers_a_second(count: int, answer: Mapping[str, Any]) -> float:
    """Measure a bare Bolt app that posts a message for each message and stores nothing."""
    async with (
        Sandbox(SystemTimeSource(), rate_limits=False) as sandbox,
        aiohttp.ClientSession() as s,
    ):
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=s)
        app = AsyncApp(client=client, request_verification_enabled=False)

        @app.event("message")
        async def echo(say: AsyncSay) -> None:
            await say(**answer)

        people = [sandbox.add_user(f"Person {n}") for n in range(CLIENTS)]
        channels = [sandbox.add_channel(f"channel-{n}", members=[p]) for n, p in enumerate(people)]
        handler = AsyncSocketModeHandler(app, sandbox.app_token)
        await handler.client.connect()
        await sandbox.wait_connected()
        counter = _MessageCounter(sandbox)
        begun = time.perf_counter()
        for n in range(count):
            await sandbox.post(people[n % CLIENTS], channels[n % CLIENTS], f"Message {n}")
        await _wait_until(lambda: counter.count >= count)
        spent = time.perf_counter() - begun
        await handler.client.close()
    return count / spent


async def cards_a_second(count: int, directory: Path) -> float:
    """Measure the desk, which stores a ticket, its clock, timers and history and posts a card for
    the client and in triage, with `synchronous=FULL`. The time ends with the last client's card.
    """
    async with story(directory) as tale, tale.running():
        places = [await tale.add_client(f"Client{n}") for n in range(CLIENTS)]
        people = [tale.sandbox.add_user(f"Person {n}") for n in range(count)]
        for n, person in enumerate(people):  # posts of the same person would join one ticket
            tale.sandbox.join(person, places[n % CLIENTS][0])
        await tale.settle()
        cards = _MessageCounter(tale.sandbox, besides=tale.triage)
        begun = time.perf_counter()
        for n, person in enumerate(people):
            await tale.sandbox.post(person, places[n % CLIENTS][0], f"Message {n}")
        await _wait_until(lambda: cards.count >= count)
        spent = time.perf_counter() - begun
        await tale.settle()
    return count / spent


class _MessageCounter:
    """Counts the messages that the app has posted outside the channel `besides`."""

    def __init__(self, sandbox: Sandbox, *, besides: str | None = None) -> None:
        self.count = 0
        self._besides = besides
        sandbox.watch(self._count_message)

    def _count_message(self, what: Message | View, kind: str) -> None:
        if kind == "posted" and isinstance(what, Message) and what.bot_id:
            self.count += what.channel != self._besides


async def _wait_until(reached: Callable[[], bool]) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(120):
            while not reached():  # noqa: ASYNC110 (the sandbox is watched from outside)
                await asyncio.sleep(0.005)
            return
    raise TimeoutError("the messages were not answered within two minutes")
