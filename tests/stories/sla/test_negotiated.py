"""A negotiated plan that also has targets for next response, update and resolution."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.sla.clocks.clock_events import clock_events_of
from bot.domain.sla.clocks.sla_clock import clocks_of
from tests.story import MONDAY, Story, story

CATALOG = Path(__file__).with_name("negotiated.toml")
NINE = datetime(2026, 3, 9, 9, tzinfo=UTC)  # a Monday; the office is open from 8 to 18


@asynccontextmanager
async def gold(directory: Path) -> AsyncIterator[tuple[Story, str, str, str]]:
    """Open a ticket of high severity on Monday at 9:00; yield its channel, person and message."""
    async with story(directory, NINE) as tale, tale.running(deskbell_catalog=(str(CATALOG),)):
        channel, ann = await tale.add_client(plan="gold")
        ts = await tale.says(ann, channel, "Our server is down")
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "triage_severity", "ACME-1:high")
        yield tale, channel, ann, ts
        await clocks_match_the_history(tale)


async def clocks_match_the_history(tale: Story) -> None:
    assert tale.bot is not None
    async with tale.bot.runtime.read() as desk:
        for ticket in await desk.work.tickets.all():
            plan = await desk.plan_of(ticket)
            history = await desk.work.history.of(ticket.id)
            computed = {
                clock.name: clock for clock in clocks_of(plan, clock_events_of(ticket, history))
            }
            stored = {row.clock.name: row.clock for row in await desk.work.clocks.of(ticket.id)}
            assert stored.keys() == computed.keys()
            for name, clock in stored.items():
                assert clock.deadline == replace(computed[name].deadline, why=())
                assert clock.paused == computed[name].paused
                assert clock.span.stops_at == computed[name].span.stops_at


def monday(hour: int, minute: int = 0) -> datetime:
    return NINE.replace(hour=hour, minute=minute)


async def test_a_question_after_the_answer_starts_a_next_response_clock(tmp_path: Path) -> None:
    async with gold(tmp_path) as (tale, channel, ann, ts):
        await tale.at(monday(9, 30))
        await tale.says(tale.dana, channel, "Which one?", thread_ts=ts)
        await tale.at(monday(10))
        await tale.says(ann, channel, "The first one. What now?", thread_ts=ts)
        assert (
            "Next response by <!date^1773057600^" in tale.client_card(channel, ts).plain()
        )  # 12:00

        await tale.at(monday(11, 29))
        [_] = tale.pings_in_triage("ACME-1")  # what the client wrote
        await tale.at(monday(11, 31))
        [_, warning] = tale.pings_in_triage("ACME-1")
        assert "*ACME-1* (Acme, High): the next response is due in 29 min" in warning
        await tale.at(monday(12))
        [breach] = tale.said_to_managers()
        assert "*ACME-1* (Acme, High) missed its next response" in breach

        await tale.says(tale.dana, channel, "Restart it", thread_ts=ts)
        ticket = (await tale.tickets())["ACME-1"]
        assert ticket["breached"] is False  # the first response was in time
        assert "Next response" not in tale.client_card(channel, ts).plain()


@pytest.mark.thorough
async def test_a_timely_next_response_is_no_breach(tmp_path: Path) -> None:
    async with gold(tmp_path) as (tale, channel, ann, ts):
        await tale.at(monday(9, 30))
        await tale.says(tale.dana, channel, "Which one?", thread_ts=ts)
        await tale.at(monday(10))
        await tale.says(ann, channel, "The first one. What now?", thread_ts=ts)
        await tale.says(ann, channel, "Thanks", thread_ts=ts)  # asks for nothing
        await tale.at(monday(11, 59))
        await tale.says(tale.dana, channel, "Restart it", thread_ts=ts)
        await tale.at(monday(13))
        assert tale.said_to_managers() == []


@pytest.mark.thorough
async def test_waiting_on_the_client_pauses_the_resolution_clock(tmp_path: Path) -> None:
    async with gold(tmp_path) as (tale, channel, ann, ts):
        await tale.at(monday(9, 30))
        await tale.says(tale.dana, channel, "Which one?", thread_ts=ts)
        assert "Resolution: due <!date^1773075600^" in tale.triage_card("ACME-1").plain()  # 17:00

        await tale.at(monday(10))
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "more", "ACME-1:wait")
        card = tale.triage_card("ACME-1").plain()
        assert "Waiting on the client since" in card
        assert "Resolution: paused while the client is waited for" in card
        assert "State: waiting for your answer" in tale.client_card(channel, ts).plain()

        tuesday = monday(9).replace(day=10)
        await tale.at(tuesday)
        assert not any("missed" in text for text in tale.said_to_managers())
        await tale.says(ann, channel, "The first one", thread_ts=ts)
        # Seven covered hours are left after the pause: 9:00 to 16:00 on Tuesday.
        assert "Resolution: due <!date^1773158400^" in tale.triage_card("ACME-1").plain()
        assert "Waiting on the client" not in tale.triage_card("ACME-1").plain().split("Wait")[0]


@pytest.mark.thorough
async def test_thanks_do_not_end_waiting_on_the_client(tmp_path: Path) -> None:
    async with gold(tmp_path) as (tale, channel, ann, ts):
        await tale.says(tale.dana, channel, "Which one?", thread_ts=ts)
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "more", "ACME-1:wait")
        await tale.forward(minutes=5)
        await tale.says(ann, channel, "Thank you!", thread_ts=ts)
        assert "Waiting on the client since" in tale.triage_card("ACME-1").plain()
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "more", "ACME-1:go_on")
        assert "Waiting on the client since" not in tale.triage_card("ACME-1").plain()


@pytest.mark.thorough
async def test_each_message_of_staff_starts_a_new_update_clock(tmp_path: Path) -> None:
    async with gold(tmp_path) as (tale, channel, _, ts):
        await tale.at(monday(9, 30))
        await tale.says(tale.dana, channel, "We are on it", thread_ts=ts)
        assert "Update: due <!date^1773063000^" in tale.triage_card("ACME-1").plain()  # 13:30
        await tale.at(monday(12))
        await tale.says(tale.dana, channel, "Half way", thread_ts=ts)
        assert "Update: due <!date^1773072000^" in tale.triage_card("ACME-1").plain()  # 16:00
        await tale.at(monday(16))
        assert any("missed its update" in text for text in tale.said_to_managers())


@pytest.mark.thorough
async def test_reopening_starts_a_next_response_clock_and_no_first_response_clock(
    tmp_path: Path,
) -> None:
    async with gold(tmp_path) as (tale, channel, ann, ts):
        await tale.at(monday(9, 30))
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "resolve")
        await tale.fills_in(tale.dana, words="Restarted it")
        assert "Resolution" not in tale.triage_card("ACME-1").plain().split("What was done")[0]
        await tale.at(monday(11))
        await tale.presses(ann, tale.thread(channel, ts)[0], "not_solved")
        card = tale.triage_card("ACME-1").plain()
        assert "Next response: due <!date^1773061200^" in card  # 13:00
        assert "Answered in time" in card
        # It was resolved from 9:30 to 11:00, so the eight covered hours end on Tuesday.
        assert "Resolution: due <!date^1773131400^" in card


@pytest.mark.thorough
async def test_a_severity_from_now_on_restarts_the_clock(tmp_path: Path) -> None:
    async with gold(tmp_path) as (tale, _, _, _):
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "triage_severity", "ACME-1:low")
        await tale.at(monday(11))
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "more", "ACME-1:severity_anew")
        assert await tale.fills_in(tale.dana, severity="high", since="now") == {}

        ticket = (await tale.tickets())["ACME-1"]
        assert (ticket["severity"], ticket["due_at"]) == ("high", "2026-03-09T12:00:00Z")
        assert ticket["breached"] is False
        why = await tale.asks(tale.dana, "why acme-1")
        assert "Counted from Mon 9 Mar 2026, 11:00 in UTC." in why


@pytest.mark.thorough
async def test_a_severity_from_the_start_can_be_a_breach_at_once(tmp_path: Path) -> None:
    async with gold(tmp_path) as (tale, _, _, _):
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "triage_severity", "ACME-1:low")
        await tale.at(monday(11))
        answer = await tale.asks(tale.dana, "severity ACME-1 high")
        assert answer == "ACME-1 is high from the start."
        ticket = (await tale.tickets())["ACME-1"]
        assert (ticket["breached"], ticket["due_at"]) == (True, "2026-03-09T10:00:00Z")
        assert len(tale.said_to_managers()) == 1


@pytest.mark.thorough
async def test_the_dialog_and_the_command_give_the_same_explanation(tmp_path: Path) -> None:
    async with gold(tmp_path) as (tale, channel, _, ts):
        await tale.says(tale.dana, channel, "We are on it", thread_ts=ts)
        answer = await tale.asks(tale.dana, "why ACME-1")
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "more", "ACME-1:why")
        view = tale.sandbox.views_open(tale.dana)[-1]
        shown = "\n".join(block["text"]["text"] for block in view.blocks)
        assert shown == answer
        assert "*First response*" in answer
        assert "*Resolution*" in answer
        assert "Gold, High: resolution within 8 hours of covered time" in answer
        assert "*ACME-1* is kept to Gold of negotiated (version 1), agreed on" in answer


@pytest.mark.thorough
async def test_refusals_of_the_desk_command_are_sentences(tmp_path: Path) -> None:
    async with gold(tmp_path) as (tale, _, _, _):
        for words, sentence in {
            "why": "Name the ticket, as in */desk why ACME-1*.",
            "why OTHER-9": "There is no ticket OTHER-9 here: check the key on its card.",
            "severity ACME-1": "Say how severe, as in */desk severity ACME-1 high*, or *high now*.",
            "severity ACME-1 awful": "Gold has no severity “awful”: choose high, low.",
            "go-on ACME-1": "ACME-1 does not wait on the client.",
        }.items():
            assert await tale.asks(tale.dana, words) == sentence
        assert await tale.asks(tale.dana, "wait ACME-1") == "ACME-1 waits on the client."
        again = await tale.asks(tale.dana, "wait ACME-1")
        assert again == "ACME-1 waits on the client already."
        assert await tale.asks(tale.dana, "go-on acme-1") == "ACME-1 waits no longer."


@pytest.mark.thorough
async def test_only_staff_may_use_the_clock_commands(tmp_path: Path) -> None:
    async with story(tmp_path, MONDAY) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Our server is down")
        stranger = tale.sandbox.add_user("Guest")
        tale.sandbox.join(stranger, tale.triage)
        for words in ("why ACME-1", "wait ACME-1", "severity ACME-1 low", "help"):
            assert "for the support team" in await tale.asks(stranger, words)
        await tale.presses(stranger, tale.triage_card("ACME-1"), "more", "ACME-1:wait")
        assert "for the support team" in tale.whispers(stranger)[-1]
        assert "Waiting on the client since" not in tale.triage_card("ACME-1").plain()


@pytest.mark.thorough
async def test_several_breaches_during_downtime_are_one_ping_per_reader(
    tmp_path: Path,
) -> None:
    """Managers get a single message too, with a line for each breach."""
    async with story(tmp_path, NINE) as tale:
        async with tale.running(deskbell_catalog=(str(CATALOG),)):
            channel, ann = await tale.add_client(plan="gold")
            ts = await tale.says(ann, channel, "Our server is down")
            card = tale.triage_card("ACME-1")
            await tale.presses(tale.dana, card, "triage_severity", "ACME-1:high")
            await tale.says(tale.dana, channel, "Which one?", thread_ts=ts)
            await tale.says(ann, channel, "The first one. What now?", thread_ts=ts)
        tale.clock.set(NINE + timedelta(days=20))
        async with tale.running(deskbell_catalog=(str(CATALOG),)):
            await tale.settle()

            [_, in_triage], [direct_message] = (
                tale.pings_in_triage("ACME-1"),
                tale.pings_to(tale.dana),
            )
            for ping in (in_triage, direct_message):
                assert ": the next response is late." in ping
                assert ": the update is late." in ping
                assert ": the resolution is late." in ping
            to_managers = [message.text for message in tale.sandbox.messages(tale.managers)]
            [breaches] = [
                message for message in to_managers if message.startswith("3 promises were missed.")
            ]
            assert breaches.count(" missed its ") == 3
