"""An upgrade that is killed half-way changes nothing, and the next start completes it."""

import signal
from pathlib import Path

import pytest

from tests.upgrade.killed_process import killed_at, statements_of_upgrade
from tests.upgrade.reading import Known, read_all
from tests.upgrade.restoring import restored, written

pytestmark = [pytest.mark.both_stores, pytest.mark.thorough]  # these start processes
NOTHING_KNOWN = Known([], [], [], [], [], [])


def points(statements: int) -> list[int]:
    """Return the numbers of the statements to be killed at: first, last and some between."""
    return sorted({1, statements // 3, statements * 2 // 3, statements - 1, statements} - {0})


# "demo" has the schema of 2b889ad; "demo_at_0017" needed seven migrations even then.
@pytest.mark.parametrize("scene", ["demo", "demo_at_0017"])
async def test_an_upgrade_killed_at_several_statements_completes_at_the_next_start(
    tmp_path: Path, scene: str
) -> None:
    old = written(scene)
    async with restored(old.data, tmp_path) as url:
        statements = await statements_of_upgrade(url)
    async with restored(old.data, tmp_path) as url:
        for number in points(statements):
            assert await killed_at(url, number) == -signal.SIGKILL
        assert await read_all(url, old.place, old.known) == old.expected


async def test_a_first_start_killed_at_several_statements_completes_at_the_next_start(
    tmp_path: Path,
) -> None:
    place = written("demo").place
    async with restored(b"", tmp_path) as url:
        statements = await statements_of_upgrade(url)
        never_killed = await read_all(url, place, NOTHING_KNOWN)
    async with restored(b"", tmp_path) as url:
        for number in points(statements):
            assert await killed_at(url, number) == -signal.SIGKILL
        assert await statements_of_upgrade(url) == statements
        assert await read_all(url, place, NOTHING_KNOWN) == never_killed
