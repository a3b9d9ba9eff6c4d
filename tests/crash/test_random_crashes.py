"""Tests that after kill -9 at random instants, while people act and deadlines fall due, the judge
finds no difference.

`make soak` runs fifteen times as many kills (DESKBELL_KILLS).
"""

import asyncio
import os
import random
from datetime import timedelta
from pathlib import Path

import pytest

from tests.crash.harness.bot_processes import BotProcesses
from tests.crash.harness.busy_people import ChannelActivity, continue_all
from tests.crash.harness.crashing_desk import LOOK_SECONDS, PATIENCE_SECONDS
from tests.crash.harness.world import World, world
from tests.judge.sample_desk import CLIENTS, DANA, ELI, GOLD, MO
from tests.stores import POSTGRESQL, SQLITE, asked_for

KILLS = int(os.environ.get("DESKBELL_KILLS", "200"))  # on both stores together
A_DAY = 20  # kills of one desk
ON_POSTGRESQL = 3  # every third seeded day
AT_ONCE = 4  # kills between two rests
RUN_SECONDS = (0.02, 0.3)  # from before the bot is connected until the work is nearly done
# The judge counts minutes, so no deadline shares its minute with an action.
MINUTES = (7, 17, 37, 57, 87, 147)


class Killer:
    def __init__(self, at: World, dice: random.Random) -> None:
        self._at = at
        self._dice = dice
        self.killed = 0
        self.at_work = 0  # kills during undelivered, due or unsent work

    async def kill(self, times: int) -> None:
        """Kill `times` running bots in sequence."""
        for _ in range(times):
            crashes = self._at.crashes
            await asyncio.sleep(self._dice.uniform(*RUN_SECONDS))
            self.at_work += not await self._at.is_settled()
            assert self._at.is_alive
            self._at.kill()
            self.killed += 1
            async with asyncio.timeout(PATIENCE_SECONDS):
                while self._at.crashes == crashes:  # noqa: ASYNC110 (a process has no event)
                    await asyncio.sleep(LOOK_SECONDS)


async def play_busy_day(at: World, seed: int) -> Killer:
    """Play a day; every simulated person has their own random generator, so a seed gives the same
    day regardless of timing.
    """
    dice = random.Random(seed)
    at.sandbox.join(MO, GOLD.channel)
    at.lease_wait = timedelta(minutes=10)
    activities = [
        ChannelActivity(at, terms, staff, random.Random(f"{seed} {terms.key}"))
        for terms, staff in zip(CLIENTS, (DANA, ELI, MO), strict=True)
    ]
    killer = Killer(at, random.Random(f"{seed} kill -9"))
    at.start()
    await at.settle()
    while killer.killed < A_DAY:
        at.pass_time(minutes=dice.choice(MINUTES))
        await asyncio.gather(continue_all(activities), killer.kill(AT_ONCE))
        await at.settle()
        for activity in activities:
            activity.rested()
    await at.forward(hours=25)
    return killer


def days() -> list[tuple[str, int]]:
    """Return each day's store and seed."""
    own = {True: POSTGRESQL, False: SQLITE}
    every = [(own[seed % ON_POSTGRESQL == 0], seed) for seed in range(1, KILLS // A_DAY + 1)]
    return [day for day in every if day[0] in asked_for()]


@pytest.mark.thorough
@pytest.mark.parametrize(("chosen_store", "seed"), days(), indirect=["chosen_store"])
async def test_kill_at_random_instants_under_load(
    bots: BotProcesses, furnished: str, tmp_path: Path, seed: int
) -> None:
    async with world(bots, tmp_path, furnished) as at:
        killer = await play_busy_day(at, seed)
        assert at.crashes == killer.killed == A_DAY  # each bot was alive, and none ended by itself
        assert killer.at_work >= A_DAY // 5  # a fifth interrupted work
        differing = "\n".join(await at.differences())
        assert not differing, f"seed {seed}: {differing}"
