"""Kill -9 at every commit of a ticket's life, start again, and everything is there once."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import instant_of
from tests.crash.lives import (
    ACME,
    CRITICAL,
    DANA,
    EPOCH,
    MANAGERS,
    TRIAGE,
    Desk,
    Nursery,
    desk,
    eventually,
)

AT_ONCE = 6
MOST_COMMITS = 45  # of a life that sees the whole story; about 40


async def a_tickets_life(at: Desk) -> str:
    """A report nearly two hours old, its severity, its deadline, an answer; the report's `ts`."""
    opened_at = datetime.now(UTC) - CRITICAL + timedelta(seconds=1.5)
    ts = await at.sandbox.post(at.ann, ACME, "Our server is down", at=opened_at)
    await eventually(at.cards)
    await at.press(at.ann, at.cards()[0], "client_severity:critical")
    await eventually(lambda: at.said_in(MANAGERS))
    await at.sandbox.post(DANA, ACME, "We are on it", thread_ts=ts)
    await eventually(lambda: at.rows("SELECT 1 FROM tickets WHERE first_response_at IS NOT NULL"))
    await at.settle()
    return ts


def check_everything_is_there_once(at: Desk, ts: str) -> None:
    [(key, thread_ts)] = at.rows("SELECT key, thread_ts FROM tickets")
    assert (key, thread_ts) == ("ACME-1", ts)
    [card] = at.cards()
    assert "ACME-1" in card.plain()
    [managers] = at.said_in(MANAGERS)
    assert "ACME-1" in managers.plain()
    triage = Counter(one.thread_ts is not None for one in at.said_in(TRIAGE))
    direct = len(at.sandbox.direct_messages(DANA))
    # The deadline's ping; and the warning's, unless the bot was away until the deadline.
    assert triage[False] == 1
    assert direct in {1, 2}
    assert triage[True] == direct
    check_the_history(at, ts)


def check_the_history(at: Desk, ts: str) -> None:
    kinds = Counter(kind for (kind,) in at.rows("SELECT kind FROM events"))
    assert kinds == {
        "opened": 1,
        "severity_proposed": 1,
        "breached": 1,
        "staff_wrote": 1,
        "first_response": 1,
    }
    [(breached_at, due_at)] = at.rows("SELECT breached_at, due_at FROM clocks")
    due = instant_of(ts) + CRITICAL
    assert breached_at == due_at == (due - EPOCH) // timedelta(microseconds=1)
    assert at.rows("PRAGMA integrity_check") == [("ok",)]
    assert at.rows("PRAGMA foreign_key_check") == []


async def test_nobody_dies(born: Nursery, template: Path, tmp_path: Path) -> None:
    """The story by itself, so that a fault in it is not taken for one of a death."""
    async with desk(born, tmp_path, template) as at:
        at.start()
        check_everything_is_there_once(at, await a_tickets_life(at))
        assert at.commits < MOST_COMMITS


@pytest.mark.parametrize("when", ["before", "after"])
async def test_kill_at_every_commit_and_all_is_there_once(
    born: Nursery, template: Path, tmp_path: Path, when: str
) -> None:
    """Before: what the transaction wrote is lost. After: it is kept, and nothing that should
    follow has happened: no ack, no call, no next row."""
    slots = asyncio.Semaphore(AT_ONCE)
    failures: dict[int, BaseException] = {}
    deaths: set[int] = set()

    async def die_at(commit: int) -> None:
        directory = tmp_path / str(commit)
        directory.mkdir()
        async with slots, desk(born, directory, template) as at:
            at.start(when, commit)
            starting = asyncio.create_task(at.start_again_when_dead())
            try:
                check_everything_is_there_once(at, await a_tickets_life(at))
            finally:
                starting.cancel()
                if at.deaths:
                    deaths.add(commit)

    async def tried(commit: int) -> None:
        [outcome] = await asyncio.gather(die_at(commit), return_exceptions=True)
        if outcome is not None:
            failures[commit] = outcome

    await asyncio.gather(*(tried(commit) for commit in range(1, MOST_COMMITS)))
    assert failures == {}
    assert deaths >= set(range(1, 30))
    assert MOST_COMMITS - 1 not in deaths  # no commit of the story is left untried


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("commit", [1, 2, 3])
async def test_kill_while_the_first_start_makes_the_database(
    born: Nursery, template: Path, tmp_path: Path, when: str, commit: int
) -> None:
    """The tables, the catalogues, the digest's timer: each is there whole or not at all."""
    async with desk(born, tmp_path, template) as at:
        (tmp_path / "desk.db").unlink()
        at.start(when, commit)
        await at.gone()
        at.start()
        await at.sandbox.wait_connected()

        assert at.rows("SELECT count(*) FROM catalog_versions") == [(1,)]
        assert at.rows("SELECT count(*) FROM timers") == [(1,)]
