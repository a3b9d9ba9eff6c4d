"""Critical tickets send pages through the real Apprise to a service on loopback."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.app import deskbell
from bot.domain.operations.setup_faults import PagerAddressUnknown
from bot.listening import Listener
from bot.sandbox import Fault
from bot.usecases.due_timers import fire_due
from bot.views.refusals import sentence_of
from tests.stories.escalation.test_ladders import asked
from tests.story import MONDAY, PATIENCE_SECONDS, Story, story

DUE = MONDAY + timedelta(hours=2)


class Pager:
    """Record every page; answer 500 instead while `refuses` is true."""

    def __init__(self) -> None:
        self.pages: list[dict[str, Any]] = []
        self.refuses = False
        self.asked = 0

    async def handle(self, request: web.Request) -> web.Response:
        self.asked += 1
        if self.refuses:
            return web.Response(status=500)
        self.pages.append(await request.json())
        return web.Response()


@asynccontextmanager
async def pager() -> AsyncIterator[tuple[Pager, str]]:
    """Run a pager on loopback; yield it and its Apprise URL."""
    there = Pager()
    routes = web.Application()
    routes.router.add_post("/{path:.*}", there.handle)
    listener = Listener(routes, access_log=None)
    port = await listener.start("127.0.0.1")
    try:
        yield there, f"json://127.0.0.1:{port}/page"
    finally:
        await listener.stop()


@asynccontextmanager
async def paging(directory: Path, **changed: Any) -> AsyncIterator[tuple[Story, Pager]]:
    """Run the bot with a pager and these settings."""
    async with (
        pager() as (there, url),
        story(directory) as tale,
        tale.running(deskbell_pager_urls=(url,), **changed),
    ):
        yield tale, there


async def until_paged(there: Pager, count: int) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(there.pages) < count:  # noqa: ASYNC110 (the page arrives over a socket)
            await asyncio.sleep(0.01)


def titles(there: Pager) -> list[str]:
    return [str(page["title"]) for page in there.pages]


async def test_a_critical_ticket_pages_before_it_is_due_and_every_half_hour_after(
    tmp_path: Path,
) -> None:
    async with paging(tmp_path) as (tale, there):
        channel, ts = await asked(tale, "priority", "critical")
        await tale.at(MONDAY + timedelta(hours=1))
        assert there.pages == []
        await tale.at(MONDAY + timedelta(hours=1.5))
        await until_paged(there, 1)
        when = "Mon 9 Mar 12:00 (Asia/Karachi)"
        assert titles(there) == [f"ACME-1 (Acme, Critical) is due {when}"]
        await tale.at(DUE)
        await tale.at(DUE + timedelta(minutes=30))
        await until_paged(there, 3)
        assert titles(there)[1:] == [f"ACME-1 (Acme, Critical) is late: it was due {when}"] * 2
        assert "Our server is down" not in str(there.pages)
        await tale.says(tale.dana, channel, "We are on it", thread_ts=ts)
        await tale.forward(hours=3)
        assert len(there.pages) == 3


async def test_a_high_ticket_pages_nobody(tmp_path: Path) -> None:
    async with paging(tmp_path) as (tale, there):
        await asked(tale, "priority", "high")
        await tale.forward(hours=12)
        assert there.pages == []


@pytest.mark.thorough
async def test_taking_a_ticket_silences_the_pager_until_the_deadline(tmp_path: Path) -> None:
    async with paging(tmp_path) as (tale, there):
        await asked(tale, "priority", "critical")
        await tale.asks(tale.dana, "take ACME-1")
        await tale.at(MONDAY + timedelta(hours=1.5))
        assert there.pages == []
        await tale.at(DUE)
        await until_paged(there, 1)


@pytest.mark.thorough
async def test_a_page_is_sent_while_slack_fails(tmp_path: Path) -> None:
    async with paging(tmp_path) as (tale, there):
        await asked(tale, "priority", "critical")
        tale.sandbox.faults.add("chat.postMessage", Fault.ERROR("internal_error"), times=None)
        tale.clock.set(DUE)
        assert tale.bot is not None
        tale.bot.runtime.on_armed(DUE - timedelta(days=1))
        await until_paged(there, 1)
        tale.sandbox.faults.clear()
        await tale.recovers()


@pytest.mark.thorough
async def test_a_failing_pager_is_retried_and_reported_to_managers(tmp_path: Path) -> None:
    async with paging(tmp_path) as (tale, there):
        await asked(tale, "priority", "critical")
        there.refuses = True
        tale.clock.set(DUE)
        assert tale.bot is not None
        tale.bot.runtime.on_armed(DUE - timedelta(days=1))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not any("page is not taken" in text for text in tale.said_to_managers()):
                tale.clock.advance(timedelta(seconds=1))
                await asyncio.sleep(0.05)
        there.refuses = False
        await tale.recovers()
        await until_paged(there, 1)
        assert sum("page is not taken" in text for text in tale.said_to_managers()) == 1


@pytest.mark.thorough
async def test_a_page_with_an_unknown_outcome_is_sent_again(tmp_path: Path) -> None:
    """The process dies between the call and the record of its success."""
    async with pager() as (there, url), story(tmp_path) as tale:
        async with tale.running():
            await asked(tale, "priority", "critical")
        await died_with_a_page_under_way(tale, url)
        tale.clock.advance(timedelta(seconds=61))  # the lease of the dead process must end
        async with tale.running(deskbell_pager_urls=(url,)):
            await until_paged(there, 1)
            await tale.settle()
            assert len(there.pages) == 1


async def died_with_a_page_under_way(tale: Story, url: str) -> None:
    settings = tale.settings(deskbell_pager_urls=(url,))
    async with deskbell(settings, tale.clock) as bot:
        tale.clock.set(DUE)
        async with bot.runtime.write() as desk:
            await fire_due(desk)
        async with bot.runtime.write() as desk:
            [row] = await desk.work.outbox.claim_pages(desk.now + timedelta(seconds=60), 5)
            assert row.outgoing.address == "pager"


@pytest.mark.thorough
@pytest.mark.parametrize("url", ["nonsense", "nosuch://user:secret@host"])
async def test_an_invalid_pager_address_is_refused_without_being_shown(
    tmp_path: Path, url: str
) -> None:
    async with story(tmp_path) as tale:
        settings = tale.settings(deskbell_pager_urls=("json://127.0.0.1:9/", url))
        with pytest.raises(PagerAddressUnknown) as refused:
            async with deskbell(settings, tale.clock):
                pass
        assert "address number 2 is none" in sentence_of(refused.value)
        assert "secret" not in sentence_of(refused.value) + str(refused.value)
