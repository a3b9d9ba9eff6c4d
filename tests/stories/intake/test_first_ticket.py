"""A ticket from its post to the first response."""

from pathlib import Path

import pytest

from tests.story import story

pytestmark = pytest.mark.both_stores


async def test_a_post_opens_a_ticket_with_a_card_in_its_thread_and_in_triage(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()

        ts = await tale.says(ann, channel, "Our server is down")

        assert list(await tale.tickets()) == ["ACME-1"]
        card = tale.client_card(channel, ts).plain()
        assert "ACME-1" in card
        assert "Ticket 1 of 20 this month" in card
        [triage] = tale.triage_cards()
        assert "Our server is down" in triage.plain()


async def test_an_answer_one_second_before_the_deadline_is_in_time(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Our server is down")
        card = tale.client_card(channel, ts)
        await tale.presses(ann, card, "client_severity:critical")

        await tale.forward(hours=3, minutes=59, seconds=59)
        await tale.says(tale.dana, channel, "We are on it", thread_ts=ts)
        await tale.forward(days=2)

        ticket = (await tale.tickets())["ACME-1"]
        assert ticket["first_response_at"].startswith("2026-03-09T08:59:59")
        assert ticket["breached"] is False
