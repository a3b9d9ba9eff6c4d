"""Clients withdraw tickets, staff dismiss them, and both can be reopened."""

from copy import deepcopy
from datetime import timedelta
from pathlib import Path

import pytest

from tests import ids
from tests.story import MONDAY, Story, story

DUE = MONDAY + timedelta(hours=4)  # the target of Standard for Critical, its earliest


async def asked(tale: Story, name: str = "Acme") -> tuple[str, str, str]:
    channel, ann = await tale.add_client(name)
    return channel, await tale.says(ann, channel, "Our server is down"), ann


async def withdraw(tale: Story, user: str, channel: str, ts: str) -> None:
    await tale.presses(user, tale.client_card(channel, ts), ids.WITHDRAW)


async def dismiss(tale: Story, user: str, key: str = "ACME-1") -> None:
    choice = ids.more_choice(key, ids.DISMISS)
    await tale.presses(user, tale.triage_card(key), ids.MORE, choice)


async def standing(tale: Story) -> tuple[str, bool, bool]:
    """Return the state of ACME-1, whether it counts and whether it is breached."""
    ticket = (await tale.tickets())["ACME-1"]
    return ticket["state"], ticket["counted"], ticket["breached"]


def card(tale: Story, channel: str, ts: str) -> str:
    return tale.thread(channel, ts)[0].plain()


async def test_a_ticket_withdrawn_before_the_answer_does_not_count_or_ping(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)
        await tale.forward(minutes=30)

        await withdraw(tale, ann, channel, ts)
        await tale.at(DUE + timedelta(days=9))

        assert await standing(tale) == ("withdrawn", False, False)
        assert "*ACME-1* is withdrawn" in card(tale, channel, ts)
        assert "*Withdrawn by the client*" in tale.triage_card("ACME-1").plain()
        assert tale.pings_in_triage("ACME-1") == []


async def test_a_ticket_withdrawn_after_the_answer_counts(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)
        await tale.says(tale.dana, channel, "We are on it", thread_ts=ts)

        await withdraw(tale, ann, channel, ts)

        ticket = (await tale.tickets())["ACME-1"]
        assert (ticket["state"], ticket["counted"]) == ("withdrawn", True)
        assert "Ticket 1 of 20 this month" in card(tale, channel, ts)


@pytest.mark.thorough
async def test_an_answer_before_the_withdrawal_that_reaches_us_after_it_makes_it_count(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)
        await tale.forward(minutes=30)
        await withdraw(tale, ann, channel, ts)

        at = MONDAY + timedelta(minutes=29)
        await tale.says(tale.dana, channel, "We are on it", thread_ts=ts, at=at)

        assert (await tale.tickets())["ACME-1"]["counted"] is True
        assert "Ticket 1 of 20 this month" in card(tale, channel, ts)


@pytest.mark.thorough
async def test_a_breach_before_the_withdrawal_remains(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)
        triage = tale.triage_card("ACME-1")
        await tale.presses(tale.dana, triage, ids.TRIAGE_SEVERITY, "ACME-1:critical")
        await tale.at(DUE + timedelta(minutes=1))

        await withdraw(tale, ann, channel, ts)

        assert (await tale.tickets())["ACME-1"]["breached"] is True


@pytest.mark.thorough
async def test_a_withdrawal_and_its_reversal_renumber_later_cards(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)
        await tale.forward(minutes=10)
        later = await tale.says(ann, channel, "And our printer")
        assert "Ticket 2 of 20" in card(tale, channel, later)

        await withdraw(tale, ann, channel, ts)
        assert "Ticket 1 of 20" in card(tale, channel, later)

        await tale.presses(ann, tale.thread(channel, ts)[0], ids.NOT_SOLVED)
        assert "Ticket 2 of 20" in card(tale, channel, later)


@pytest.mark.thorough
@pytest.mark.parametrize("by", ["the button", "a message", "staff"])
async def test_reopening_a_withdrawn_ticket_starts_a_new_first_response(
    tmp_path: Path, by: str
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)
        await tale.forward(minutes=30)
        await withdraw(tale, ann, channel, ts)
        await tale.forward(minutes=30)

        if by == "the button":
            await tale.presses(ann, tale.thread(channel, ts)[0], ids.NOT_SOLVED)
        elif by == "a message":
            await tale.says(ann, channel, "It is down again", thread_ts=ts)
        else:
            await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.REOPEN)

        ticket = (await tale.tickets())["ACME-1"]
        assert (ticket["state"], ticket["counted"]) == ("open", True)
        assert ticket["due_at"] == "2026-03-09T10:00:00Z"  # four hours from 06:00
        await tale.at(DUE + timedelta(hours=1))
        assert "is late if it is Critical" in tale.pings_in_triage("ACME-1")[-1]


@pytest.mark.thorough
async def test_staff_can_dismiss_a_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, _ = await asked(tale)

        await dismiss(tale, tale.dana)
        await tale.at(DUE + timedelta(days=9))

        assert await standing(tale) == ("dismissed", False, False)
        assert "was taken for a request by mistake" in card(tale, channel, ts)
        assert "*Not a ticket*, said staff" in tale.triage_card("ACME-1").plain()


@pytest.mark.thorough
async def test_an_answered_ticket_cannot_be_dismissed(tmp_path: Path) -> None:
    """The current menu lacks the choice, but an outdated card still has it."""
    async with story(tmp_path) as tale, tale.running():
        channel, ts, _ = await asked(tale)
        old = deepcopy(tale.triage_card("ACME-1"))
        await tale.says(tale.eli, channel, "We are on it", thread_ts=ts)
        offered = tale.triage_card("ACME-1").blocks[-1]["elements"][-1]["options"]
        assert [option["text"]["text"] for option in offered][-1] != "Not a ticket"

        choice = ids.more_choice("ACME-1", ids.DISMISS)
        await tale.presses_on_screen(tale.dana, old, ids.MORE, choice)

        [whisper] = tale.whispers(tale.dana)
        assert whisper == "ACME-1 has been answered, so it is a ticket: resolve it instead."
        assert (await tale.tickets())["ACME-1"]["state"] == "open"


@pytest.mark.thorough
async def test_clients_can_withdraw_only_their_own_tickets(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)

        await withdraw(tale, tale.dana, channel, ts)
        [whisper] = tale.whispers(tale.dana)
        assert "Only the client withdraws ACME-1" in whisper

        await withdraw(tale, ann, channel, ts)
        assert tale.whispers(ann) == []
        assert (await tale.tickets())["ACME-1"]["state"] == "withdrawn"


@pytest.mark.thorough
async def test_a_withdrawn_ticket_cannot_be_withdrawn_again(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)
        old = deepcopy(tale.client_card(channel, ts))
        await dismiss(tale, tale.dana)

        await tale.presses_on_screen(ann, old, ids.WITHDRAW)

        assert tale.whispers(ann) == ["ACME-1 is dismissed already."]
