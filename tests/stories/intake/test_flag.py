"""A :ticket: reaction on a message opens a ticket."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox import DeliveryFault
from tests import ids
from tests.story import MONDAY, Story, story


async def flags(tale: Story, user: str, channel: str, ts: str, name: str = "ticket") -> str:
    await tale.sandbox.react(user, channel, ts, name)
    await tale.settle()
    return str(tale.delivered()[-1])


@pytest.mark.parametrize("name", ["ticket", "admission_tickets"])
async def test_a_ticket_reaction_opens_a_ticket_from_its_own_time(
    tmp_path: Path, name: str
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Thanks!")
        await tale.forward(days=2)

        assert await flags(tale, tale.dana, channel, ts, name) == "somebody flagged it (ACME-1)"

        [ticket] = (await tale.tickets()).values()
        assert ticket["opened_at"][:19] == "2026-03-11T05:00:00"
        assert ticket["due_at"][:19] == "2026-03-11T09:00:00"
        assert ticket["breached"] is False
        assert "*ACME-1*" in tale.client_card(channel, ts).plain()
        await tale.says(tale.dana, channel, "At your service", thread_ts=ts)
        assert (await tale.tickets())["ACME-1"]["first_response_at"] is not None


async def test_repeated_flags_and_repeated_deliveries_open_one_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Thanks!")
        tale.sandbox.deliveries.add(DeliveryFault.DUPLICATE, of="reaction_added", times=1)
        await flags(tale, ann, channel, ts)
        assert await flags(tale, tale.dana, channel, ts) == "part of ACME-1 already"
        assert len(await tale.tickets()) == 1


@pytest.mark.thorough
async def test_a_staff_reply_before_the_flag_is_no_first_response(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Thanks!")
        await tale.says(tale.dana, channel, "You are welcome", thread_ts=ts)
        await tale.forward(minutes=10)

        await flags(tale, ann, channel, ts)

        assert (await tale.tickets())["ACME-1"]["first_response_at"] is None
        await tale.at(MONDAY + timedelta(hours=4, minutes=11))
        assert "is late if it is Critical" in tale.pings_in_triage("ACME-1")[-1]


@pytest.mark.thorough
async def test_a_flag_reopens_a_dismissed_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "See you at lunch")
        choice = ids.more_choice("ACME-1", ids.DISMISS)
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.MORE, choice)

        assert await flags(tale, ann, channel, ts) == "ACME-1 is needed after all"
        assert (await tale.tickets())["ACME-1"]["state"] == "open"


@pytest.mark.thorough
async def test_other_reactions_and_flags_on_other_messages_open_no_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        thanks = await tale.says(ann, channel, "Thanks!")
        ours = await tale.says(tale.dana, channel, "We restart tonight")
        internal = await tale.says(tale.dana, tale.triage, "Coffee?")
        outcomes = [
            await flags(tale, ann, channel, thanks, "thumbsup"),
            await flags(tale, ann, channel, ours),
            await flags(tale, tale.dana, tale.triage, internal),
        ]
        assert outcomes == [
            "a reaction that asks for nothing",
            "not a client's words",
            "not a client's channel",
        ]
        await tale.sandbox.delete(ann, channel, thanks)
        assert await tale.tickets() == {}


@pytest.mark.thorough
@pytest.mark.parametrize("was_stored", [True, False])
async def test_a_flag_added_while_the_bot_was_down_opens_a_ticket(
    tmp_path: Path, was_stored: bool
) -> None:
    """The message is stored already, or missing too; the ticket counts from the backfill."""
    async with story(tmp_path) as tale:
        async with tale.running():
            channel, ann = await tale.add_client()
            ts = await tale.says(ann, channel, "Thanks!") if was_stored else ""
        for kind in ("message", "reaction_added"):
            tale.sandbox.deliveries.add(DeliveryFault.LOSE, of=kind, times=1)
        tale.clock.advance(timedelta(hours=1))
        ts = ts or await tale.sandbox.post(ann, channel, "Thanks!")
        await tale.sandbox.react(ann, channel, ts, "ticket")
        tale.clock.advance(timedelta(hours=1))
        for _ in range(2):
            async with tale.running() as bot:
                await tale.settle()
                bot.catch_up()
                await tale.settle()
                [ticket] = (await tale.tickets()).values()
        assert ticket["opened_at"][:16] == "2026-03-09T07:00"


@pytest.mark.thorough
async def test_backfill_does_not_reopen_a_dismissed_ticket_with_a_flag(tmp_path: Path) -> None:
    async with story(tmp_path) as tale:
        async with tale.running():
            channel, ann = await tale.add_client()
            ts = await tale.says(ann, channel, "Thanks!")
            await flags(tale, ann, channel, ts)
            await tale.asks(tale.dana, "dismiss ACME-1")
        async with tale.running() as bot:
            bot.catch_up()
            await tale.settle()
            assert (await tale.tickets())["ACME-1"]["state"] == "dismissed"
