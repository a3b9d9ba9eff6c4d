"""Transactions: whole or not at all, one writer after another, readers never waiting."""

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


async def test_two_hundred_changes_from_two_processes_are_all_kept(store: Store) -> None:
    """Read, then write what was read and one more: a lost update would be a lower number."""
    async with store.write(NOON) as work:
        ticket = await work.tickets.add(report(summary="0"))
    other = Store(store.url)

    async def count_up(by: Store) -> None:
        for _ in range(10):
            async with by.write(NOON) as work:
                found = await work.tickets.get_for_update(ticket.id)
                await asyncio.sleep(0)
                await work.tickets.save(replace(found, summary=str(int(found.summary) + 1)))

    await asyncio.gather(*(count_up(by) for by in (store, other) for _ in range(10)))
    await other.close()
    async with store.read(NOON) as work:
        assert (await work.tickets.get_for_update(ticket.id)).summary == "200"


async def test_who_waits_for_another_writer_holds_up_nothing_else_of_its_own_process(
    store: Store,
) -> None:
    async with store.write(NOON) as work:
        ticket = await work.tickets.add(report(summary="0"))
    other = Store(store.url)
    async with store.write(NOON) as work:
        held = await work.tickets.get_for_update(ticket.id)
        await work.tickets.save(replace(held, summary="first"))

        async def comes_second() -> None:
            async with other.write(NOON) as late:
                found = await late.tickets.get_for_update(ticket.id)
                await late.tickets.save(replace(found, summary=f"{found.summary}, second"))

        waiting = asyncio.create_task(comes_second())
        for _ in range(10):  # the loop goes round
            await asyncio.sleep(0.02)
        assert not waiting.done()
    await waiting
    await other.close()
    async with store.read(NOON) as work:
        assert (await work.tickets.get_for_update(ticket.id)).summary == "first, second"


async def test_no_thread_outlives_the_store_though_who_read_was_broken_off(tmp_path: Path) -> None:
    """It would speak to an event loop that is there no more."""
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}")
    await store.upgrade()
    counting = (
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 3000000)"
        " SELECT count(*) FROM n"
    )

    async def reads() -> None:
        async with store._reader.connect() as connection:
            await connection.execute(text(counting))

    reading = asyncio.create_task(reads())
    await asyncio.sleep(0.05)
    for _ in range(2):  # the second breaks off its closing
        reading.cancel()
        await asyncio.sleep(0)
    with suppress(asyncio.CancelledError):
        await reading
    await store.close()
    assert [one for one in threading.enumerate() if "_connection_worker" in one.name] == []


async def test_a_reader_does_not_wait_for_a_writer_and_sees_nothing_half_done(
    store: Store,
) -> None:
    async with store.write(NOON) as writing:
        await writing.tickets.add(report())
        async with asyncio.timeout(5), store.read(NOON) as reading:
            assert await reading.tickets.all() == []
    async with store.read(NOON) as reading:
        assert len(await reading.tickets.all()) == 1


async def test_a_reader_sees_one_view_throughout(store: Store) -> None:
    async with store.read(NOON) as reading:
        assert await reading.tickets.all() == []
        async with store.write(NOON) as writing:
            await writing.tickets.add(report())
        assert await reading.tickets.all() == []


async def test_a_block_that_fails_leaves_nothing(store: Store) -> None:
    async def fail_in_the_middle() -> None:
        async with store.write(NOON) as work:
            await work.tickets.add(report())
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        await fail_in_the_middle()
    async with store.write(NOON) as work:
        assert await work.tickets.all() == []
        assert (await work.tickets.add(report())).number == 1


async def test_what_a_reader_writes_is_not_kept(store: Store) -> None:
    async with store.read(NOON) as work:
        await work.staff.all()
        await work.clients.add("GLOBEX", "Globex", None)
    async with store.read(NOON) as work:
        assert [client.key for client in await work.clients.all()] == ["ACME"]


@pytest.mark.parametrize("deed", ["UPDATE events SET actor = 'nobody'", "DELETE FROM events"])
async def test_the_store_itself_keeps_the_history_from_being_changed(
    store: Store, deed: str
) -> None:
    async with store.write(NOON) as work:
        ticket = await work.tickets.add(report())
        await work.history.append(
            [RecordedEvent(ticket.id, NOON, Staff(UserId("U0DANA")), Opened(Source.SLACK))]
        )
    engine = writing_engine(store.url)
    with pytest.raises(DBAPIError, match="history is append-only"):
        async with engine.begin() as connection:
            await connection.execute(text(deed))
    await engine.dispose()
    async with store.read(NOON) as work:
        assert [event.actor for event in await work.history.of(ticket.id)] == [
            Staff(UserId("U0DANA"))
        ]


@pytest.mark.parametrize("make_engine", [writing_engine, reading_engine])
async def test_a_row_that_refers_to_nothing_is_refused_on_every_connection(
    store: Store, make_engine: Any
) -> None:
    """`autocommit=False` of Python's driver would switch the pragma off without a word."""
    engine = make_engine(store.url)
    for _ in range(2):  # the second time on a connection that has been used
        with pytest.raises(DBAPIError, match=r"(?i)foreign key constraint"):
            async with engine.begin() as connection:
                await connection.execute(
                    text("INSERT INTO timers (due_at, ticket_id) VALUES (0, 4711)")
                )
    await engine.dispose()


async def test_a_second_owner_of_the_file_is_refused_until_the_first_has_left(
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
