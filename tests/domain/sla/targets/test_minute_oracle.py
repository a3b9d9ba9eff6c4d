"""Compare due times with an oracle that counts minutes and shares no code with the product.

The oracle walks a span of UTC minute by minute, notes the local time of the zone, and marks the
covered minutes. The cases lie around the clock changes of fifteen zones in both hemispheres.
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
def test_start_due_and_covered_time_equal_those_of_the_oracle(zone: str) -> None:
    wanted = -(-CASES // len(ZONES))
    assert compare(zone, 0, wanted) >= wanted
