"""UTC minutes in a row: the local time of a zone at each, and which are covered."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.sla.targets.target import BusinessDays, ClockTime, CoveredTime, Target

DAY = 1440
SPAN_DAYS = 60

Week = set[tuple[int, int, int]]  # weekday, start, end: minutes past its midnight
Hours = set[tuple[int, int]]  # start and end on the same date


class WallClock:
    """The local time at each minute of a span, and the minute of a local time."""

    def __init__(self, zone: str, begins: datetime) -> None:
        self.begins = begins
        self.shows: list[int] = []
        for quarter in range(SPAN_DAYS * DAY // 15):
            instant = begins + timedelta(minutes=15 * quarter)
            offset = instant.astimezone(ZoneInfo(zone)).utcoffset()
            assert offset is not None
            since = instant - datetime(1, 1, 1, tzinfo=UTC) + timedelta(days=1) + offset
            first = since // timedelta(minutes=1)
            self.shows += range(first, first + 15)
        self.first: dict[int, int] = {}
        for minute, shown in enumerate(self.shows):
            self.first.setdefault(shown, minute)
        pairs = zip(self.shows, self.shows[1:], strict=False)
        self.jumps = [(before, after) for before, after in pairs if after > before + 1]

    def minute(self, shown: int) -> int:
        if shown in self.first:
            return self.first[shown]
        for before, after in self.jumps:
            if before < shown < after:
                return self.first[shown + after - before - 1]
        raise LookupError("the span is too short for this case")

    def days(self) -> Iterator[int]:
        yield from range(self.shows[0] // DAY + 1, self.shows[-1] // DAY - 2)


class Oracle:
    """A calendar as a row of bytes, with a byte of 1 if the minute is covered."""

    def __init__(
        self, wall: WallClock, week: Week, closed: set[int], own: dict[int, Hours]
    ) -> None:
        self.wall = wall
        self.covered = bytearray(len(wall.shows))
        stretches: list[tuple[int, int, int]] = []
        for day in wall.days():
            weekly = {(start, end) for at, start, end in week if at == (day - 1) % 7}
            for start, end in own.get(day, weekly):
                first, last = wall.minute(day * DAY + start), wall.minute(day * DAY + end)
                self.covered[first:last] = b"\1" * max(0, last - first)
                # Where a closed date begins, the previous day's coverage ends for good.
                for later in {day + 1, day + 2} & closed:
                    last = min(last, wall.minute(later * DAY))
                if day not in closed:
                    stretches.append((day, first, last))
        for day in closed:
            first, last = wall.minute(day * DAY), wall.minute(day * DAY + DAY)
            self.covered[first:last] = bytes(last - first)
        self.by_day: dict[int, list[tuple[int, int]]] = {}
        for day, first, last in stretches:
            closes = self.covered.rfind(1, first, max(first, last)) + 1
            if closes:
                self.by_day.setdefault(day, []).append((first, closes))

    def start(self, opened: int) -> int:
        first_covered = self.covered.find(1, opened)
        assert first_covered >= 0, "the span is too short for this case"
        return first_covered

    def due(self, target: Target, opened: int) -> int:
        start = self.start(opened)
        if isinstance(target, ClockTime):
            return start + target.length // timedelta(minutes=1)
        if isinstance(target, CoveredTime):
            return self.count(start, target.length // timedelta(minutes=1))
        if isinstance(target, BusinessDays):
            return self.same_time(start, target.days)
        day = self.business_day(self.wall.shows[opened] // DAY, 1)
        return max(last for _, last in self.by_day[day])

    def count(self, minute: int, wanted: int) -> int:
        while wanted:
            wanted -= self.covered[minute]
            minute += 1
        return minute

    def between(self, first: int, last: int) -> int:
        return self.covered.count(1, first, last)

    def business_day(self, day: int, count: int) -> int:
        while count:
            day += 1
            assert day < self.wall.shows[-1] // DAY, "the span is too short for this case"
            count -= day in self.by_day
        return day

    def same_time(self, start: int, days: int) -> int:
        day = self.business_day(self.wall.shows[start] // DAY, days)
        minute = self.wall.minute(day * DAY + self.wall.shows[start] % DAY)
        if self.covered[minute]:
            return minute
        closes = [last for _, last in self.by_day[day] if last <= minute]
        return max(closes) if closes else min(first for first, _ in self.by_day[day])
