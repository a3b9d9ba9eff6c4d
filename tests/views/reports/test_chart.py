"""Tests of the digest's chart and of its alternative text."""

import struct
import subprocess
import sys
import warnings

import pytest

from bot.domain.reports.digest import Attainment
from bot.views.reports.chart import attainment_chart

LINES = [
    Attainment("Standard", "Acme", 30, 12, 13),
    Attainment("Priority", "Globex", 30, 3, 3),
    Attainment("Standard", "Acme", 7, 1, 1),
    Attainment("Enterprise", "Initech", 30, 0, 2),
]


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_the_lowest_attainment_comes_first_also_in_the_text() -> None:
    message = attainment_chart(LINES, 30)
    assert message is not None
    assert message.upload is not None
    assert message.upload.alt == (
        "First responses kept, last 30 days. Initech (Enterprise): 0 of 2 (0 %);"
        " Acme (Standard): 12 of 13 (92 %); Globex (Priority): 3 of 3 (100 %)"
    )
    width, height = size(message.upload.make())
    assert width == 1200
    assert 400 < height < 800


def test_no_data_gives_no_chart() -> None:
    assert attainment_chart(LINES[:2], 7) is None
    assert attainment_chart([], 30) is None


@pytest.mark.parametrize("name", ["$x^2$ & <b>", "Ä" * 400, "", "\u202eevil", "a\nb", "{}%s"])
def test_any_name_is_drawn_as_text(name: str) -> None:
    lines = [Attainment(name, name, 30, number, 40) for number in range(40)]
    message = attainment_chart(lines, 30)
    assert message is not None
    assert message.upload is not None
    assert len(message.upload.alt) <= 1000
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert size(message.upload.make())[1] < 2000


@pytest.mark.thorough
def test_matplotlib_is_imported_only_when_a_chart_is_drawn() -> None:
    code = "import sys, bot.app; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
