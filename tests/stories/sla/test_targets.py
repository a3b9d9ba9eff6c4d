"""The deadline of every severity of every plan on the client card, and the answers that meet it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.story import MONDAY, story

# Computed by hand from the agreements; Karachi is UTC+5, Brussels UTC+1 (UTC+2 from 29 March on).
DEADLINES = [
    # Standard: 4 h and 8 h of clock time, 1 and 2 business days of Monday to Saturday.
    ("standard", "critical", "2026-03-09T05:00", "2026-03-09T09:00"),
    ("standard", "critical", "2026-03-14T17:00", "2026-03-16T07:00"),
    ("standard", "high", "2026-03-09T11:00", "2026-03-09T19:00"),
    ("standard", "medium", "2026-03-13T05:00", "2026-03-14T05:00"),
    ("standard", "low", "2026-08-12T07:00", "2026-08-15T07:00"),
    # Priority: 2 h round the clock on weekdays, 4 h at weekends; then 4 h, 8 h, 1 business day.
    ("priority", "critical", "2026-03-13T18:59", "2026-03-13T20:59"),
    ("priority", "critical", "2026-03-13T19:00", "2026-03-13T23:00"),
    ("priority", "high", "2026-03-10T22:00", "2026-03-11T07:00"),
    ("priority", "medium", "2026-03-11T10:00", "2026-03-11T18:00"),
    ("priority", "low", "2026-03-13T07:00", "2026-03-14T07:00"),
    # Enterprise: 2 h on all days, public holidays included.
    ("enterprise", "critical", "2026-12-24T20:00", "2026-12-24T22:00"),
    ("enterprise", "high", "2026-03-14T23:00", "2026-03-16T07:00"),
    ("enterprise", "medium", "2026-03-09T07:00", "2026-03-09T15:00"),
    ("enterprise", "low", "2026-03-13T07:00", "2026-03-14T07:00"),
    # Ecotone P1: by the close (17:00) of the next business day.
    ("ecotone/support-agreement", "p1", "2026-03-27T15:00", "2026-03-30T15:00"),
    ("ecotone/support-agreement", "p1", "2026-12-24T10:00", "2026-12-28T16:00"),
]
WITHOUT_CLOCK = [
    ("p2", "Prioritised handling"),
    ("p3", "Scheduled into a release"),
    ("p4", "Handled as capacity allows"),
]
CRITICAL_DUE = MONDAY + timedelta(hours=4)


def utc(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


@pytest.mark.parametrize(("plan", "severity", "opened", "due"), DEADLINES)
async def test_the_client_card_shows_the_deadline_of_the_plan(
    tmp_path: Path, plan: str, severity: str, opened: str, due: str
) -> None:
    async with story(tmp_path, utc(opened)) as tale, tale.running():
        channel, ann = await tale.add_client(plan=plan)
        ts = await tale.says(ann, channel, "It does not work")

        card = tale.client_card(channel, ts)
        await tale.presses(ann, card, f"client_severity:{severity}")

        promised = f"First response by <!date^{int(utc(due).timestamp())}^"
        assert promised in tale.client_card(channel, ts).plain()
        assert (await tale.tickets())["ACME-1"]["due_at"] == f"{due}:00Z"


async def test_ecotone_tickets_from_p2_down_have_no_clock_and_no_breach(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client(plan="support-agreement")
        for number, (severity, words) in enumerate(WITHOUT_CLOCK):
            await tale.forward(minutes=10)
            ts = await tale.says(ann, channel, f"Request {number}")
            await tale.presses(ann, tale.client_card(channel, ts), f"client_severity:{severity}")

            card = tale.client_card(channel, ts).plain()
            assert f"Your plan promises: {words}." in card
            assert "First response by" not in card

        await tale.forward(days=60)

        tickets = await tale.tickets()
        assert len(tickets) == len(WITHOUT_CLOCK)
        assert all(ticket["due_at"] is None for ticket in tickets.values())
        assert not any(ticket["breached"] for ticket in tickets.values())
        assert not any(tale.pings_in_triage(key) for key in tickets)
        assert not any("missed" in text for text in tale.said_to_managers())


async def test_an_untriaged_ecotone_ticket_gets_a_warning_and_no_breach(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client(plan="support-agreement")
        await tale.says(ann, channel, "Which version is supported?")

        await tale.forward(days=60)

        assert (await tale.tickets())["ACME-1"]["breached"] is False
        warning = tale.pings_in_triage("ACME-1")[-1]
        assert "(Acme, no severity yet) is late if it is P1" in warning
        assert not any("missed" in text for text in tale.said_to_managers())


@pytest.mark.parametrize(
    ("seconds", "breached"),
    [
        pytest.param(-1, False, id="one second before it is due"),
        pytest.param(0, False, id="at the very second"),
        pytest.param(1, True, id="one second late"),
    ],
)
async def test_an_answer_is_in_time_up_to_the_second_of_the_deadline(
    tmp_path: Path, seconds: int, breached: bool
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Our server is down")
        await tale.presses(ann, tale.client_card(channel, ts), "client_severity:critical")

        answered_at = CRITICAL_DUE + timedelta(seconds=seconds)
        tale.clock.set(answered_at)
        await tale.says(tale.dana, channel, "We are on it", thread_ts=ts)
        await tale.forward(days=2)

        ticket = (await tale.tickets())["ACME-1"]
        assert datetime.fromisoformat(ticket["first_response_at"]) == answered_at
        assert ticket["breached"] is breached


async def test_only_a_message_of_staff_is_a_first_response(tmp_path: Path) -> None:
    """ "Never the bot's own card, an automatic text, a reaction, an assignment"."""
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        bystander = tale.sandbox.add_user("Zed")
        tale.sandbox.join(bystander, channel)
        ts = await tale.says(ann, channel, "Our server is down")

        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "take")
        await tale.sandbox.react(tale.dana, channel, ts, "eyes")
        await tale.says(bystander, channel, "I have seen this too", thread_ts=ts)
        await tale.says(ann, channel, "Any news?", thread_ts=ts)
        triage = tale.triage_card("ACME-1")
        await tale.says(tale.dana, tale.triage, "Who knows this server?", thread_ts=triage.ts)

        assert (await tale.tickets())["ACME-1"]["first_response_at"] is None
