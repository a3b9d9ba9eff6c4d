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

from bot.domain.operations.health import INBOX, OUTBOX, PARTS, TIMERS, Signs, health_problems
from bot.views.operations import metrics as help_texts
from handlers.http.health import Watch

SECOND = timedelta(seconds=1)
# "Your app should respond to the event request with an HTTP 2xx within three seconds."
ACK_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0)


def acknowledged(registry: CollectorRegistry) -> Callable[[float], None]:
    """Return a function that records the seconds from a delivery to its acknowledgement."""
    return Histogram(
        "deskbell_acknowledged_seconds",
        help_texts.ACKNOWLEDGED,
        registry=registry,
        buckets=ACK_BUCKETS,
    ).observe


class Metrics:
    """The metrics of the desk, of this process and of Python."""

    def __init__(self, watch: Watch, registry: CollectorRegistry) -> None:
        self._watch = watch
        self._registry = registry
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        self._well = _gauge(registry, "well", help_texts.WELL, "part")
        self._waiting = _gauge(registry, "waiting", help_texts.WAITING, "where")
        self._oldest = _gauge(
            registry, "oldest_waiting_seconds", help_texts.OLDEST_WAITING, "where"
        )
        self._audited = _gauge(registry, "audited_seconds", help_texts.AUDITED)
        self._repaired = _gauge(registry, "repaired", help_texts.REPAIRED)

    def figures(self, signs: Signs) -> bytes:
        """Return all metrics in Prometheus' text format."""
        problems = health_problems(signs)
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


def _gauge(registry: CollectorRegistry, name: str, meaning: str, *labels: str) -> Gauge:
    return Gauge(f"deskbell_{name}", meaning, labels, registry=registry)
