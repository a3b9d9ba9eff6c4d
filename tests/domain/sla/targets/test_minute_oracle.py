"""The calculation against one that counts minutes, shares no code with it, and looks at each.

The oracle walks a span of UTC minute by minute, notes what the wall of the zone shows, and marks
the minutes that are covered. Around the clock changes of fifteen zones, in both hemispheres.
"""

import os

import pytest

from tests.oracle.cases import ZONES, compare

QUICK = ("Asia/Karachi", "Europe/Brussels", "America/Santiago", "Australia/Lord_Howe")
CASES = int(os.environ.get("DESKBELL_ORACLE_CASES", "10_000"))


@pytest.mark.parametrize(
    "zone",
    [pytest.param(zone, marks=() if zone in QUICK else pytest.mark.thorough) for zone in ZONES],
)
def test_start_due_and_covered_time_are_those_that_counting_minutes_gives(zone: str) -> None:
    wanted = -(-CASES // len(ZONES))
    assert compare(zone, 0, wanted) >= wanted
