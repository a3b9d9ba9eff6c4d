"""Which posts in a client's channel open a ticket, and how long follow-ups join one."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox import DeliveryFault, Fault
from tests import ids
from tests.story import Story, story


async def channel_with(tale: Story, intake: str, plan: str = "standard") -> tuple[str, str]:
    channel, ann = await tale.add_client(plan=plan)
    await tale.asks(tale.mo, f"client acme intake {intake}")
    return channel, ann


def desk(tale: Story) -> str:
    return f"<@{tale.sandbox.bot_user_id}>"


async def keys(tale: Story) -> list[str]:
    return list(await tale.tickets())


async def test_only_what_mentions_the_desk_opens_a_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await channel_with(tale, "mention")
        first = await tale.says(ann, channel, "Lunch at noon?")
        assert await keys(tale) == []
        assert tale.because(first) == ("only what mentions the desk opens a ticket in this channel")
        ts = await tale.says(ann, channel, f"{desk(tale)} our server is down")
        assert await keys(tale) == ["ACME-1"]
        await tale.says(ann, channel, "It is the one in the cellar", thread_ts=ts)
        assert ">It is the one in the cellar" in tale.pings_in_triage("ACME-1")[-1]


async def test_a_mention_that_is_edited_in_opens_one_from_the_first_words_on(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await channel_with(tale, "mention")
        ts = await tale.says(ann, channel, "Our server is down")
        await tale.forward(minutes=2)
        await tale.sandbox.edit(ann, channel, ts, f"Our server is down {desk(tale)}")
        await tale.settle()
        [ticket] = (await tale.tickets()).values()
        assert ticket["opened_at"][:16] == "2026-03-09T05:00"


@pytest.mark.thorough
async def test_a_mention_while_the_bot_was_away_opens_one_too(tmp_path: Path) -> None:
    """What is found in the history says nothing of who the desk is."""
    async with story(tmp_path) as tale:
        async with tale.running():
            channel, ann = await channel_with(tale, "mention")
        tale.sandbox.deliveries.add(DeliveryFault.LOSE, of="message", times=2)
        await tale.sandbox.post(ann, channel, "Lunch at noon?")
        tale.clock.advance(timedelta(minutes=10))
        await tale.sandbox.post(ann, channel, f"{desk(tale)} our server is down")
        tale.clock.advance(timedelta(minutes=10))
        async with tale.running():
            await tale.settle()
            assert await keys(tale) == ["ACME-1"]
            assert "our server is down" in tale.triage_card("ACME-1").plain()


@pytest.mark.thorough
async def test_where_none_does_a_card_asks_and_its_thread_is_the_tickets(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await channel_with(tale, "asked")
        [card] = tale.sandbox.messages(channel)
        assert "Do you need help? Press the button" in card.plain()
        await tale.says(ann, channel, f"Our server is down {desk(tale)}")
        assert await keys(tale) == []

        await tale.presses(ann, card, ids.ASK)
        assert await tale.fills_in(ann, words="The <shop> is down", severity="critical") == {}

        asked = tale.sandbox.messages(channel)[-1]
        assert f"<@{ann}> asks:" in asked.plain()
        assert ">The &lt;shop&gt; is down" in asked.plain()
        [card] = tale.thread(channel, asked.ts)
        assert "We have your request as *ACME-1*" in card.plain()
        assert "Critical* (you said)" in card.plain()
        ticket = (await tale.tickets())["ACME-1"]
        assert (ticket["opened_at"], ticket["severity"]) == ("2026-03-09T05:00:00Z", "critical")
        assert f"p{asked.ts.replace('.', '')}" in tale.triage_card("ACME-1").plain()

        await tale.forward(minutes=1)
        await tale.says(tale.dana, channel, "We are on it", thread_ts=asked.ts)
        assert (await tale.tickets())["ACME-1"]["first_response_at"] is not None
        await tale.asks(tale.dana, "resolve ACME-1 Restarted")
        assert "*ACME-1* is resolved." in tale.thread(channel, asked.ts)[-1].plain()


@pytest.mark.thorough
async def test_said_again_the_card_stands_at_the_end_of_the_channel(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await channel_with(tale, "asked")
        await tale.forward(hours=1)
        await tale.says(ann, channel, "Lunch?")
        await tale.asks(tale.mo, "client ACME intake asked")
        first, _, last = tale.sandbox.messages(channel)
        for card in (first, last):
            await tale.presses(ann, card, ids.ASK)
            await tale.fills_in(ann, words="It is down")
        assert await keys(tale) == ["ACME-1", "ACME-2"]


@pytest.mark.thorough
async def test_asked_twice_at_once_it_is_one_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await channel_with(tale, "asked")
        await tale.presses(ann, tale.sandbox.messages(channel)[0], ids.ASK)
        await tale.twice(ann, tale.sandbox.views_open(ann)[-1], {ids.WORDS: "It is down"})
        assert await keys(tale) == ["ACME-1"]
        assert len(tale.sandbox.messages(channel)) == 2


@pytest.mark.thorough
async def test_what_is_said_before_the_words_stand_in_slack_goes_into_their_thread(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await channel_with(tale, "asked")
        await tale.presses(ann, tale.sandbox.messages(channel)[0], ids.ASK)
        tale.sandbox.faults.add(
            "chat.postMessage",
            Fault.RATE_LIMITED(5),
            when=lambda call: call["channel"] == channel,
        )
        view = tale.sandbox.views_open(ann)[-1]
        await tale.sandbox.submit(ann, view, {ids.WORDS: "It is down", ids.SEVERITY: "low"})
        await tale.waits_for("SELECT 1 FROM tickets")
        await tale.sandbox.command(tale.dana, tale.triage, "/desk", "resolve ACME-1 Restarted")
        await tale.waits_for("SELECT 1 FROM tickets WHERE state = 'resolved'")
        await tale.recovers()
        asked = tale.sandbox.messages(channel)[-1]
        said = [one.plain() for one in tale.thread(channel, asked.ts)]
        assert len(said) == 2
        assert "*ACME-1* is resolved." in said[1]
        assert (await tale.tickets())["ACME-1"]["first_response_at"] is not None


@pytest.mark.thorough
async def test_who_cannot_ask_is_told_what_to_do(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await channel_with(tale, "asked")
        [card] = tale.sandbox.messages(channel)
        await tale.presses(tale.dana, card, ids.ASK)
        assert tale.whispers(tale.dana) == [
            "Clients ask here; */desk open* enters what Acme has told you."
        ]
        await tale.presses(ann, card, ids.ASK)
        assert await tale.fills_in(ann, words=" ") == {
            ids.WORDS: "Write what you need: it is what our engineers read."
        }
        assert await keys(tale) == []


@pytest.mark.thorough
async def test_a_ticket_emoji_opens_one_in_any_channel(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await channel_with(tale, "asked")
        ts = await tale.says(ann, channel, "Our server is down")
        await tale.sandbox.react(ann, channel, ts, "ticket")
        await tale.settle()
        assert await keys(tale) == ["ACME-1"]


@pytest.mark.thorough
@pytest.mark.parametrize(("minutes", "tickets"), [(0, 2), (5, 1), (60, 1)])
async def test_follow_ups_join_for_so_many_minutes(
    tmp_path: Path, minutes: int, tickets: int
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        said = await tale.asks(tale.mo, f"client ACME join {minutes}")
        assert said == f"Follow-ups of ACME join a ticket for {minutes} minutes."
        await tale.says(ann, channel, "Our server is down")
        await tale.forward(minutes=minutes or 1)
        await tale.says(ann, channel, "It is the one in the cellar")
        assert len(await keys(tale)) == tickets
        await tale.forward(minutes=minutes, seconds=1)
        await tale.says(ann, channel, "And the printer")
        assert len(await keys(tale)) == tickets + 1


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("words", "because"),
    [
        ("client ACME intake some", "Say which posts open a ticket: every, mention, asked."),
        ("client ACME join 61", "Say for how many minutes follow-ups join: 0 to 60."),
        ("client ACME join -1", "Say for how many minutes follow-ups join: 0 to 60."),
        ("client ACME colour red", "Say what to set, as in */desk client ACME intake every*"),
        ("client NOBODY join 5", "There is no client NOBODY: choose ACME."),
    ],
)
async def test_what_cannot_be_set_is_refused(tmp_path: Path, words: str, because: str) -> None:
    async with story(tmp_path) as tale, tale.running():
        await tale.add_client()
        assert because in await tale.asks(tale.mo, words)


@pytest.mark.thorough
async def test_only_managers_set_it(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        for words in ("client ACME intake asked", "client ACME join 0"):
            assert await tale.asks(tale.dana, words) == (
                "This is for managers: ask one of yours to set it."
            )
        await tale.says(ann, channel, "Our server is down")
        assert await keys(tale) == ["ACME-1"]
