"""Taking, taking over and assigning a ticket, and notes about it."""

import asyncio
from copy import deepcopy
from pathlib import Path

import pytest

from bot.domain.actor import Staff
from bot.domain.ids import UserId
from bot.domain.ticket_events import Noted, Taken
from tests import ids
from tests.story import Story, story


async def asked(tale: Story) -> tuple[str, str, str]:
    channel, ann = await tale.add_client()
    return channel, await tale.says(ann, channel, "Our server is down"), ann


def direct_texts(tale: Story, user: str) -> list[str]:
    """Return the notification texts of the direct messages to a person."""
    return [message.text for message in tale.sandbox.direct_messages(user)]


async def test_simultaneous_takes_assign_one_engineer_and_inform_the_other(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        shown = deepcopy(tale.triage_card("ACME-1"))
        people = (tale.dana, tale.eli)
        await asyncio.gather(
            *(tale.presses_on_screen(person, shown, ids.TAKE) for person in people)
        )

        has_it = (await tale.tickets())["ACME-1"]["assignee"]
        other = next(person for person in people if person != has_it)
        assert tale.whispers(has_it) == []
        [refused] = tale.whispers(other)
        assert refused == (
            f"<@{has_it}> has ACME-1: press *Take over* on its card if it should be yours."
        )
        taken = [type(entry.event) for entry in await tale.history("ACME-1")].count(Taken)
        assert taken == 1


async def test_the_former_assignee_is_notified_of_a_takeover(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.TAKE)

        await tale.presses(tale.eli, tale.triage_card("ACME-1"), ids.TAKE_OVER)

        assert (await tale.tickets())["ACME-1"]["assignee"] == tale.eli
        taken = f"<@{tale.eli}> has taken over *ACME-1* of Acme, which was yours."
        assert direct_texts(tale, tale.dana) == [taken]
        assert direct_texts(tale, tale.eli) == []


async def test_an_outdated_card_cannot_take_over_from_a_new_assignee(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.TAKE)
        shown = deepcopy(tale.triage_card("ACME-1"))
        await tale.presses(tale.eli, tale.triage_card("ACME-1"), ids.TAKE_OVER)

        await tale.presses_on_screen(tale.mo, shown, ids.TAKE_OVER)

        assert tale.whispers(tale.mo) == [f"ACME-1 has changed hands: <@{tale.eli}> has it now."]
        assert (await tale.tickets())["ACME-1"]["assignee"] == tale.eli


@pytest.mark.thorough
async def test_any_staff_member_can_be_assigned_and_is_notified(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)

        await tale.presses(tale.mo, tale.triage_card("ACME-1"), ids.ASSIGN)
        assert await tale.fills_in(tale.mo, person=tale.eli) == {}
        await tale.presses(tale.mo, tale.triage_card("ACME-1"), ids.ASSIGN)
        assert await tale.fills_in(tale.mo, person=tale.dana) == {}

        assert (await tale.tickets())["ACME-1"]["assignee"] == tale.dana
        given = f"<@{tale.mo}> has given you *ACME-1* of Acme. Waiting for an answer."
        assert direct_texts(tale, tale.dana) == [given]
        away = f"<@{tale.mo}> has given *ACME-1* of Acme, which was yours, to <@{tale.dana}>."
        assert direct_texts(tale, tale.eli) == [given, away]


@pytest.mark.thorough
async def test_only_staff_can_be_assigned(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        _, _, ann = await asked(tale)
        guest = tale.sandbox.add_user("A guest")

        for person in (ann, guest):
            await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.ASSIGN)
            refused = await tale.fills_in(tale.dana, person=person)
            why = f"<@{person}> is not on the support team: choose somebody who is."
            assert refused == {ids.PERSON: why}
        assert (await tale.tickets())["ACME-1"]["assignee"] is None
        assert tale.sandbox.direct_messages(guest) == []


@pytest.mark.thorough
async def test_a_long_note_is_shown_whole(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        await tale.asks(tale.dana, f"note ACME-1 {'It is long. ' * 240} The end")
        assert "The end" in tale.pings_in_triage("ACME-1")[-1].replace("\n", " ")


@pytest.mark.thorough
async def test_a_note_is_visible_only_in_triage(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)
        words = "They said <!channel> & pay late"

        await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.NOTE)
        assert await tale.fills_in(tale.dana, words=words) == {}

        [noted] = tale.pings_in_triage("ACME-1")
        assert f"Note by <@{tale.dana}>:" in noted
        assert "They said &lt;!channel&gt; &amp; pay late" in noted
        line = (await tale.history("ACME-1"))[-1]
        assert (line.actor, line.event) == (Staff(UserId(tale.dana)), Noted(words))
        told_client = [*tale.thread(channel, ts), *tale.sandbox.messages(channel)]
        assert not any("pay late" in message.plain() for message in told_client)
        assert tale.whispers(ann) == []
