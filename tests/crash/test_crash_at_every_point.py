"""Tests that after a kill -9 at every crash point and a restart the judge finds no difference.

An undisturbed run counts the points of each kind. Then there is a run for each point and each side
of it, in which the bot crashes there and the next bot takes over.
"""

import asyncio
import os
from itertools import product
from pathlib import Path

import pytest

from tests.crash.harness.bot_processes import BotProcesses
from tests.crash.harness.control import KINDS
from tests.crash.harness.scenarios import SCENARIOS, Scenario, a_new_ticket, resolved_by_the_dialog
from tests.crash.harness.world import World, world
from tests.stores import POSTGRESQL, chosen

AT_ONCE = 4
SURPLUS = 2  # extra points: two may merge in the counting run, and none may be left out
# `make check` tests every SHARE-th point of a scenario; `make soak` tests every point.
SHARE = int(os.environ.get("DESKBELL_CRASH_SHARE", "16" if chosen() == POSTGRESQL else "12"))


async def play_scenario(at: World, scenario: Scenario) -> None:
    """Play the whole scenario; points are counted from its `ready` on."""

    def ready() -> None:
        at.clock.counting = True

    at.start()
    await at.has_started()  # so that each run has the same points
    await scenario(at, ready)


async def count_points(
    bots: BotProcesses, directory: Path, template: str, scenario: Scenario, *, by_http: bool
) -> dict[str, int]:
    """Return the number of points of each kind in an undisturbed run, which must have no
    differences.
    """
    async with world(bots, directory, template, by_http=by_http) as at:
        await play_scenario(at, scenario)
        assert await at.differences() == []
        return {kind: at.clock.passed(kind) for kind in KINDS}


async def crash_everywhere(
    bots: BotProcesses,
    tmp_path: Path,
    template: str,
    scenario: Scenario,
    *,
    by_http: bool = False,
    share: int = SHARE,
) -> None:
    """Crash at every `share`-th point."""
    first = tmp_path / "undisturbed"
    first.mkdir()
    counted = await count_points(bots, first, template, scenario, by_http=by_http)
    slots = asyncio.Semaphore(AT_ONCE)
    faults: dict[tuple[str, str, int], object] = {}
    survived: list[tuple[str, str, int]] = []

    async def crash(crash_point: tuple[str, str, int]) -> None:
        directory = tmp_path / "-".join(map(str, crash_point))
        directory.mkdir()
        async with slots, world(bots, directory, template, by_http=by_http) as at:
            at.crash_point = crash_point
            await play_scenario(at, scenario)
            if differing := await at.differences():
                faults[crash_point] = differing
            if not at.crashes:
                survived.append(crash_point)

    async def crash_and_record(crash_point: tuple[str, str, int]) -> None:
        [outcome] = await asyncio.gather(crash(crash_point), return_exceptions=True)
        if outcome is not None:
            faults[crash_point] = outcome

    crash_points = [
        (kind, when, number)
        for kind, when in product(KINDS, ("before", "after"))
        for number in range(1, counted[kind] + SURPLUS + 1)
        if number % share == 0 or number == counted[kind] + SURPLUS
    ]
    await asyncio.gather(*(crash_and_record(crash_point) for crash_point in crash_points))
    assert faults == {}
    # The last surplus point is never reached: the enumeration is complete.
    beyond = [
        crash_point for crash_point in crash_points if crash_point[2] > counted[crash_point[0]]
    ]
    assert set(survived) & set(beyond)
    # Nearly all counted points are reached: acknowledgements may be sent in varying groups.
    surely = {kind: min(count * 3 // 4, count - SURPLUS) for kind, count in counted.items()}
    assert [
        crash_point for crash_point in survived if crash_point[2] <= surely[crash_point[0]]
    ] == []


@pytest.mark.thorough
@pytest.mark.both_stores
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
async def test_kill_at_every_commit_call_and_ack(
    bots: BotProcesses, furnished: str, tmp_path: Path, scenario: Scenario
) -> None:
    await crash_everywhere(bots, tmp_path, furnished, scenario)


@pytest.mark.thorough
@pytest.mark.both_stores
@pytest.mark.parametrize("scenario", [a_new_ticket, resolved_by_the_dialog])
async def test_kill_before_and_after_every_answer_by_http(
    bots: BotProcesses, furnished: str, tmp_path: Path, scenario: Scenario
) -> None:
    await crash_everywhere(bots, tmp_path, furnished, scenario, by_http=True)


async def test_a_new_ticket_survives_a_crash_at_each_of_its_points(
    bots: BotProcesses, furnished: str, tmp_path: Path
) -> None:
    """The shortest scenario, part of every test run."""
    await crash_everywhere(bots, tmp_path, furnished, a_new_ticket, share=1)
