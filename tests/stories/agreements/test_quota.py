"""Tickets are counted by the month of their opening, and the card shows overages."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.story import story

MARCH_ENDS = datetime(2026, 3, 31, 19, 0, tzinfo=UTC)  # midnight in Karachi


async def test_the_twenty_first_ticket_shows_its_price(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, _ = await tale.add_client()

        posted = await tale.many_say(channel, 21)

        twentieth = tale.client_card(channel, posted[19]).plain()
        assert "Ticket 20 of 20 this month" in twentieth
        assert "USD" not in twentieth
        beyond = "Ticket 21: beyond the 20 included this month, USD 25.00"
        assert beyond in tale.client_card(channel, posted[20]).plain()
        [priced] = [card for card in tale.triage_cards() if beyond in card.plain()]
        assert "Request 21" in priced.plain()  # its key may differ: Slack does not keep the order


async def test_a_quota_month_uses_the_time_zone_of_the_plan(tmp_path: Path) -> None:
    async with story(tmp_path, MARCH_ENDS - timedelta(seconds=1)) as tale, tale.running():
        channel, _ = await tale.add_client()
        [march] = await tale.many_say(channel, 1)
        await tale.forward(seconds=1)
        first, second = await tale.many_say(channel, 2)

        assert "Ticket 1 of 20" in tale.client_card(channel, march).plain()
        assert "Ticket 1 of 20" in tale.client_card(channel, first).plain()
        assert "Ticket 2 of 20" in tale.client_card(channel, second).plain()


async def test_a_late_delivery_is_counted_by_the_time_of_its_post(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        opened = tale.clock.now()
        await tale.forward(hours=1)
        [known] = await tale.many_say(channel, 1)

        late = await tale.says(ann, channel, "Our server is down", at=opened)

        assert "Ticket 1 of 20" in tale.client_card(channel, late).plain()
        assert "*ACME-2*" in tale.client_card(channel, late).plain()
        assert "Ticket 2 of 20" in tale.client_card(channel, known).plain()


@pytest.mark.thorough
async def test_an_unlimited_plan_shows_the_client_no_count(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client(plan="priority")
        ts = await tale.says(ann, channel, "Our server is down")

        assert "this month" not in tale.client_card(channel, ts).plain()
        assert "Quota: ticket 1 this month, unlimited" in tale.triage_card("ACME-1").plain()


@pytest.mark.thorough
async def test_each_client_has_its_own_ticket_count(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        acme, ann = await tale.add_client("Acme")
        globex, ben = await tale.add_client("Globex")
        await tale.says(ann, acme, "Our server is down")

        ts = await tale.says(ben, globex, "I cannot print")

        card = tale.client_card(globex, ts).plain()
        assert "Ticket 1 of 20" in card
        assert "*GLOBEX-1*" in card
        assert "ACME" not in card
