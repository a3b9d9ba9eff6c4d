"""Kill -9 at random instants, while people write and press and deadlines fall due; the judge finds
nothing. `make soak` does so fifteen times as often (DESKBELL_KILLS)."""

import asyncio
import os
import random
from datetime import timedelta
from pathlib import Path

import pytest

from tests.crash.play.busy import Line, all_go_on
from tests.crash.play.lives import Nursery
from tests.crash.play.undying import LOOK_SECONDS, PATIENCE_SECONDS
from tests.crash.play.world import World, world
from tests.judge.sample_desk import CLIENTS, DANA, ELI, GOLD, MO
from tests.stores import POSTGRESQL, SQLITE, asked_for

KILLS = int(os.environ.get("DESKBELL_KILLS", "200"))  # on both stores together
A_DAY = 20  # kills of one desk
ON_POSTGRESQL = 3  # one day of so many
AT_ONCE = 4  # kills between two rests
LIVES_SECONDS = (0.02, 0.3)  # from before it is connected until the work is about done
MINUTES = (7, 17, 37, 57, 87, 147)  # the judge counts minutes: none is a deadline's and a deed's


class Killer:
    def __init__(self, at: World, dice: random.Random) -> None:
        self._at = at
        self._dice = dice
        self.killed = 0
        self.at_work = 0  # of them, while something was delivered, due or owed

    async def kill(self, times: int) -> None:
        """So many living bots, one after the other."""
        for _ in range(times):
            deaths = self._at.deaths
            await asyncio.sleep(self._dice.uniform(*LIVES_SECONDS))
            self.at_work += not await self._at.is_settled()
            assert self._at.is_alive
            self._at.kill()
            self.killed += 1
            async with asyncio.timeout(PATIENCE_SECONDS):
                while self._at.deaths == deaths:  # noqa: ASYNC110 (a process has no event)
                    await asyncio.sleep(LOOK_SECONDS)


async def busy_day(at: World, seed: int) -> Killer:
    """Whoever acts has dice of their own: a seed is the same day again, whoever is quicker."""
    dice = random.Random(seed)
    at.sandbox.join(MO, GOLD.channel)
    at.leases_end = timedelta(minutes=10)
    lines = [
        Line(at, terms, staff, random.Random(f"{seed} {terms.key}"))
        for terms, staff in zip(CLIENTS, (DANA, ELI, MO), strict=True)
    ]
    killer = Killer(at, random.Random(f"{seed} kill -9"))
    at.start()
    await at.settle()
    while killer.killed < A_DAY:
        at.pass_time(minutes=dice.choice(MINUTES))
        await asyncio.gather(all_go_on(lines), killer.kill(AT_ONCE))
        await at.settle()
        for line in lines:
            line.rested()
    await at.forward(hours=25)
    return killer


def days() -> list[tuple[str, int]]:
    """Each day's store and seed."""
    own = {True: POSTGRESQL, False: SQLITE}
    every = [(own[seed % ON_POSTGRESQL == 0], seed) for seed in range(1, KILLS // A_DAY + 1)]
    return [one for one in every if one[0] in asked_for()]


@pytest.mark.thorough
@pytest.mark.parametrize(("chosen_store", "seed"), days(), indirect=["chosen_store"])
async def test_kill_at_random_instants_under_load(
    born: Nursery, furnished: str, tmp_path: Path, seed: int
) -> None:
    async with world(born, tmp_path, furnished) as at:
        killer = await busy_day(at, seed)
        assert at.deaths == killer.killed == A_DAY  # each was alive, and none died by itself
        assert killer.at_work >= A_DAY // 5  # and not at rest
        differing = "\n".join(await at.differences())
        assert not differing, f"seed {seed}: {differing}"
