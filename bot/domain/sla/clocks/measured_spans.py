"""Compute the spans that each metric measures from the moments of a ticket.

A pure fold over the moments: the same moments always give the same spans.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.sla.targets.metric import Metric
from bot.time_source import aware


class ClockEventKind(StrEnum):
    """The kinds of moment that affect a ticket's clocks."""

    OPENED = "opened"
    TRIAGED = "triaged"
    STAFF_WROTE = "staff_wrote"  # a person wrote where the client can read it
    CLIENT_WROTE = "client_wrote"  # more than a thank-you
    WAITING = "waiting"  # on the client
    RESUMED = "resumed"  # staff have ended the wait
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CANCELLED = "cancelled"  # withdrawn by the client, or dismissed by staff


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """An event of a ticket at the instant `at`: the `ts` of a message, never the time of receipt.

    Instants are stored in UTC. Raises ValueError for a naive instant.
    """

    at: datetime
    what: ClockEventKind
    severity: str | None = None  # for TRIAGED
    from_now: bool = False  # for TRIAGED: it *became* so now; else it was so from the start

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", aware(self.at))


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause `[start, end)`. `end` is None while the pause lasts."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Span:
    """A span that a metric measures, from `begins_at` until `stops_at` (None: still running)."""

    metric: Metric
    number: int  # counts the spans of the same metric on the ticket, from 1
    begins_at: datetime
    stops_at: datetime | None = None
    cancelled: bool = False
    pauses: tuple[Pause, ...] = ()

    @property
    def runs(self) -> bool:
        """Return whether the span has not stopped. A paused span counts as running."""
        return self.stops_at is None


# "Waiting on the client pauses `resolution` and `update` clocks, never `first_response`."
_PAUSABLE = (Metric.UPDATE, Metric.RESOLUTION)
_ANSWERED_BY_WORDS = (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE)
_ANSWERS = (*_ANSWERED_BY_WORDS, Metric.UPDATE)


def spans_of(moments: Iterable[ClockEvent]) -> tuple[Span, ...]:
    """Return the spans of every metric, in the order of their start.

    The moments may be in any order. Moments at the same instant apply in the given order.
    """
    life = _Life()
    for moment in sorted(moments, key=lambda moment: moment.at):
        life.take(moment.what, moment.at)
    return tuple(life.spans)


class _Life:
    """The state of a ticket between two moments."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self._open = False
        self._waiting = False  # on the client
        self._answered = False

    def take(self, what: ClockEventKind, at: datetime) -> None:
        """Apply a moment. Moments must be applied in order of time."""
        match what:
            case ClockEventKind.OPENED:
                self._open = True
                self._begin((Metric.FIRST_RESPONSE, Metric.RESOLUTION), at)
            case ClockEventKind.STAFF_WROTE:
                self._staff_wrote(at)
            case ClockEventKind.CLIENT_WROTE:
                self._resume(at)
                self._await_answer(at)
            case ClockEventKind.WAITING if self._open and not self._waiting:
                self._waiting = True
                self._change(_PAUSABLE, lambda span: _paused(span, at))
            case ClockEventKind.RESUMED:
                self._resume(at)
            case ClockEventKind.RESOLVED:
                self._resolve(at)
            case ClockEventKind.REOPENED if not self._open:
                self._reopen(at)
            case ClockEventKind.CANCELLED:
                self._open = False
                self._resume(at)
                self._change(tuple(Metric), lambda span: replace(span, stops_at=at, cancelled=True))

    def _staff_wrote(self, at: datetime) -> None:
        """Stop the clocks that wait for an answer, and start the clock for the next update."""
        self._answered = True
        self._stop(_ANSWERS, at)
        if self._open:
            self._begin((Metric.UPDATE,), at)

    def _await_answer(self, at: datetime) -> None:
        """Start the next response, unless an earlier post still waits for an answer."""
        waits = any(span.runs and span.metric in _ANSWERED_BY_WORDS for span in self.spans)
        if self._open and not waits:
            self._begin((Metric.NEXT_RESPONSE,), at)

    def _resume(self, at: datetime) -> None:
        """End the pause: "resume at the `ts` of the client's message"."""
        self._waiting = False
        self._change(_PAUSABLE, lambda span: _resumed(span, at))

    def _resolve(self, at: datetime) -> None:
        """Stop the clocks except the first response, which runs until staff have written."""
        self._open = False
        self._resume(at)
        self._stop((Metric.NEXT_RESPONSE, Metric.UPDATE, Metric.RESOLUTION), at)

    def _reopen(self, at: datetime) -> None:
        """Reopen the ticket: "Reopening starts no second `first_response`; it starts
        `next_response`."

        A first response that was cancelled before anybody answered starts again, from now. The
        resolution continues, and the time as resolved counts as a pause.
        """
        self._open = True
        if not self._answered:
            self.spans = [_restarted(span, at) for span in self.spans]
        for place, span in enumerate(self.spans):
            if (
                span.metric is Metric.RESOLUTION
                and span.stops_at is not None
                and not span.cancelled
            ):
                again = replace(span, stops_at=None)
                self.spans[place] = _resumed(_paused(again, span.stops_at), at)
        self._await_answer(at)

    def _begin(self, metrics: Iterable[Metric], at: datetime) -> None:
        for metric in metrics:
            number = 1 + sum(span.metric is metric for span in self.spans)
            new = Span(metric, number, at)
            pauses = self._waiting and metric in _PAUSABLE
            self.spans.append(_paused(new, at) if pauses else new)

    def _stop(self, metrics: Iterable[Metric], at: datetime) -> None:
        self._change(metrics, lambda span: replace(_resumed(span, at), stops_at=at))

    def _change(self, metrics: Iterable[Metric], change: Callable[[Span], Span]) -> None:
        chosen = frozenset(metrics)
        self.spans = [
            change(span) if span.runs and span.metric in chosen else span for span in self.spans
        ]


def _restarted(span: Span, at: datetime) -> Span:
    if span.metric is not Metric.FIRST_RESPONSE or not span.cancelled:
        return span
    return replace(span, begins_at=at, stops_at=None, cancelled=False)


def _paused(span: Span, at: datetime) -> Span:
    return replace(span, pauses=(*span.pauses, Pause(at, None)))


def _resumed(span: Span, at: datetime) -> Span:
    if not span.pauses or span.pauses[-1].end is not None:
        return span
    return replace(span, pauses=(*span.pauses[:-1], Pause(span.pauses[-1].start, at)))
