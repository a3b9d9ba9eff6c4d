"""The history of a ticket: append-only events with their actor, time and changes."""

import sqlite3
from dataclasses import fields
from pathlib import Path

import asyncpg
import pytest

from bot.domain.actor import ClientPerson, Staff, System
from bot.domain.ids import UserId
from bot.domain.ticket import Side, TicketState
from bot.domain.ticket_events import (
    Breached,
    Change,
    ChangeEvent,
    FirstResponse,
    Opened,
    Reopened,
    Resolved,
    SeverityProposed,
    StaffWrote,
    Taken,
    TicketChanges,
    TicketEvent,
)
from tests.story import story


def changes_of(event: TicketEvent) -> TicketChanges:
    return event.changes if isinstance(event, ChangeEvent) else TicketChanges()


async def test_the_history_lists_every_event_in_order(tmp_path: Path) -> None:
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

        client = ClientPerson(UserId(ann))
        dana, eli = Staff(UserId(tale.dana)), Staff(UserId(tale.eli))
        assert [(type(entry.event), entry.actor) for entry in history] == [
            (Opened, client),
            (SeverityProposed, client),
            (Taken, dana),
            (Breached, System()),
            (StaffWrote, dana),
            (FirstResponse, dana),
            (Resolved, eli),
            (StaffWrote, eli),
            (Reopened, client),
        ]
        changes = {type(entry.event): changes_of(entry.event) for entry in history}
        assert changes[SeverityProposed] == TicketChanges(
            severity=Change(None, "critical"), severity_by=Change(None, Side.CLIENT)
        )
        assert changes[Taken] == TicketChanges(
            assignee=Change(None, UserId(tale.dana)), taken=Change(False, True)
        )
        first = changes[FirstResponse]
        assert first == TicketChanges(
            first_response_at=first.first_response_at,
            first_response_by=Change(None, UserId(tale.dana)),
        )
        assert first.first_response_at is not None
        assert first.first_response_at.before is None
        assert changes[Resolved].state == Change(TicketState.OPEN, TicketState.RESOLVED)
        assert changes[Resolved].resolution == Change(None, "Restarted it")
        assert changes[Reopened].resolution == Change("Restarted it", None)


async def test_replaying_the_history_gives_the_current_ticket(tmp_path: Path) -> None:
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
        for entry in await tale.history("ACME-1"):
            changes = changes_of(entry.event)
            for name in (field.name for field in fields(changes)):
                change = getattr(changes, name)
                if change is not None:  # no gap between two events
                    assert replayed.get(name, change.before) == change.before
                    replayed[name] = change.after

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
