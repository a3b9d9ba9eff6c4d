"""Plays the demo once per test run, for all processes that run tests."""

import fcntl
import os
import pickle
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.demo.evidence import Evidence

# `deskbell demo`, which here also stores the evidence that its audit compares with the database.
PLAY = """
import pickle, sys
from pathlib import Path
import bot.demo
from bot.__main__ import main

evidence, run_demo = Path(sys.argv.pop(1)), bot.demo.run_demo

async def recorded(*arguments):
    seen = await run_demo(*arguments)
    seen.people.sandbox = None  # the sandbox has ended, and cannot be pickled
    evidence.write_bytes(pickle.dumps(seen))
    return seen

bot.demo.run_demo = recorded
main()
"""


@dataclass(frozen=True)
class Shown:
    """The output of `deskbell demo`, and its database."""

    code: int
    words: str
    errors: str
    database: Path

    @property
    def as_single_line(self) -> str:
        """Return the output with every margin and line end as a single space."""
        return " ".join(self.words.split())


@dataclass(frozen=True)
class Recording:
    shown: Shown
    evidence: Evidence


def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """Return the recording of this test run: the first process plays it, the others wait."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    stored = folder / "demo.pickle"
    with (folder / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stored.exists():
            stored.write_bytes(pickle.dumps(_play(folder)))
    loaded = pickle.loads(stored.read_bytes())  # noqa: S301 (written by this test run)
    assert isinstance(loaded, Recording)
    return loaded


def _play(folder: Path) -> Recording:
    """Play the demo in its own directory and environment, without settings and `.env`."""
    where = folder / "demo"
    where.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", PLAY, "evidence.pickle", "demo", "--database", "desk.db"],
        cwd=where,
        env={
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "PYTHONWARNINGS": "error::ResourceWarning",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    shown = Shown(done.returncode, done.stdout, done.stderr, where / "desk.db")
    seen = pickle.loads((where / "evidence.pickle").read_bytes())  # noqa: S301 (just written)
    return Recording(shown, seen)
