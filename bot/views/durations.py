"""Lengths of time in words."""

from datetime import timedelta


def time_left(left: timedelta) -> str:
    """Return the time until a due time: "in 2 h 5 min"; "now" if none is left."""
    if left <= timedelta(0):
        return "now"
    return f"in {duration(left)}"


def duration(length: timedelta) -> str:
    """Return a length of time in its two largest units, rounded to a minute: "2 h 5 min"."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 1:
        return "less than a minute"
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    units = [(days, "day" if days == 1 else "days"), (hours, "h"), (minutes, "min")]
    shown = [f"{count} {unit}" for count, unit in units if count]
    return " ".join(shown[:2])
