"""The history of a ticket: every change with actor, time, before and after; nothing leaves it."""

import sqlite3
from pathlib import Path

import asyncpg
import pytest

from tests.story import story


async def test_a_tickets_life_stands_in_its_history_in_order(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Our server is down")
        await tale.presses(ann, tale.client_card(channel, ts), "client_severity:critical")
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "take")
        await tale.forward(hours=4, minutes=1)
        await tale.says(tale.dana, channel, "We are on it", thread_ts=ts)
        await tale.presses(tale.eli, tale.triage_card("ACME-1"), "resolve")
        await tale.fills_in(tale.eli, words="Restarted it")
        await tale.presses(ann, tale.thread(channel, ts)[-1], "not_solved")

        history = await tale.history("ACME-1")

        assert [(one.kind, one.actor) for one in history] == [
            ("opened", ann),
            ("severity_proposed", ann),
            ("taken", tale.dana),
            ("breached", "deskbell"),
            ("staff_wrote", tale.dana),
            ("first_response", tale.dana),
            ("resolved", tale.eli),
            ("staff_wrote", tale.eli),
            ("reopened", ann),
        ]
        changes = {one.kind: (dict(one.before), dict(one.after)) for one in history}
        assert changes["severity_proposed"] == (
            {"severity": None, "severity_by": None},
            {"severity": "critical", "severity_by": "client"},
        )
        assert changes["taken"] == (
            {"assignee": None, "taken": False},
            {"assignee": tale.dana, "taken": True},
        )
        assert changes["first_response"][0] == {
            "first_response_at": None,
            "first_response_by": None,
        }
        before, after = changes["resolved"]
        assert (before["state"], after["state"]) == ("open", "resolved")
        assert after["resolution"] == "Restarted it"
        before, after = changes["reopened"]
        assert (before["resolution"], after["resolution"]) == ("Restarted it", "")


async def test_the_history_replayed_gives_the_ticket_as_it_stands(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Our server is down")
        for severity in ("low", "critical", "high"):
            card = tale.triage_card("ACME-1")
            await tale.presses(tale.dana, card, "triage_severity", f"ACME-1:{severity}")
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "take")
        await tale.says(tale.eli, channel, "We are on it", thread_ts=ts)
        await tale.presses(tale.eli, tale.triage_card("ACME-1"), "take_over")

        replayed: dict[str, object] = {}
        for one in await tale.history("ACME-1"):
            known = {name: replayed[name] for name in one.before if name in replayed}
            assert known == {name: one.before[name] for name in known}  # no gap between two lines
            replayed |= one.after

        ticket = (await tale.tickets())["ACME-1"]
        assert replayed["severity"] == ticket["severity"] == "high"
        assert replayed["assignee"] == ticket["assignee"] == tale.eli
        assert replayed["first_response_by"] == tale.eli


@pytest.mark.thorough
@pytest.mark.parametrize("statement", ["DELETE FROM events", "UPDATE events SET actor = 'nobody'"])
async def test_the_store_itself_refuses_to_change_the_history(
    tmp_path: Path, statement: str
) -> None:
    async with story(tmp_path) as tale:
        async with tale.running():
            channel, ann = await tale.add_client()
            await tale.says(ann, channel, "Our server is down")
        refusals = (sqlite3.IntegrityError, asyncpg.RaiseError)
        with pytest.raises(refusals, match="append-only"):
            tale.rows(statement)
