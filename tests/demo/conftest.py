"""Provides the recording of the demo to all tests of the demo."""

from pathlib import Path

import pytest

from bot.demo.evidence import Evidence
from tests.demo.recording import Recording, Shown, recording


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return recording(tmp_path_factory)


@pytest.fixture(scope="session")
def shown(recorded: Recording) -> Shown:
    return recorded.shown


@pytest.fixture(scope="session")
def played(recorded: Recording) -> tuple[Evidence, Path]:
    return recorded.evidence, recorded.shown.database
