"""The sentences of faults of windows, holidays, targets and calendars."""

from bot.domain.sla import text_faults
from bot.domain.sla.calendars.calendar import NeverOpensError
from bot.views.sentences import sentence_of

_TARGETS = '"4h", "30m", "1h30m", "4h covered", "2 business days" or "next business day"'


@sentence_of.register
def _(fault: text_faults.NotAWindow) -> str:
    return f"{fault.text!r} is no window; write 'Mon-Fri 09:00-18:00'"


@sentence_of.register
def _(fault: text_faults.NotHours) -> str:
    return f"{fault.text!r} is no window of a date; write '09:00-18:00'"


@sentence_of.register
def _(fault: text_faults.NotAWeekday) -> str:
    return f"{fault.text!r} is no weekday; write one of {', '.join(fault.known)}"


@sentence_of.register
def _(fault: text_faults.NotATimeOfDay) -> str:
    return f"{fault.text!r} is no time of day; write 00:00 to 24:00"


@sentence_of.register
def _(fault: text_faults.WindowEndsFirst) -> str:
    return (
        f"{fault.text!r} ends before it starts; write 'overnight' after it if it ends the next day"
    )


@sentence_of.register
def _(fault: text_faults.WindowStartsTooLate) -> str:
    return f"{fault.text!r} starts at 24:00; write 00:00 of the day after"


@sentence_of.register
def _(fault: text_faults.NotOvernight) -> str:
    return (
        f"{fault.text!r} does not run over midnight; leave out 'overnight', or end at the latest"
        " 24 hours after the start"
    )


@sentence_of.register
def _(fault: text_faults.WeekdayTwice) -> str:
    return f"{fault.text!r} names a weekday twice; name each once"


@sentence_of.register
def _(fault: text_faults.HolidaysUnknown) -> str:
    return f"there are no holidays known as {fault.code!r}"


@sentence_of.register
def _(fault: text_faults.SubdivisionUnknown) -> str:
    return f"{fault.country} has no part {fault.subdivision!r}"


@sentence_of.register
def _(fault: text_faults.NotATarget) -> str:
    return f"{fault.text!r} is no target; write {_TARGETS}"


@sentence_of.register
def _(fault: text_faults.DaysOutOfRange) -> str:
    return f"{fault.days} business days are out of range; write 1 to {fault.most}"


@sentence_of.register
def _(fault: text_faults.LengthOutOfRange) -> str:
    return f"{fault.text!r} is out of range; write more than none and at most a year"


@sentence_of.register
def _(error: NeverOpensError) -> str:
    return (
        f"The calendar {error.calendar!r} does not open in the three years after {error.day}: "
        "give it a window, or fewer closed dates, in the catalogue."
    )
