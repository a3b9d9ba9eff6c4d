"""Resolving and reopening a ticket."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.actor import ClientPerson
from bot.domain.ids import UserId
from bot.domain.ticket import TicketState
from bot.domain.ticket_events import Change, Reopened
from bot.sandbox import Fault
from tests.story import MONDAY, Story, story


async def resolved(tale: Story) -> tuple[str, str, str]:
    """Resolve ACME-1; return the channel, the `ts` of the post and its author."""
    channel, ann = await tale.add_client()
    ts = await tale.says(ann, channel, "Our server is down")
    await tale.forward(minutes=10)
    await tale.presses(tale.dana, tale.triage_card("ACME-1"), "resolve")
    assert await tale.fills_in(tale.dana, words="Restarted it", severity="high") == {}
    return channel, ts, ann


async def state(tale: Story) -> str:
    return str((await tale.tickets())["ACME-1"]["state"])


async def test_resolving_an_untriaged_ticket_asks_for_its_severity(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Our server is down")
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "resolve")
        [dialog] = tale.sandbox.views_open(tale.dana)
        assert "Severity" in dialog.plain()

        card = tale.triage_card("ACME-1")
        await tale.presses(tale.eli, card, "triage_severity", "ACME-1:low")
        await tale.presses(tale.eli, tale.triage_card("ACME-1"), "resolve")
        [known] = tale.sandbox.views_open(tale.eli)

        assert "Severity" not in known.plain()
        assert await state(tale) == "open"
        assert len(tale.thread(channel, ts)) == 1


async def test_an_empty_resolution_is_refused_and_changes_no_severity(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Our server is down")
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "resolve")

        refused = await tale.fills_in(tale.dana, words=" ", severity="high")

        assert refused == {"words": "Say in a few words what was done: the client reads it."}
        ticket = (await tale.tickets())["ACME-1"]
        assert (ticket["state"], ticket["severity"]) == ("open", None)


async def test_the_client_reads_what_was_done_and_can_say_that_it_is_not_solved(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await resolved(tale)
        assert await state(tale) == "resolved"
        note = tale.thread(channel, ts)[-1]
        assert "*ACME-1* is resolved." in note.plain()
        assert "Restarted it" in note.plain()

        await tale.presses(ann, note, "not_solved")

        assert await state(tale) == "open"
        assert "We have your request as *ACME-1*" in tale.client_card(channel, ts).plain()
        reopened = (await tale.history("ACME-1"))[-1]
        assert isinstance(reopened.event, Reopened)
        assert reopened.actor == ClientPerson(UserId(ann))
        assert reopened.event.changes.state == Change(TicketState.RESOLVED, TicketState.OPEN)


async def test_a_second_press_of_not_solved_is_answered_in_private(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await resolved(tale)
        note = tale.thread(channel, ts)[-1]
        await tale.presses(ann, note, "not_solved")

        await tale.presses(ann, note, "not_solved")

        assert tale.whispers(ann) == ["ACME-1 is open already."]


@pytest.mark.thorough
async def test_a_resolution_can_be_the_first_response(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        await resolved(tale)

        assert (await tale.tickets())["ACME-1"]["first_response_at"].startswith(
            "2026-03-09T05:10:00"
        )
        await tale.forward(days=3)
        assert (await tale.tickets())["ACME-1"]["breached"] is False
        assert tale.pings_in_triage("ACME-1") == []


@pytest.mark.thorough
async def test_a_resolved_ticket_sends_no_ping_while_its_resolution_is_unsent(
    tmp_path: Path,
) -> None:
    """The severity chosen in the dialog is due a quarter of an hour later."""
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client(plan="enterprise")
        await tale.says(ann, channel, "Our server is down")
        await tale.at(MONDAY + timedelta(hours=2, minutes=30))
        await tale.at(MONDAY + timedelta(hours=3, minutes=45))
        before = tale.pings_in_triage("ACME-1")
        tale.sandbox.faults.add(
            "chat.postMessage",
            Fault.RATE_LIMITED(30),
            times=None,
            when=lambda to: to["channel"] == channel,
        )

        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "resolve")
        view = tale.sandbox.views_open(tale.dana)[-1]
        await tale.sandbox.submit(tale.dana, view, {"words": "Restarted", "severity": "high"})
        fired = "SELECT 1 FROM timers WHERE step = '75%' AND fired_at IS NOT NULL"
        await tale.waits_for(f"{fired} GROUP BY step HAVING COUNT(*) = 2")
        tale.sandbox.faults.clear()
        await tale.recovers()

        assert (await tale.tickets())["ACME-1"]["first_response_at"].startswith("2026-03-09T08:45")
        assert tale.pings_in_triage("ACME-1") == before


@pytest.mark.thorough
async def test_a_message_in_the_thread_reopens_the_ticket_but_thanks_do_not(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await resolved(tale)

        for thanks in ("Thanks!", "Thank you so much :pray:", "🎉"):
            await tale.says(ann, channel, thanks, thread_ts=ts)
            assert await state(tale) == "resolved"

        await tale.says(ann, channel, "It is down again", thread_ts=ts)
        assert await state(tale) == "open"
        assert list(await tale.tickets()) == ["ACME-1"]


@pytest.mark.thorough
async def test_reopening_starts_no_second_first_response(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await resolved(tale)

        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "reopen")
        await tale.forward(days=5)

        ticket = (await tale.tickets())["ACME-1"]
        assert ticket["state"] == "open"
        assert ticket["first_response_at"].startswith("2026-03-09T05:10:00")
        assert ticket["breached"] is False
        assert tale.pings_in_triage("ACME-1") == []


@pytest.mark.thorough
async def test_a_late_resolution_keeps_the_breach_on_the_card(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Our server is down")
        await tale.presses(ann, tale.client_card(channel, ts), "client_severity:critical")
        await tale.at(MONDAY + timedelta(hours=5))

        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "resolve")
        await tale.fills_in(tale.dana, words="Restarted it")

        ticket = (await tale.tickets())["ACME-1"]
        assert (ticket["state"], ticket["breached"]) == ("resolved", True)
        assert "Late since" in tale.triage_card("ACME-1").plain()


@pytest.mark.thorough
async def test_a_second_resolution_is_refused_and_not_posted(tmp_path: Path) -> None:
    """Two engineers have the dialog open at the same time."""
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Our server is down")
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "resolve")
        await tale.presses(tale.eli, tale.triage_card("ACME-1"), "resolve")
        await tale.fills_in(tale.dana, words="Restarted it", severity="high")

        refused = await tale.fills_in(tale.eli, words="Restarted it too", severity="high")

        assert list(refused) == ["words"]
        assert refused["words"].startswith("ACME-1 is resolved")
        notes = [message for message in tale.thread(channel, ts) if "Restarted" in message.plain()]
        assert len([note for note in notes if "press the button" in note.plain()]) == 1
