"""Tests transactions: they are atomic, writers take turns, and readers never wait."""

import asyncio
import re
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.domain.actor import Staff
from bot.domain.ids import UserId
from bot.domain.operations.setup_faults import DatabaseInUse
from bot.domain.ticket import Source
from bot.domain.ticket_events import Opened, RecordedEvent
from bot.views.refusals import sentence_of
from storage.engine.engines import reading_engine, writing_engine
from storage.store import Store
from tests.storage.desk_rows import NOON, report


async def test_no_update_of_two_concurrent_stores_is_lost(store: Store) -> None:
    """Each of 200 transactions reads a number and adds 1; a lost update would give a lower sum."""
    async with store.write(NOON) as work:
        ticket = await work.tickets.add(report(summary="0"))
    other = Store(store.url)

    async def count_up(by: Store) -> None:
        for _ in range(10):
            async with by.write(NOON) as work:
                current = await work.tickets.get_for_update(ticket.id)
                await asyncio.sleep(0)
                await work.tickets.save(replace(current, summary=str(int(current.summary) + 1)))

    await asyncio.gather(*(count_up(by) for by in (store, other) for _ in range(10)))
    await other.close()
    async with store.read(NOON) as work:
        assert (await work.tickets.get_for_update(ticket.id)).summary == "200"


async def test_a_waiting_writer_does_not_block_its_event_loop(store: Store) -> None:
    async with store.write(NOON) as work:
        ticket = await work.tickets.add(report(summary="0"))
    other = Store(store.url)
    async with store.write(NOON) as work:
        locked = await work.tickets.get_for_update(ticket.id)
        await work.tickets.save(replace(locked, summary="first"))

        async def write_second() -> None:
            async with other.write(NOON) as late:
                locked = await late.tickets.get_for_update(ticket.id)
                await late.tickets.save(replace(locked, summary=f"{locked.summary}, second"))

        waiting = asyncio.create_task(write_second())
        for _ in range(10):  # the event loop is not blocked
            await asyncio.sleep(0.02)
        assert not waiting.done()
    await waiting
    await other.close()
    async with store.read(NOON) as work:
        assert (await work.tickets.get_for_update(ticket.id)).summary == "first, second"


async def test_a_closed_store_leaves_no_thread_after_a_cancelled_read(tmp_path: Path) -> None:
    """A left thread would call an event loop that is closed."""
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}")
    await store.upgrade()
    counting = (
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 3000000)"
        " SELECT count(*) FROM n"
    )

    async def read_for_long() -> None:
        async with store._reader.connect() as connection:
            await connection.execute(text(counting))

    reading = asyncio.create_task(read_for_long())
    await asyncio.sleep(0.05)
    for _ in range(2):  # the second cancels the closing of the connection
        reading.cancel()
        await asyncio.sleep(0)
    with suppress(asyncio.CancelledError):
        await reading
    await store.close()
    assert [thread for thread in threading.enumerate() if "_connection_worker" in thread.name] == []


async def test_a_reader_neither_waits_for_a_writer_nor_sees_its_uncommitted_rows(
    store: Store,
) -> None:
    async with store.write(NOON) as writing:
        await writing.tickets.add(report())
        async with asyncio.timeout(5), store.read(NOON) as reading:
            assert await reading.tickets.all() == []
    async with store.read(NOON) as reading:
        assert len(await reading.tickets.all()) == 1


async def test_a_reading_transaction_sees_a_single_snapshot(store: Store) -> None:
    async with store.read(NOON) as reading:
        assert await reading.tickets.all() == []
        async with store.write(NOON) as writing:
            await writing.tickets.add(report())
        assert await reading.tickets.all() == []


async def test_a_failed_transaction_leaves_no_rows(store: Store) -> None:
    async def fail_in_the_middle() -> None:
        async with store.write(NOON) as work:
            await work.tickets.add(report())
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        await fail_in_the_middle()
    async with store.write(NOON) as work:
        assert await work.tickets.all() == []
        assert (await work.tickets.add(report())).number == 1


async def test_a_reading_transaction_commits_nothing(store: Store) -> None:
    async with store.read(NOON) as work:
        await work.staff.all()
        await work.clients.add("GLOBEX", "Globex", None)
    async with store.read(NOON) as work:
        assert [client.key for client in await work.clients.all()] == ["ACME"]


@pytest.mark.parametrize("change", ["UPDATE events SET actor = 'nobody'", "DELETE FROM events"])
async def test_the_database_refuses_changes_of_the_history(store: Store, change: str) -> None:
    async with store.write(NOON) as work:
        ticket = await work.tickets.add(report())
        await work.history.append(
            [RecordedEvent(ticket.id, NOON, Staff(UserId("U0DANA")), Opened(Source.SLACK))]
        )
    engine = writing_engine(store.url)
    with pytest.raises(DBAPIError, match="history is append-only"):
        async with engine.begin() as connection:
            await connection.execute(text(change))
    await engine.dispose()
    async with store.read(NOON) as work:
        assert [event.actor for event in await work.history.of(ticket.id)] == [
            Staff(UserId("U0DANA"))
        ]


@pytest.mark.parametrize("make_engine", [writing_engine, reading_engine])
async def test_foreign_keys_are_enforced_on_every_connection(
    store: Store, make_engine: Any
) -> None:
    """`autocommit=False` of Python's driver would silently disable the pragma."""
    engine = make_engine(store.url)
    for _ in range(2):  # the second time on a connection that has been used
        with pytest.raises(DBAPIError, match=r"(?i)foreign key constraint"):
            async with engine.begin() as connection:
                await connection.execute(
                    text("INSERT INTO timers (due_at, ticket_id) VALUES (0, 4711)")
                )
    await engine.dispose()


async def test_a_second_owner_of_the_file_is_refused_until_the_first_is_closed(
    tmp_path: Path,
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}"
    first, second = Store(url), Store(url)
    first.own()
    with pytest.raises(DatabaseInUse) as caught:
        second.own()
    sentence = sentence_of(caught.value)
    assert re.search(r"another Deskbell is running .* stop it first", sentence)
    assert [first.is_owned, second.is_owned] == [True, False]
    await first.close()
    second.own()
    assert [first.is_owned, second.is_owned] == [False, True]
    await second.close()
