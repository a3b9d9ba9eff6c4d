"""The life of a ticket: from what happened to what each metric measures.

A pure fold over the ticket's moments. Nothing is remembered between two folds: the same moments
give the same spans at any time.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.clock import aware
from bot.domain.metric import Metric


class What(StrEnum):
    """What can happen to a ticket that its clocks take notice of."""

    OPENED = "opened"
    TRIAGED = "triaged"
    STAFF_WROTE = "staff_wrote"  # what the client can see, by a person
    CLIENT_WROTE = "client_wrote"  # and not merely thanks
    WAITING = "waiting"  # on the client
    RESUMED = "resumed"  # staff wait no longer
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CANCELLED = "cancelled"  # withdrawn by the client, or no ticket after all


@dataclass(frozen=True, slots=True)
class Moment:
    """`at` is the instant at which it was true: a message's `ts`, never the time of receipt.

    It is kept in UTC; a naive one is a ValueError.
    """

    at: datetime
    what: What
    severity: str | None = None  # of TRIAGED
    from_now: bool = False  # of TRIAGED: it *became* so; otherwise it was so from the start

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", aware(self.at))


@dataclass(frozen=True, slots=True)
class Pause:
    """`[start, end)`; `end` None while it lasts."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch that a metric measures: from `begins_at` until `stops_at` (None: it runs)."""

    metric: Metric
    number: int  # 1 for the first of its metric on the ticket
    begins_at: datetime
    stops_at: datetime | None = None
    cancelled: bool = False
    pauses: tuple[Pause, ...] = ()

    @property
    def runs(self) -> bool:
        return self.stops_at is None


# "Waiting on the client pauses `resolution` and `update` clocks, never `first_response`."
_PAUSABLE = (Metric.UPDATE, Metric.RESOLUTION)
_ANSWERED_BY_WORDS = (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE)
_ANSWERS = (*_ANSWERED_BY_WORDS, Metric.UPDATE)


def spans_of(moments: Iterable[Moment]) -> tuple[Span, ...]:
    """What each metric measures, in the order in which the stretches begin.

    The moments may come in any order; at the same instant they count as they are given.
    """
    life = _Life()
    for moment in sorted(moments, key=lambda one: one.at):
        life.take(moment.what, moment.at)
    return tuple(life.spans)


class _Life:
    """The state between two moments."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self._open = False
        self._waiting = False  # on the client
        self._answered = False

    def take(self, what: What, at: datetime) -> None:
        match what:
            case What.OPENED:
                self._open = True
                self._begin((Metric.FIRST_RESPONSE, Metric.RESOLUTION), at)
            case What.STAFF_WROTE:
                self._staff_wrote(at)
            case What.CLIENT_WROTE:
                self._resume(at)
                self._await_answer(at)
            case What.WAITING if self._open and not self._waiting:
                self._waiting = True
                self._change(_PAUSABLE, lambda one: _paused(one, at))
            case What.RESUMED:
                self._resume(at)
            case What.RESOLVED:
                self._resolve(at)
            case What.REOPENED if not self._open:
                self._reopen(at)
            case What.CANCELLED:
                self._open = False
                self._resume(at)
                self._change(tuple(Metric), lambda one: replace(one, stops_at=at, cancelled=True))

    def _staff_wrote(self, at: datetime) -> None:
        """Answers whatever waits for an answer, and promises the next update."""
        self._answered = True
        self._stop(_ANSWERS, at)
        if self._open:
            self._begin((Metric.UPDATE,), at)

    def _await_answer(self, at: datetime) -> None:
        """One promise of an answer at a time: the first of several posts starts it."""
        waits = any(one.runs and one.metric in _ANSWERED_BY_WORDS for one in self.spans)
        if self._open and not waits:
            self._begin((Metric.NEXT_RESPONSE,), at)

    def _resume(self, at: datetime) -> None:
        """ "Resume at the `ts` of the client's message." """
        self._waiting = False
        self._change(_PAUSABLE, lambda one: _resumed(one, at))

    def _resolve(self, at: datetime) -> None:
        """A first response stays owed until somebody has written."""
        self._open = False
        self._resume(at)
        self._stop((Metric.NEXT_RESPONSE, Metric.UPDATE, Metric.RESOLUTION), at)

    def _reopen(self, at: datetime) -> None:
        """ "Reopening starts no second `first_response`; it starts `next_response`." One that was
        cancelled before anybody had answered is owed again, from now. The resolution goes on, and
        the time for which it stood as resolved is a pause."""
        self._open = True
        if not self._answered:
            self.spans = [_owed_again(one, at) for one in self.spans]
        for place, one in enumerate(self.spans):
            if one.metric is Metric.RESOLUTION and one.stops_at is not None and not one.cancelled:
                again = replace(one, stops_at=None)
                self.spans[place] = _resumed(_paused(again, one.stops_at), at)
        self._await_answer(at)

    def _begin(self, metrics: Iterable[Metric], at: datetime) -> None:
        for metric in metrics:
            number = 1 + sum(one.metric is metric for one in self.spans)
            new = Span(metric, number, at)
            pauses = self._waiting and metric in _PAUSABLE
            self.spans.append(_paused(new, at) if pauses else new)

    def _stop(self, metrics: Iterable[Metric], at: datetime) -> None:
        self._change(metrics, lambda one: replace(_resumed(one, at), stops_at=at))

    def _change(self, metrics: Iterable[Metric], change: Callable[[Span], Span]) -> None:
        chosen = frozenset(metrics)
        self.spans = [
            change(one) if one.runs and one.metric in chosen else one for one in self.spans
        ]


def _owed_again(span: Span, at: datetime) -> Span:
    if span.metric is not Metric.FIRST_RESPONSE or not span.cancelled:
        return span
    return replace(span, begins_at=at, stops_at=None, cancelled=False)


def _paused(span: Span, at: datetime) -> Span:
    return replace(span, pauses=(*span.pauses, Pause(at, None)))


def _resumed(span: Span, at: datetime) -> Span:
    if not span.pauses or span.pauses[-1].end is not None:
        return span
    return replace(span, pauses=(*span.pauses[:-1], Pause(span.pauses[-1].start, at)))
