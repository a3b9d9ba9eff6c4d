"""Tests `deskbell export tickets --json`: the fields that scripts rely on."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.command import Command
from tests.story import story

FIELDS = [
    "key",
    "client",
    "plan",
    "severity",
    "state",
    "opened_at",
    "due_at",
    "first_response_at",
    "breached",
    "assignee",
    "counted",
]


async def test_each_ticket_is_an_object_per_line_with_exactly_these_fields(tmp_path: Path) -> None:
    """Covers an untriaged ticket and a ticket answered late, whose current state is printed."""
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client(plan="enterprise")
        await tale.says(ann, channel, "How do I export a report?")
        tale.clock.advance(timedelta(hours=1))
        ts = await tale.says(ann, channel, "Our server is down")
        card = tale.client_card(channel, ts)
        await tale.presses(tale.dana, card, "client_severity:critical")
        await tale.presses(tale.dana, tale.triage_cards()[-1], "take")
        await tale.forward(hours=2, seconds=1)
        await tale.says(tale.dana, channel, "We are on it", thread_ts=ts)

    deskbell = Command(tmp_path)
    deskbell.settings["DATABASE_URL"] = tale.database_url
    printed = await asyncio.to_thread(deskbell.output, "export", "tickets", "--json")
    first, second = [json.loads(line) for line in printed.splitlines()]

    assert list(first) == list(second) == FIELDS
    assert (first["severity"], first["first_response_at"], first["assignee"]) == (None, None, None)
    assert first["due_at"] == "2026-03-09T07:00:00Z"
    assert second.pop("first_response_at").startswith("2026-03-09T08:00:01")
    assert second == {
        "key": "ACME-2",
        "client": "Acme",
        "plan": "enterprise",
        "severity": "critical",
        "state": "open",
        "opened_at": "2026-03-09T06:00:00Z",
        "due_at": "2026-03-09T08:00:00Z",
        "breached": True,
        "assignee": tale.dana,
        "counted": True,
    }


@pytest.mark.thorough
def test_an_empty_desk_prints_nothing(tmp_path: Path) -> None:
    assert Command(tmp_path).output("export", "tickets", "--json") == ""
