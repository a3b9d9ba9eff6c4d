"""The intake modes of a client's channel, and how long follow-ups join a ticket."""

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


async def test_in_mention_mode_only_a_mention_opens_a_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await channel_with(tale, "mention")
        first = await tale.says(ann, channel, "Lunch at noon?")
        assert await keys(tale) == []
        assert tale.because(first) == ("only what mentions the desk opens a ticket in this channel")
        ts = await tale.says(ann, channel, f"{desk(tale)} our server is down")
        assert await keys(tale) == ["ACME-1"]
        await tale.says(ann, channel, "It is the one in the cellar", thread_ts=ts)
        assert ">It is the one in the cellar" in tale.pings_in_triage("ACME-1")[-1]


async def test_a_mention_added_by_an_edit_opens_a_ticket_at_the_time_of_the_post(
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
async def test_a_mention_while_the_bot_was_down_opens_a_ticket(tmp_path: Path) -> None:
    """Messages of the history do not say which user the desk is."""
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
async def test_in_asked_mode_a_request_from_the_card_becomes_a_ticket_thread(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await channel_with(tale, "asked")
        [card] = tale.sandbox.messages(channel)
        assert "Do you need help? Press the button" in card.plain()
        await tale.says(ann, channel, f"Our server is down {desk(tale)}")
        assert await keys(tale) == []

        await tale.presses(ann, card, ids.ASK)
        assert await tale.fills_in(ann, words="The <shop> is down", severity="critical") == {}

        request = tale.sandbox.messages(channel)[-1]
        assert f"<@{ann}> asks:" in request.plain()
        assert ">The &lt;shop&gt; is down" in request.plain()
        [card] = tale.thread(channel, request.ts)
        assert "We have your request as *ACME-1*" in card.plain()
        assert "Critical* (you said)" in card.plain()
        ticket = (await tale.tickets())["ACME-1"]
        assert (ticket["opened_at"], ticket["severity"]) == ("2026-03-09T05:00:00Z", "critical")
        assert f"p{request.ts.replace('.', '')}" in tale.triage_card("ACME-1").plain()

        await tale.forward(minutes=1)
        await tale.says(tale.dana, channel, "We are on it", thread_ts=request.ts)
        assert (await tale.tickets())["ACME-1"]["first_response_at"] is not None
        await tale.asks(tale.dana, "resolve ACME-1 Restarted")
        assert "*ACME-1* is resolved." in tale.thread(channel, request.ts)[-1].plain()


@pytest.mark.thorough
async def test_setting_asked_mode_again_posts_a_new_card(tmp_path: Path) -> None:
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
async def test_a_request_dialog_submitted_twice_opens_one_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await channel_with(tale, "asked")
        await tale.presses(ann, tale.sandbox.messages(channel)[0], ids.ASK)
        await tale.twice(ann, tale.sandbox.views_open(ann)[-1], {ids.WORDS: "It is down"})
        assert await keys(tale) == ["ACME-1"]
        assert len(tale.sandbox.messages(channel)) == 2


@pytest.mark.thorough
async def test_messages_written_before_the_request_is_posted_go_into_its_thread(
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
        request = tale.sandbox.messages(channel)[-1]
        texts = [message.plain() for message in tale.thread(channel, request.ts)]
        assert len(texts) == 2
        assert "*ACME-1* is resolved." in texts[1]
        assert (await tale.tickets())["ACME-1"]["first_response_at"] is not None


@pytest.mark.thorough
async def test_an_impossible_request_is_refused_with_a_hint(tmp_path: Path) -> None:
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
async def test_in_asked_mode_a_ticket_reaction_opens_a_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await channel_with(tale, "asked")
        ts = await tale.says(ann, channel, "Our server is down")
        await tale.sandbox.react(ann, channel, ts, "ticket")
        await tale.settle()
        assert await keys(tale) == ["ACME-1"]


@pytest.mark.thorough
@pytest.mark.parametrize(("minutes", "tickets"), [(0, 2), (5, 1), (60, 1)])
async def test_follow_ups_join_a_ticket_for_the_chosen_minutes(
    tmp_path: Path, minutes: int, tickets: int
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        answer = await tale.asks(tale.mo, f"client ACME join {minutes}")
        assert answer == f"Follow-ups of ACME join a ticket for {minutes} minutes."
        await tale.says(ann, channel, "Our server is down")
        await tale.forward(minutes=minutes or 1)
        await tale.says(ann, channel, "It is the one in the cellar")
        assert len(await keys(tale)) == tickets
        await tale.forward(minutes=minutes, seconds=1)
        await tale.says(ann, channel, "And the printer")
        assert len(await keys(tale)) == tickets + 1


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("client ACME intake some", "Say which posts open a ticket: every, mention, asked."),
        ("client ACME join 61", "Say for how many minutes follow-ups join: 0 to 60."),
        ("client ACME join -1", "Say for how many minutes follow-ups join: 0 to 60."),
        ("client ACME colour red", "Say what to set, as in */desk client ACME intake every*"),
        ("client NOBODY join 5", "There is no client NOBODY: choose ACME."),
    ],
)
async def test_invalid_client_settings_are_refused(tmp_path: Path, words: str, reason: str) -> None:
    async with story(tmp_path) as tale, tale.running():
        await tale.add_client()
        assert reason in await tale.asks(tale.mo, words)


@pytest.mark.thorough
async def test_only_managers_change_intake_settings(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        for words in ("client ACME intake asked", "client ACME join 0"):
            assert await tale.asks(tale.dana, words) == (
                "This is for managers: ask one of yours to set it."
            )
        await tale.says(ann, channel, "Our server is down")
        assert await keys(tale) == ["ACME-1"]
