"""Kill -9 at every point at which state changes hands, start again, and the judge finds nothing.

An undisturbed life counts the points of each kind; then there is one life for each point and each
side of it, in which the bot dies there and the next one takes over.
"""

import asyncio
import os
from itertools import product
from pathlib import Path

import pytest

from tests.crash.play.control import KINDS
from tests.crash.play.lives import Nursery
from tests.crash.play.scenarios import SCENARIOS, Scenario, a_new_ticket, resolved_by_the_dialog
from tests.crash.play.world import World, world
from tests.stores import POSTGRESQL, chosen

AT_ONCE = 4
SURPLUS = 2  # points beyond those counted: where two are sometimes one, none is left untried
# Of so many points of a scenario one is tried in `make check`; `make soak` tries each.
SHARE = int(os.environ.get("DESKBELL_CRASH_SHARE", "16" if chosen() == POSTGRESQL else "12"))


async def lived(at: World, scenario: Scenario) -> None:
    """The whole scenario, with the points counted from where it says."""

    def ready() -> None:
        at.clock.counting = True

    at.start()
    await at.has_started()  # so that each life has the same points
    await scenario(at, ready)


async def points_of(
    born: Nursery, directory: Path, template: str, scenario: Scenario, *, by_http: bool
) -> dict[str, int]:
    """How many points of each kind an undisturbed life has; what is amiss in it fails here."""
    async with world(born, directory, template, by_http=by_http) as at:
        await lived(at, scenario)
        assert await at.differences() == []
        return {kind: at.clock.passed(kind) for kind in KINDS}


async def die_everywhere(
    born: Nursery,
    tmp_path: Path,
    template: str,
    scenario: Scenario,
    *,
    by_http: bool = False,
    share: int = SHARE,
) -> None:
    """`share`: of so many points one is tried."""
    first = tmp_path / "undisturbed"
    first.mkdir()
    counted = await points_of(born, first, template, scenario, by_http=by_http)
    slots = asyncio.Semaphore(AT_ONCE)
    found: dict[tuple[str, str, int], object] = {}
    survived: list[tuple[str, str, int]] = []

    async def die(fate: tuple[str, str, int]) -> None:
        directory = tmp_path / "-".join(map(str, fate))
        directory.mkdir()
        async with slots, world(born, directory, template, by_http=by_http) as at:
            at.fate = fate
            await lived(at, scenario)
            if differing := await at.differences():
                found[fate] = differing
            if not at.deaths:
                survived.append(fate)

    async def tried(fate: tuple[str, str, int]) -> None:
        [outcome] = await asyncio.gather(die(fate), return_exceptions=True)
        if outcome is not None:
            found[fate] = outcome

    fates = [
        (kind, when, number)
        for kind, when in product(KINDS, ("before", "after"))
        for number in range(1, counted[kind] + SURPLUS + 1)
        if number % share == 0 or number == counted[kind] + SURPLUS
    ]
    await asyncio.gather(*(tried(fate) for fate in fates))
    assert found == {}
    # The last surplus point is never come to: the enumeration has an end.
    beyond = [fate for fate in fates if fate[2] > counted[fate[0]]]
    assert set(survived) & set(beyond)
    # Nearly all that were counted were come to: how many acknowledgements go together varies.
    surely = {kind: min(count * 3 // 4, count - SURPLUS) for kind, count in counted.items()}
    assert [fate for fate in survived if fate[2] <= surely[fate[0]]] == []


@pytest.mark.thorough
@pytest.mark.both_stores
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.__name__)
async def test_kill_at_every_commit_call_and_ack(
    born: Nursery, furnished: str, tmp_path: Path, scenario: Scenario
) -> None:
    await die_everywhere(born, tmp_path, furnished, scenario)


@pytest.mark.thorough
@pytest.mark.both_stores
@pytest.mark.parametrize("scenario", [a_new_ticket, resolved_by_the_dialog])
async def test_kill_before_and_after_every_answer_by_http(
    born: Nursery, furnished: str, tmp_path: Path, scenario: Scenario
) -> None:
    await die_everywhere(born, tmp_path, furnished, scenario, by_http=True)


async def test_a_new_ticket_survives_a_death_at_each_of_its_points(
    born: Nursery, furnished: str, tmp_path: Path
) -> None:
    """The shortest of all, in every test run."""
    await die_everywhere(born, tmp_path, furnished, a_new_ticket, share=1)
