"""The desk's metrics for Prometheus, collected on request."""

from collections.abc import Callable
from datetime import timedelta

from prometheus_client import (
    CollectorRegistry,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from bot.domain.operations.health import INBOX, OUTBOX, PARTS, TIMERS, Signs, ailing
from handlers.http.health import Watch

SECOND = timedelta(seconds=1)
# "Your app should respond to the event request with an HTTP 2xx within three seconds."
ACK_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0)


def acknowledged(registry: CollectorRegistry) -> Callable[[float], None]:
    """Return a function that records the seconds from a delivery to its acknowledgement."""
    words = "From the arrival of a delivery until it is kept and acknowledged"
    return Histogram(
        "deskbell_acknowledged_seconds", words, registry=registry, buckets=ACK_BUCKETS
    ).observe


class Metrics:
    """The metrics of the desk, of this process and of Python."""

    def __init__(self, watch: Watch, registry: CollectorRegistry) -> None:
        self._watch = watch
        self._registry = registry
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        self._well = _gauge(registry, "well", "1 where a part of the desk is well, else 0", "part")
        self._waiting = _gauge(registry, "waiting", "Rows that wait, by where", "where")
        self._oldest = _gauge(
            registry, "oldest_waiting_seconds", "For how long the oldest row has waited", "where"
        )
        self._audited = _gauge(registry, "audited_seconds", "Since the auditor's last round")
        self._repaired = _gauge(registry, "repaired", "Tickets that the auditor put right")

    def figures(self, signs: Signs) -> bytes:
        """Return all metrics in Prometheus' text format."""
        problems = ailing(signs)
        for part in PARTS:
            self._well.labels(part).set(part not in problems)
        backlog = self._watch.backlog
        for where, rows, age in (
            (INBOX, backlog.deliveries, signs.inbox),
            (OUTBOX, backlog.owed, signs.outbox),
            (TIMERS, backlog.due, signs.timers),
        ):
            self._waiting.labels(where).set(rows)
            self._oldest.labels(where).set(age / SECOND)
        self._audited.set(signs.audited / SECOND)
        self._repaired.set(self._watch.repaired)
        return generate_latest(self._registry)


def _gauge(registry: CollectorRegistry, name: str, words: str, *labels: str) -> Gauge:
    return Gauge(f"deskbell_{name}", words, labels, registry=registry)
