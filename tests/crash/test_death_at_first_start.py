"""Kill -9 while the first start makes the database: each part is there whole or not at all."""

from pathlib import Path

import pytest

from tests.crash.play.lives import Nursery, desk


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("commit", [1, 2, 3])
async def test_kill_while_the_first_start_makes_the_database(
    born: Nursery, template: Path, tmp_path: Path, when: str, commit: int
) -> None:
    """The tables, the catalogues, the digest's timer."""
    async with desk(born, tmp_path, template) as at:
        (tmp_path / "desk.db").unlink()
        at.start(when, commit)
        await at.gone()
        at.start()
        await at.sandbox.wait_connected()

        assert at.rows("SELECT count(*) FROM catalog_versions") == [(1,)]
        assert at.rows("SELECT count(*) FROM timers") == [(1,)]
