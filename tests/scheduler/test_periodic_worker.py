"""A periodic worker repeats its step until it is stopped."""

import asyncio
from collections.abc import Awaitable, Callable

from structlog.testing import capture_logs

from bot.errors import StoreProblem, StoreTrouble
from bot.workers import PeriodicWorker

LONG = 3600.0


class Steps:
    """A step that counts its calls and raises the given faults in turn."""

    def __init__(self, *faults: Exception | None) -> None:
        self.count = 0
        self._faults = list(faults)
        self.has_run = asyncio.Event()

    async def step(self) -> None:
        self.count += 1
        self.has_run.set()
        if self._faults and (fault := self._faults.pop(0)) is not None:
            raise fault

    async def reach(self, count: int) -> None:
        while self.count < count:
            await self.has_run.wait()
            self.has_run.clear()


async def run(worker: PeriodicWorker, until: Callable[[], Awaitable[object]]) -> None:
    """Run the worker until the condition holds, then stop it and wait until it has ended."""
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        tasks.create_task(worker.run())
        await until()
        worker.stop()


async def test_the_step_is_repeated_at_its_interval() -> None:
    steps = Steps()
    await run(PeriodicWorker(steps.step, "failed", interval=0.01), lambda: steps.reach(3))
    assert steps.count == 3


async def test_a_wake_begins_the_next_step_at_once() -> None:
    steps = Steps()
    worker = PeriodicWorker(steps.step, "failed", interval=LONG)

    async def wake_twice() -> None:
        for count in (1, 2):
            await steps.reach(count)
            worker.wake()
        await steps.reach(3)

    await run(worker, wake_twice)
    assert steps.count == 3


async def test_a_wake_during_a_step_is_not_lost() -> None:
    steps = Steps()

    async def step() -> None:
        await steps.step()
        if steps.count == 1:
            worker.wake()
            assert worker.is_woken

    worker = PeriodicWorker(step, "failed", interval=LONG)
    await run(worker, lambda: steps.reach(2))


async def test_the_first_step_waits_for_its_delay_or_a_wake() -> None:
    steps = Steps()
    worker = PeriodicWorker(steps.step, "failed", interval=LONG, first_delay=LONG)

    async def wake() -> None:
        await asyncio.sleep(0.02)
        assert steps.count == 0
        worker.wake()
        await steps.reach(1)

    await run(worker, wake)


async def test_a_stop_during_the_first_delay_runs_no_step() -> None:
    steps = Steps()
    worker = PeriodicWorker(steps.step, "failed", interval=LONG, first_delay=LONG)
    await run(worker, lambda: asyncio.sleep(0.01))
    assert steps.count == 0


async def test_a_stop_lets_the_step_in_progress_end() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def step() -> None:
        begun.set()
        await worker.until_stopping()
        await asyncio.sleep(0.01)
        assert worker.is_stopping
        ended.set()

    worker = PeriodicWorker(step, "failed", interval=LONG)
    await run(worker, begun.wait)
    assert ended.is_set()


async def test_a_failed_step_is_logged_and_repeated() -> None:
    steps = Steps(ZeroDivisionError(), StoreTrouble(StoreProblem.LOCKED), None)
    with capture_logs() as logged:
        await run(PeriodicWorker(steps.step, "it failed", interval=0.01), lambda: steps.reach(3))
    assert [entry["event"] for entry in logged] == ["it failed"]


async def test_a_step_may_change_the_interval() -> None:
    steps = Steps()

    async def step() -> None:
        worker.interval = 0.01
        await steps.step()

    worker = PeriodicWorker(step, "failed", interval=LONG)
    await run(worker, lambda: steps.reach(2))
