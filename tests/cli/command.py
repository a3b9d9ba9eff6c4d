"""Runs `python -m bot …` as an operator types it, in a folder and an environment of its own."""

import asyncio
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir
from pathlib import Path

from typer.testing import CliRunner

from bot.cli import app

SERVING = ("run", "demo")
OWN = ("SLACK_", "DESKBELL_", "DATABASE_URL", "HOST", "PORT")


class Command:
    """Runs commands in a folder, with settings in the environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings: dict[str, str] = {}

    def __call__(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run the command in its own process if it serves, or if a thread beside a story's event
        loop calls it; otherwise in this process, which saves a second each.
        """
        if words[0] in SERVING or threading.current_thread() is not threading.main_thread():
            return self._process(*words, **settings)
        if _within_a_story():  # whose event loop waits meanwhile
            with ThreadPoolExecutor(1) as beside:
                return beside.submit(self._here, *words, **settings).result()
        return self._here(*words, **settings)

    def _here(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        others = dict.fromkeys(name for name in os.environ if name.startswith(OWN))
        environment: dict[str, str | None] = {**others, **self.settings, **settings}
        with chdir(self.folder):
            done = CliRunner().invoke(app, words, env=environment)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)

    def _process(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
        return subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder,
            env=inherited | self.settings | settings,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def output(self, *words: str, **settings: str) -> str:
        """Return the output of a command that succeeds."""
        done = self(*words, **settings)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    def faults(self, *words: str, **settings: str) -> list[str]:
        """Return the lines with which a command refuses; it prints nothing else."""
        return self._refused(self(*words, **settings))

    def faults_at_once(self, *words: str, **settings: str) -> list[str]:
        """Return the same lines of a command that would serve, but refuses before it starts to."""
        return self._refused(self._here(*words, **settings))

    @staticmethod
    def _refused(done: subprocess.CompletedProcess[str]) -> list[str]:
        assert "Traceback" not in done.stderr
        assert (done.returncode, done.stdout) == (2, "")
        return done.stderr.splitlines()


def _within_a_story() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
