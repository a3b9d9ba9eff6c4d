"""A queue that has grown long is claimed from as quickly as a short one: the plan that PostgreSQL
makes, since how long it takes is another matter on each machine."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection, ExecutionContext

from bot.domain.operations.inbox import Delivery
from bot.ports.work import Work
from storage.store import Store
from tests.storage.desk_rows import NOON, words

WAITING = 400


async def from_outbox(work: Work) -> int:
    return len(await work.outbox.claim(NOON, ["D0RESTING"], 10))


async def from_inbox(work: Work) -> int:
    return len({row.lane for row in await work.inbox.claim(10)})


async def waiting_long(work: Work) -> int:
    return len(await work.audit.waiting(NOON, 10))


@pytest.mark.thorough
@pytest.mark.parametrize("claim", [from_outbox, from_inbox, waiting_long])
async def test_the_first_of_each_channel_are_found_once_and_not_for_each_that_waits(
    store: Store, claim: Callable[[Work], Awaitable[int]]
) -> None:
    channels = [f"C{number}" for number in range(4)]
    async with store.write(NOON) as work:
        for number in range(WAITING):
            for channel in channels:
                await work.outbox.say(words(f"{channel}:{number}", channel))
                await work.inbox.put(Delivery(f"{channel}:{number}", channel, {}))

    async with store.write(NOON) as work:
        explained: list[Any] = []
        connection = work.outbox._connection
        assert connection.sync_connection is not None
        # As it chooses by itself where a table has grown since it was last analysed.
        for way in ("hashjoin", "mergejoin"):
            await connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
        for statement, given in await _ran(connection.sync_connection, lambda: claim(work)):
            if "MIN(" in statement.upper():
                plan = await connection.exec_driver_sql(
                    f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", given
                )
                explained += _nodes(plan.scalar_one()[0]["Plan"])

    loops = [node["Actual Loops"] for node in explained if "Aggregate" in node["Node Type"]]
    assert loops
    assert max(loops) == 1


async def _ran(connection: Connection, work: Callable[[], Awaitable[int]]) -> list[tuple[str, Any]]:
    """The statements that this runs, with what they were given."""
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
