"""Merging tickets: the merged ticket continues as part of the other."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.ticket_events import Joined, Merged, Opened
from bot.sandbox import DeliveryFault
from tests import ids
from tests.story import MONDAY, Story, story


class Two:
    """Two tickets of Ann's, opened ten minutes apart."""

    def __init__(self, tale: Story) -> None:
        self.tale = tale

    async def ask(self) -> None:
        tale = self.tale
        self.channel, self.ann = await tale.add_client()
        self.first = await tale.says(self.ann, self.channel, "Our server is down")
        await tale.forward(minutes=10)
        self.second = await tale.says(self.ann, self.channel, "The shop is down, too")

    async def merge(self, key: str = "ACME-2", into: str = "ACME-1") -> dict[str, str]:
        tale = self.tale
        await tale.presses(tale.dana, tale.triage_card(key), ids.MERGE)
        return await tale.fills_in(tale.dana, **{ids.INTO: into})

    def in_thread(self, ts: str) -> list[str]:
        return [message.plain() for message in self.tale.thread(self.channel, ts)]

    async def ticket(self, key: str) -> dict[str, Any]:
        return (await self.tale.tickets())[key]


async def test_a_merged_ticket_continues_in_the_other_and_does_not_count(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        two = Two(tale)
        await two.ask()
        await tale.forward(minutes=10)
        third = await tale.says(two.ann, two.channel, "And the printer")

        assert await two.merge() == {}

        goes_on = "*ACME-2* goes on as part of *ACME-1*: what you write here is read there, too."
        card, note = two.in_thread(two.second)
        assert goes_on in card
        assert goes_on in note
        assert "Withdraw" not in card
        assert "*Merged into ACME-1*" in tale.triage_card("ACME-2").plain()
        [notice] = tale.pings_in_triage("ACME-1")
        assert "has merged *ACME-2* into this ticket" in notice
        assert ">The shop is down, too" in notice
        merged = await two.ticket("ACME-2")
        assert (merged["state"], merged["counted"]) == ("merged", False)
        assert "Ticket 2 of 20" in two.in_thread(third)[0]
        await tale.at(MONDAY + timedelta(days=2))
        assert tale.pings_in_triage("ACME-2") == []  # its clock has stopped
        assert len(tale.pings_in_triage("ACME-1")) > 1


async def test_a_merge_is_in_the_history_of_both_tickets(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        two = Two(tale)
        await two.ask()
        await two.merge()
        kinds = [type(event.event) for event in await tale.history("ACME-2")]
        assert kinds == [Opened, Merged]
        assert [type(event.event) for event in await tale.history("ACME-1")] == [Opened, Joined]


async def test_messages_in_the_thread_of_a_merged_ticket_belong_to_the_other(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        two = Two(tale)
        await two.ask()
        await two.merge()
        await tale.forward(minutes=1)

        await tale.says(two.ann, two.channel, "It is the database", thread_ts=two.second)
        assert ">It is the database" in tale.pings_in_triage("ACME-1")[-1]
        await tale.says(tale.dana, two.channel, "We are on it", thread_ts=two.second)

        assert (await two.ticket("ACME-1"))["first_response_at"] is not None
        assert (await two.ticket("ACME-2"))["first_response_at"] is None


async def test_a_resolution_is_posted_in_both_threads_and_either_reopens(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        two = Two(tale)
        await two.ask()
        await two.merge()
        await tale.asks(tale.dana, "severity ACME-1 high")
        await tale.asks(tale.dana, "resolve ACME-1 A new disk")
        for ts in (two.first, two.second):
            assert "*ACME-1* is resolved." in two.in_thread(ts)[-1]
            assert "A new disk" in two.in_thread(ts)[-1]

        await tale.forward(minutes=1)
        await tale.says(two.ann, two.channel, "It is down again", thread_ts=two.second)
        assert (await two.ticket("ACME-1"))["state"] == "open"
        assert "*ACME-1* is open again" in two.in_thread(two.second)[-1]


async def test_a_merge_into_a_ticket_with_a_later_deadline_is_refused(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        two = Two(tale)
        await two.ask()
        refused = await two.merge("ACME-1", "ACME-2")
        assert "ACME-1 is due sooner than ACME-2" in refused[ids.INTO]
        assert "answer it first, or merge the other way round" in refused[ids.INTO]

        await tale.says(tale.dana, two.channel, "We are on it", thread_ts=two.second)
        answer = await tale.asks(tale.dana, "merge ACME-1 ACME-2")  # ACME-2 is answered
        assert "is due sooner" in answer

        await tale.says(tale.dana, two.channel, "And on this", thread_ts=two.first)
        assert await tale.asks(tale.dana, "merge acme-1 into acme-2") == (
            "ACME-1 goes on as part of ACME-2."
        )


@pytest.mark.parametrize(
    ("words", "because"),
    [
        ("ACME-2 GLOBEX-1", "goes into a ticket of the same client: choose one of ACME."),
        ("ACME-2 GLOBEX-77", "goes into a ticket of the same client: choose one of ACME."),
        ("ACME-2 ACME-2", "ACME-2 is that ticket: choose another"),
        ("ACME-2 ACME-77", "There is no ticket ACME-77 here"),
        ("ACME-2", "Say which ticket it goes into"),
    ],
)
async def test_an_invalid_merge_is_refused(tmp_path: Path, words: str, because: str) -> None:
    async with story(tmp_path) as tale, tale.running():
        two = Two(tale)
        await two.ask()
        channel, ben = await tale.add_client("Globex")
        await tale.says(ben, channel, "It is down")
        assert because in await tale.asks(tale.dana, f"merge {words}")
        assert (await two.ticket("ACME-2"))["state"] == "open"


@pytest.mark.thorough
async def test_merge_without_another_ticket_opens_no_dialog(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "It is down")
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.MERGE)
        assert tale.whispers(tale.dana) == ["Acme has no other open ticket to merge it into."]
        assert tale.sandbox.views_open(tale.dana) == []


@pytest.mark.thorough
@pytest.mark.parametrize("late", [False, True])
async def test_undoing_a_merge_restores_the_clock(tmp_path: Path, late: bool) -> None:
    async with story(tmp_path) as tale, tale.running():
        two = Two(tale)
        await two.ask()
        for key in ("ACME-1", "ACME-2"):
            await tale.asks(tale.dana, f"severity {key} critical")
        before = await two.ticket("ACME-2")
        await two.merge()
        await tale.forward(hours=6 if late else 1)

        await tale.presses(tale.eli, tale.triage_card("ACME-2"), ids.REOPEN)

        after = await two.ticket("ACME-2")
        assert after["due_at"] == before["due_at"] == "2026-03-09T09:10:00Z"
        assert (after["state"], after["counted"]) == ("open", True)
        assert (after["breached"], before["breached"]) == (late, False)
        assert "We have your request as *ACME-2*" in two.in_thread(two.second)[0]


@pytest.mark.thorough
async def test_a_repeated_merge_stops_the_clock_again(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        two = Two(tale)
        await two.ask()
        await two.merge()
        await tale.forward(minutes=1)
        await tale.asks(tale.dana, "reopen ACME-2")
        await tale.forward(minutes=1)
        await two.merge()
        await tale.at(MONDAY + timedelta(days=2))
        assert tale.pings_in_triage("ACME-2") == []
        await tale.says(two.ann, two.channel, "Hello?", thread_ts=two.second)
        assert ">Hello?" in tale.pings_in_triage("ACME-1")[-1]


@pytest.mark.thorough
async def test_an_answer_posted_before_the_merge_counts_for_the_merged_ticket(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        two = Two(tale)
        await two.ask()
        answered_at = MONDAY + timedelta(minutes=11)
        await tale.forward(minutes=10)
        await two.merge()

        await tale.says(tale.dana, two.channel, "On it", thread_ts=two.second, at=answered_at)

        assert (await two.ticket("ACME-1"))["first_response_at"] is None
        assert (await two.ticket("ACME-2"))["first_response_at"][:16] == "2026-03-09T05:11"


@pytest.mark.thorough
async def test_messages_follow_a_chain_of_merges(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        two = Two(tale)
        await two.ask()
        await tale.forward(minutes=10)
        third = await tale.says(two.ann, two.channel, "And the printer")
        await two.merge("ACME-3", "ACME-2")
        await two.merge("ACME-2", "ACME-1")
        await tale.forward(minutes=1)
        await tale.says(two.ann, two.channel, "Hello?", thread_ts=third)
        assert ">Hello?" in tale.pings_in_triage("ACME-1")[-1]

        await tale.asks(tale.dana, "severity ACME-1 low")
        await tale.asks(tale.dana, "resolve ACME-1 All is well")
        for ts in (two.first, two.second, third):
            assert "*ACME-1* is resolved." in two.in_thread(ts)[-1]


@pytest.mark.thorough
async def test_simultaneous_opposite_merges_leave_one_open_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        two = Two(tale)
        await two.ask()
        for ts in (two.first, two.second):
            await tale.says(tale.dana, two.channel, "On it", thread_ts=ts)
        asked = (("merge ACME-1 ACME-2", tale.dana), ("merge ACME-2 ACME-1", tale.eli))
        answers = await asyncio.gather(
            *(tale.sandbox.command(who, tale.triage, "/desk", words) for words, who in asked)
        )
        await tale.settle()
        replies = sorted(str(dict(answer.ack_payload).get("text", "")) for answer in answers)
        assert sorted(ticket["state"] for ticket in (await tale.tickets()).values()) == [
            "merged",
            "open",
        ]
        assert sum("goes on as part of" in reply for reply in replies) == 1
        assert sum("choose an open ticket" in reply or "already" in reply for reply in replies) == 1


@pytest.mark.thorough
async def test_messages_in_a_merged_thread_during_downtime_are_recovered(tmp_path: Path) -> None:
    async with story(tmp_path) as tale:
        async with tale.running():
            two = Two(tale)
            await two.ask()
            await two.merge()
        tale.clock.advance(timedelta(days=9))
        async with tale.running():
            pass
        tale.clock.advance(timedelta(minutes=5))
        tale.sandbox.deliveries.add(DeliveryFault.LOSE, of="message")
        await tale.sandbox.post(two.ann, two.channel, "Hello?", thread_ts=two.second)
        async with tale.running():
            await tale.settle()
            assert ">Hello?" in tale.pings_in_triage("ACME-1")[-1]


@pytest.mark.thorough
async def test_thanks_edited_into_a_request_after_a_merge_reach_the_open_ticket(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        two = Two(tale)
        await two.ask()
        thanks = await tale.says(two.ann, two.channel, "Thanks!", thread_ts=two.second)
        await tale.forward(minutes=10)
        await two.merge()
        await tale.forward(minutes=1)
        await tale.sandbox.edit(two.ann, two.channel, thanks, "Thanks! When will it work?")
        await tale.settle()
        first, second = await two.ticket("ACME-1"), await two.ticket("ACME-2")
        assert (first["state"], second["state"]) == ("open", "merged")
        assert first["opened_at"] == "2026-03-09T05:00:00Z"
        assert ">Thanks! When will it work?" in tale.pings_in_triage("ACME-1")[-1]
