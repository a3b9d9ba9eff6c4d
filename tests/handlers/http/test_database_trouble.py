"""A database that keeps nothing for a while: health is red, one line is logged, and when it is over
everything is there, once."""

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot import database_health as database
from bot.delivery.slack.messenger import LEASE
from bot.errors import StoreTrouble
from bot.sandbox import Fault
from bot.views.refusals import sentence_of
from handlers.http import health as watch
from storage.engine import engines as engine
from storage.store import Store
from tests import stores
from tests.handlers.http.ailments import Ailment, full, read_only, terminate
from tests.pages import free_port, page, until_answered
from tests.postgres.line import line
from tests.postgres.server import SETTING
from tests.story import MONDAY, Story, story

REPORT = "Our server is down. " + "It really is. " * 200  # more than a page of the file
FULL_WORDS, READ_ONLY_WORDS = "database: the disk is full: free", "database: the database is read-"


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "FRESH_SECONDS", -1.0)
    monkeypatch.setattr(database, "CALM_SECONDS", 2.0)


def hurry_deliveries(tale: Story) -> None:
    """Slack repeats after fractions of a second what was not acknowledged, and never gives up."""
    tale.sandbox._sockets.ack_seconds = 0.3
    tale.sandbox._sockets.retry_seconds = (0.2,) * 1000


def errors(logged: list[Any]) -> Counter[str]:
    return Counter(line["event"] for line in logged if line["log_level"] == "error")


@pytest.mark.both_stores(thorough="postgresql")
@pytest.mark.parametrize(("ailing", "words"), [(full, FULL_WORDS), (read_only, READ_ONLY_WORDS)])
async def test_while_the_database_keeps_nothing_slack_is_not_answered_and_nothing_is_lost(
    tmp_path: Path, ailing: Ailment, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    async with story(tmp_path) as tale, tale.running(port=port):
        channel, ann = await tale.add_client(engineer=tale.dana)
        before = await tale.says(ann, channel, REPORT)
        await tale.asks(tale.dana, "severity ACME-1 critical")
        hurry_deliveries(tale)
        with capture_logs() as logged:
            async with ailing(tale):
                people = [tale.sandbox.add_user(f"Person {number}") for number in range(5)]
                for person in people:
                    tale.sandbox.join(person, channel)
                posted = [await tale.sandbox.post(one, channel, REPORT) for one in people]
                await until_answered(port, "/healthz", 503)
                tale.clock.advance(timedelta(hours=9))
                await asyncio.sleep(2)
                status, told = await page(port, "/readyz")
                assert (status, told.startswith(words)) == (503, True)
                assert tale.sandbox.undelivered > 0
            await until_answered(port, "/readyz", 200)
            await tale.settle()

        assert errors(logged) == {"nothing can be kept now, and nothing is lost by it": 1}
        assert [line["event"] for line in logged if line["log_level"] == "warning"] == [
            "the database is well again"
        ]
        assert [line for line in caplog.messages if "rror" in line] == []
        for ts in (before, *posted):
            assert "ACME-" in tale.client_card(channel, ts).plain()
        assert sorted(await tale.tickets()) == [f"ACME-{number}" for number in range(1, 7)]
        assert len(tale.triage_cards()) == 6
        [breach] = [said for said in tale.said_to_managers() if said.startswith("*ACME-1*")]
        assert "missed its first response" in breach


@pytest.mark.both_stores(thorough="postgresql")
async def test_what_slack_took_while_nothing_could_be_noted_is_not_said_again(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Our server is down")
        tale.sandbox.faults.add("chat.postMessage", Fault.SLOW(1.0), times=2)
        tale.sandbox.join(eve := tale.sandbox.add_user("Eve"), channel)
        ts = await tale.sandbox.post(eve, channel, "The printer is on fire")
        async with asyncio.timeout(20):
            while not tale.thread(channel, ts):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        async with read_only(tale):
            await asyncio.sleep(1.5)
        await tale.forward(seconds=LEASE.total_seconds())  # it ends

        assert len([one for one in tale.thread(channel, ts) if one.plain().startswith("We")]) == 1
        assert len(tale.triage_cards()) == 2


@pytest.mark.thorough
@pytest.mark.both_stores(thorough="postgresql")
async def test_who_presses_meanwhile_is_told_to_try_again(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Our server is down")
        async with read_only(tale):
            words = "severity ACME-1 high"
            answer = await tale.sandbox.command(tale.dana, tale.triage, "/desk", words)
        assert "cannot keep anything at the moment" in str(answer.ack_payload.get("text", ""))


@pytest.mark.thorough
async def test_connections_that_postgresql_ends_again_and_again_lose_and_double_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(stores.SETTING, stores.POSTGRESQL)
    async with story(tmp_path) as tale, tale.running():
        channel, _ = await tale.add_client()
        hurry_deliveries(tale)
        people = [tale.sandbox.add_user(f"Person {number}") for number in range(4)]
        for person in people:
            tale.sandbox.join(person, channel)
        posted = []
        for person in people:
            posted.append(await tale.sandbox.post(person, channel, "Our server is down"))
            for _ in range(3):
                await terminate(tale)
                await asyncio.sleep(0.03)
        for _ in range(4):  # every lease that was cut off ends
            await asyncio.sleep(0.5)
            tale.clock.advance(LEASE)
        await tale.settle()

        assert len(await tale.tickets()) == 4
        assert len(tale.triage_cards()) == 4
        for ts in posted:
            assert "ACME-" in tale.client_card(channel, ts).plain()


@pytest.mark.thorough
async def test_a_server_that_is_not_there_is_said_in_a_sentence() -> None:
    store = Store(f"postgresql+asyncpg://nobody@127.0.0.1:{free_port()}/none")
    with pytest.raises(StoreTrouble) as caught:
        async with store.read(MONDAY):
            pass
    assert sentence_of(caught.value).startswith("the database cannot be reached: see that")
    await store.close()


@pytest.mark.thorough
async def test_a_server_that_falls_silent_is_given_up_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(stores.SETTING, stores.POSTGRESQL)
    monkeypatch.setattr(engine, "CONNECT_SECONDS", 1)
    monkeypatch.setattr(engine, "ANSWER_SECONDS", 1)
    port = free_port()
    async with line() as (server, url):
        monkeypatch.setenv(SETTING, url)
        async with story(tmp_path) as tale, tale.running(port=port):
            channel, ann = await tale.add_client()
            await tale.says(ann, channel, "Our server is down")
            hurry_deliveries(tale)
            server.fall_silent()
            eve = tale.sandbox.add_user("Eve")
            tale.sandbox.join(eve, channel)
            ts = await tale.sandbox.post(eve, channel, "The printer is on fire")
            await until_answered(port, "/readyz", 503)
            await asyncio.sleep(3)
            server.mend()
            await until_answered(port, "/readyz", 200)
            await tale.settle()
            assert "ACME-2" in tale.client_card(channel, ts).plain()
            assert sorted(await tale.tickets()) == ["ACME-1", "ACME-2"]
            assert len(tale.triage_cards()) == 2
