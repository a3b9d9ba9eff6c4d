"""Tests that each folder is small enough to read at a glance."""

from collections import Counter
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "scheduler", "storage", "tests")
MOST_MODULES = 15


def crowded_folders(root: Path) -> list[str]:
    """Return the folders with more than `MOST_MODULES` modules, without `__init__.py`."""
    sizes = Counter(
        file.parent.relative_to(root).as_posix()
        for room in ROOMS
        for file in (root / room).rglob("*.py")
        if file.name != "__init__.py"
    )
    return [folder for folder, modules in sizes.items() if modules > MOST_MODULES]


def test_no_folder_has_more_than_fifteen_modules() -> None:
    assert crowded_folders(REPOSITORY) == []


def test_a_sixteenth_module_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "bot").mkdir()
    for number in range(MOST_MODULES + 1):
        (tmp_path / "bot" / f"module_{number}.py").touch()
    assert crowded_folders(tmp_path) == ["bot"]
