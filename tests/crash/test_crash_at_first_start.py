"""Tests that after a kill -9 during the first start each part of the database is complete or
absent.
"""

from pathlib import Path

import pytest

from tests.crash.harness.bot_processes import BotProcesses, desk


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("commit", [1, 2, 3])
async def test_a_kill_during_the_first_start_leaves_no_partial_database(
    bots: BotProcesses, template: Path, tmp_path: Path, when: str, commit: int
) -> None:
    """The parts are the tables, the catalogues and the digest's timer."""
    async with desk(bots, tmp_path, template) as at:
        (tmp_path / "desk.db").unlink()
        at.start(when, commit)
        await at.wait_until_dead()
        at.start()
        await at.sandbox.wait_connected()

        assert at.rows("SELECT count(*) FROM catalog_versions") == [(1,)]
        assert at.rows("SELECT count(*) FROM timers") == [(1,)]
