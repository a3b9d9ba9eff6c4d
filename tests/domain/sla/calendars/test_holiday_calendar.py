"""Tests of public holidays by the names that a catalogue uses."""

import os
import re
import subprocess
import sys
from datetime import date

import pytest

from bot.domain.sla.calendars.holiday_calendar import HolidayCalendar, holiday_calendar
from bot.domain.sla.text_faults import HolidaysUnknown, SubdivisionUnknown
from bot.views.refusals import sentence_of


def test_a_country_a_subdivision_and_a_market_are_known() -> None:
    assert holiday_calendar("PK") == HolidayCalendar("PK")
    assert holiday_calendar("GB-SCT") == HolidayCalendar("GB", "SCT")
    assert holiday_calendar("XECB") == HolidayCalendar("XECB", financial=True)


@pytest.mark.parametrize("code", ["", "ZZ", "pk", "FRA", "GB-XYZ", "XECB-BE", "holidays"])
def test_an_unknown_holiday_calendar_is_refused(code: str) -> None:
    with pytest.raises((HolidaysUnknown, SubdivisionUnknown)) as caught:
        holiday_calendar(code)
    assert re.search(r"no holidays known as|has no part", sentence_of(caught.value))


def test_a_holiday_has_its_name() -> None:
    assert HolidayCalendar("PK").name_on(date(2026, 8, 14)) == "Independence Day"
    assert HolidayCalendar("PK").name_on(date(2026, 8, 15)) is None
    assert HolidayCalendar("XECB", financial=True).name_on(date(2026, 4, 3)) == "Good Friday"
    assert HolidayCalendar("GB", "SCT").name_on(date(2026, 1, 2)) == "New Year Holiday"
    assert HolidayCalendar("GB", "ENG").name_on(date(2026, 1, 2)) is None


@pytest.mark.thorough
def test_a_holiday_calendar_is_written_as_in_the_catalogue() -> None:
    assert str(HolidayCalendar("GB", "SCT")) == "GB-SCT"
    assert str(HolidayCalendar("PK")) == "PK"


@pytest.mark.thorough
def test_a_holiday_has_the_same_name_on_every_machine() -> None:
    """Without an explicit language the `holidays` package would use the machine's language."""
    program = (
        "from datetime import date\n"
        "from bot.domain.sla.calendars.holiday_calendar import holiday_calendar\n"
        "print([holiday_calendar(code).name_on(date(2026, 5, 1)) for code in ('PK', 'DE-BE')])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "LANG": language, "LC_ALL": language},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for language in ("C.UTF-8", "en_GB.UTF-8", "de_DE.UTF-8", "ur_PK.UTF-8")
    }
    assert outputs == {"['Labor Day', 'Labor Day']\n"}
