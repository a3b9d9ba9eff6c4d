"""Tests of weekly windows."""

import pytest

from bot.domain.sla.calendars.window import Window, overlaps


@pytest.mark.parametrize(
    ("weekday", "start", "end"),
    [(7, 0, 60), (-1, 0, 60), (0, 1440, 1500), (0, -1, 60), (0, 60, 60), (0, 60, 30), (0, 1, 1442)],
)
def test_an_impossible_window_is_refused(weekday: int, start: int, end: int) -> None:
    with pytest.raises(ValueError, match=r"weekday|window"):
        Window(weekday, start, end)


def test_windows_that_touch_do_not_overlap() -> None:
    assert overlaps([Window(0, 0, 720), Window(0, 720, 1440), Window(1, 0, 60)]) == []


def test_windows_that_share_a_minute_overlap() -> None:
    early, late = Window(0, 0, 721), Window(0, 720, 1440)
    assert overlaps([late, early]) == [(early, late)]


def test_a_sunday_night_overlaps_the_monday_that_it_runs_into() -> None:
    monday, sunday = Window(0, 60, 120), Window(6, 1380, 1440 + 90)
    assert overlaps([monday, sunday]) == [(monday, sunday)]


def test_two_equal_windows_overlap() -> None:
    window = Window(2, 540, 1080)
    assert overlaps([window, window]) == [(window, window)]


def test_a_window_is_written_as_in_the_catalogue() -> None:
    assert str(Window(0, 540, 1440)) == "Mon 09:00-24:00"
    assert str(Window(6, 1320, 1800)) == "Sun 22:00-06:00"
