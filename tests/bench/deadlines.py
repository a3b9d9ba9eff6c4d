"""Measures the computation of a deadline, without and with its explanation."""

import time
from datetime import UTC, datetime, timedelta

from bot.catalog import load_catalog
from bot.domain.sla.targets.due_time import due_time, reckon
from bot.views.sla.explanation_words import explanation_sentences

YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def deadlines_a_second(count: int) -> tuple[float, float]:
    """Compute the due time of Standard, critical, at openings spread over a year."""
    plan = load_catalog("ecosire").plans["standard"]
    sla_target = plan.sla_target("critical")
    openings = [YEAR + timedelta(minutes=n * 26) for n in range(count)]
    begun = time.perf_counter()
    for opened_at in openings:
        reckon(sla_target, opened_at)
    computed = time.perf_counter()
    for opened_at in openings:
        explanation_sentences(due_time(plan, "critical", opened_at).why)
    explained = time.perf_counter()
    return count / (computed - begun), count / (explained - computed)
