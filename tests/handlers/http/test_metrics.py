"""Tests the page `/metrics` as Prometheus parses it."""

from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.sandbox import Fault
from handlers.http import health
from tests.pages import free_port, page
from tests.story import story


async def metrics(port: int) -> dict[str, float]:
    status, text = await page(port, "/metrics")
    assert status == 200
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.both_stores(thorough="postgresql")
async def test_the_metrics_give_the_health_and_the_backlog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "FRESH_SECONDS", -1.0)
    async with story(tmp_path) as tale, tale.running(port=(port := free_port())):
        channel, ann = await tale.add_client()
        idle = await metrics(port)
        parts = ("database", "slack", "auditor", "inbox", "outbox", "timers")
        assert [idle[f"deskbell_well {part}"] for part in parts] == [1] * 6
        assert idle["deskbell_waiting outbox"] == 0
        assert idle["process_open_fds"] > 0

        now = tale.clock.now()
        later = now + timedelta(minutes=9)
        tale.sandbox.faults.add(
            "chat.postMessage", Fault.SERVER_ERROR(503), times=None, during=(now, later)
        )
        await tale.sandbox.post(ann, channel, "Our server is down")
        while (await metrics(port))["deskbell_waiting outbox"] < 2:
            pass
        tale.clock.advance(timedelta(minutes=8))
        stuck = await metrics(port)
        assert stuck["deskbell_acknowledged_seconds_count"] == 1
        assert stuck["deskbell_acknowledged_seconds_bucket 3.0"] == 1
        assert stuck["deskbell_oldest_waiting_seconds outbox"] == 8 * 60
        assert stuck["deskbell_well outbox"] == 0
        assert stuck["deskbell_well database"] == 1
