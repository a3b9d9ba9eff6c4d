"""`python -m bot …` as an operator types it, in a folder and an environment of its own."""

import os
import subprocess
import sys
from pathlib import Path

OWN = ("SLACK_", "DESKBELL_", "DATABASE_URL", "HOST", "PORT")


class Command:
    """Runs commands in one folder; settings are the environment's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings: dict[str, str] = {}

    def __call__(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
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

    def said(self, *words: str, **settings: str) -> str:
        """What a command prints that does what it was asked to."""
        done = self(*words, **settings)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    def faults(self, *words: str, **settings: str) -> list[str]:
        """The sentences with which a command refuses, a line each; nothing else is printed."""
        done = self(*words, **settings)
        assert "Traceback" not in done.stderr
        assert (done.returncode, done.stdout) == (2, "")
        return done.stderr.splitlines()
