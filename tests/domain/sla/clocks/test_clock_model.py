"""The clocks of random lives against a model that lets minutes pass and shares no code with them.

Every plan is drawn too: two or three severities, all metrics, targets of every kind and none,
calendars with closed dates. What happens falls on whole minutes, some of it on the same one.
"""

import os

import pytest

from tests.oracle.life_cases import compare

LIVES = int(os.environ.get("DESKBELL_LIFE_CASES", "2_000"))
SEEDS = 4


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in range(1, SEEDS))]
)
def test_every_clock_is_what_letting_the_minutes_pass_gives(seed: int) -> None:
    wanted = -(-LIVES // SEEDS)
    assert compare(seed, wanted) >= wanted  # every life has a first response
