"""Tests that claiming from a long queue is as fast as from a short queue.

The tests check PostgreSQL's query plan, because durations differ from machine to machine.
"""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection, ExecutionContext

from bot.domain.operations.inbox import Delivery
from bot.ports.work import Work
from storage.store import Store
from tests.storage.desk_rows import NOON, text_message

WAITING = 400


async def from_outbox(work: Work) -> int:
    return len(await work.outbox.claim(NOON, ["D0RESTING"], 10))


async def from_inbox(work: Work) -> int:
    return len({row.lane for row in await work.inbox.claim(10)})


async def long_queues(work: Work) -> int:
    return len(await work.audit.waiting(NOON, 10))


@pytest.mark.thorough
@pytest.mark.parametrize("claim", [from_outbox, from_inbox, long_queues])
async def test_a_claim_reads_each_channels_first_row_and_not_every_waiting_row(
    store: Store, claim: Callable[[Work], Awaitable[int]]
) -> None:
    channels = [f"C{number}" for number in range(4)]
    async with store.write(NOON) as work:
        for number in range(WAITING):
            for channel in channels:
                await work.outbox.say(text_message(f"{channel}:{number}", channel))
                await work.inbox.put(Delivery(f"{channel}:{number}", channel, {}))

    async with store.write(NOON) as work:
        explained: list[Any] = []
        connection = work.outbox._connection
        assert connection.sync_connection is not None
        # The plan that PostgreSQL chooses for a table that has grown since it was last analysed.
        for way in ("hashjoin", "mergejoin"):
            await connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
        for statement, given in await _executed(connection.sync_connection, lambda: claim(work)):
            if "MIN(" in statement.upper():
                plan = await connection.exec_driver_sql(
                    f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", given
                )
                explained += _nodes(plan.scalar_one()[0]["Plan"])

    loops = [node["Actual Loops"] for node in explained if "Aggregate" in node["Node Type"]]
    assert loops
    assert max(loops) == 1


async def _executed(
    connection: Connection, work: Callable[[], Awaitable[int]]
) -> list[tuple[str, Any]]:
    """Return the statements that `work` executes, with their parameters."""
    ran: list[tuple[str, Any]] = []

    def note(
        _: Connection, __: Any, statement: str, given: Any, ___: ExecutionContext, many: bool
    ) -> None:
        if not many:
            ran.append((statement, given))

    event.listen(connection, "before_cursor_execute", note)
    try:
        assert await work() > 0
    finally:
        event.remove(connection, "before_cursor_execute", note)
    return ran


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)
