"""Memory shared by a test and its bot: the clock and the number of crash points passed."""

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KINDS = ("commit", "call", "ack")  # the kinds of crash points
_FORM = struct.Struct("<qqqqq")  # the clock, whether points are counted, and the count of each kind


class Control:
    """Is also a clock for both processes that moves only when the test moves it."""

    def __init__(self, path: Path, start: datetime | None = None) -> None:
        if start is not None:
            path.write_bytes(bytes(_FORM.size))
        with path.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), _FORM.size)
        if start is not None:
            self.set(start)

    def now(self) -> datetime:
        return EPOCH + timedelta(microseconds=self._field(0))

    def set(self, to: datetime) -> None:
        self._put(0, (to - EPOCH) // timedelta(microseconds=1))

    @property
    def counting(self) -> bool:
        return bool(self._field(1))

    @counting.setter
    def counting(self, counts: bool) -> None:
        self._put(1, int(counts))

    def passed(self, kind: str) -> int:
        """Return how many points of a kind have been reached, in all runs."""
        return self._field(2 + KINDS.index(kind))

    def reach(self, kind: str) -> int:
        """Count a point and return its number."""
        number = self.passed(kind) + 1
        self._put(2 + KINDS.index(kind), number)
        return number

    def _field(self, place: int) -> int:
        field: int = struct.unpack_from("<q", self._page, 8 * place)[0]
        return field

    def _put(self, place: int, value: int) -> None:
        struct.pack_into("<q", self._page, 8 * place, value)
