"""Quota notices during a billing period, and its statement afterwards."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.ids import ClientId
from bot.sandbox import DeliveryFault
from bot.usecases.agreements.billing_periods import update_billing
from bot.usecases.desk import Desk
from tests.stories.agreements.test_catalog_edited import ECOSIRE
from tests.story import Story, story

LAST_DAY = datetime(2026, 3, 31, 5, 0, tzinfo=UTC)  # 10:00 in Karachi
APRIL = datetime(2026, 3, 31, 19, 0, tzinfo=UTC)  # begins in Karachi
SMALL = 'quota = { included = 2, overage = "USD 25.00" }\n'


async def requests(tale: Story, channel: str, count: int) -> list[str]:
    """Post `count` requests by different people, a second apart; return each `ts`."""
    posted = []
    for number in range(1, count + 1):
        person = tale.sandbox.add_user(f"Person {number}")
        tale.sandbox.join(person, channel)
        posted.append(await tale.says(person, channel, f"Request {number}"))
        tale.clock.advance(timedelta(seconds=1))
    return posted


def notices(tale: Story, channel: str) -> list[str]:
    return [message.plain() for message in tale.sandbox.messages(channel) if message.bot_id]


def statements(tale: Story, channel: str = "") -> list[str]:
    texts = [message.plain() for message in tale.sandbox.messages(channel or tale.managers)]
    return [text for text in texts if "Statement" in text]


async def test_the_client_gets_one_notice_at_80_and_at_100_percent(tmp_path: Path) -> None:
    async with story(tmp_path, LAST_DAY) as tale, tale.running():
        channel, _ = await tale.add_client()
        await requests(tale, channel, 15)
        assert notices(tale, channel) == []
        await requests(tale, channel, 1)
        [notice] = notices(tale, channel)
        assert (
            "You have used 16 of the 20 tickets that *Standard* includes until 31 March" in notice
        )
        assert "Once they are used up, each further one costs USD 25.00: its card says so" in notice
        await requests(tale, channel, 4)
        assert "You have used all 20 tickets" in notices(tale, channel)[-1]
        await tale.asks(tale.dana, "dismiss ACME-3")
        await requests(tale, channel, 3)
        assert len(notices(tale, channel)) == 2


async def test_managers_receive_a_statement_at_the_end_of_a_period(tmp_path: Path) -> None:
    async with story(tmp_path, LAST_DAY) as tale, tale.running():
        channel, _ = await tale.add_client(terms=SMALL)
        other, _ = await tale.add_client("Globex")
        await requests(tale, channel, 4)
        await requests(tale, other, 1)
        await tale.asks(tale.mo, "waive ACME-3 They waited for us")
        await tale.at(APRIL - timedelta(seconds=1))
        assert statements(tale) == []

        await tale.at(APRIL)

        acme, globex = sorted(statements(tale))
        assert "*Acme*: *Statement* for 1 to 31 March 2026, Standard: USD 25.00." in acme
        assert "4 tickets: 2 included, 2 beyond, of which 1 waived" in acme
        assert "*ACME-3* (" in acme
        assert "USD 25.00, waived: They waited for us" in acme
        assert "To pay beyond the plan: nothing" in globex
        assert "ACME" not in globex
        assert "GLOBEX" not in acme
        assert statements(tale, channel) == []
        await tale.forward(hours=3)
        assert len(statements(tale)) == 2


async def test_a_later_correction_is_an_adjustment_in_the_next_statement(tmp_path: Path) -> None:
    async with story(tmp_path, LAST_DAY) as tale, tale.running():
        channel, ann = await tale.add_client(terms=SMALL)
        tale.sandbox.deliveries.add(DeliveryFault.HOLD, of="message", times=1)
        await tale.sandbox.post(ann, channel, "Written first, and delivered in April")
        tale.clock.advance(timedelta(seconds=1))
        await requests(tale, channel, 3)
        await tale.at(APRIL)
        [march] = statements(tale)
        assert "3 tickets: 2 included, 1 beyond" in march

        tale.sandbox.deliveries.release()
        await tale.settle()
        await tale.asks(tale.dana, "dismiss ACME-3")
        await tale.asks(tale.mo, "waive ACME-2 It was late with us")
        await tale.at(APRIL + timedelta(days=30))

        april = statements(tale)[-1]
        assert "0 tickets: 0 included" in april
        assert "|see it>) by" not in april
        assert "*ACME-4* (" in april
        assert "): nothing, now nothing; it was not counted before" in april
        assert "*ACME-2*" not in april
        assert "|see it>): USD 25.00, now nothing and counts no more; it was no ticket" in april
        assert "To pay beyond the plan: USD -25.00" in april
        assert statements(tale)[:1] == [march]


async def test_a_billing_crash_delays_no_other_client_and_is_retried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with story(tmp_path, LAST_DAY) as tale, tale.running():
        for name in ("Acme", "Globex", "Initech"):
            await tale.add_client(name)
        poison = [True]

        async def crash(desk: Desk, client_id: int) -> None:
            if client_id == 1 and poison:
                raise ZeroDivisionError
            await update_billing(desk, ClientId(client_id))

        monkeypatch.setattr("bot.usecases.due_timers.update_billing", crash)
        tale.clock.set(APRIL)
        await tale.waits_for("SELECT 1 FROM statements WHERE client_id = 3")
        assert tale.rows("SELECT client_id FROM statements ORDER BY client_id") == [(2,), (3,)]
        poison.clear()
        await tale.settle()
        assert len(statements(tale)) == 3


@pytest.mark.thorough
async def test_quota_lists_usage_and_links_to_the_messages(
    tmp_path: Path,
) -> None:
    async with story(tmp_path, LAST_DAY) as tale, tale.running():
        channel, _ = await tale.add_client(terms=SMALL)
        await tale.add_client("Globex")
        posted = await requests(tale, channel, 5)
        await tale.asks(tale.mo, "waive ACME-4 They waited for us")
        assert "• Acme (Standard): 5 of 2 tickets (250 %), USD 50.00" in await tale.asks(
            tale.dana, "quota"
        )
        answer = await tale.asks_whole(tale.dana, "quota acme")
        shown = str(answer["blocks"])
        assert "*Acme*, 1 to 31 March 2026: 5 of 2 used, 0 left" in shown
        assert "To pay beyond the plan so far: USD 50.00" in shown
        for ts in posted:
            assert f"/archives/{channel}/p{ts.replace('.', '')}|see it>" in shown
        assert "GLOBEX" not in shown.upper()


@pytest.mark.thorough
async def test_a_new_price_applies_only_to_tickets_opened_after_it(
    tmp_path: Path,
) -> None:
    catalog = tmp_path / "acme.toml"
    catalog.write_text(ECOSIRE.replace("included = 20", "included = 1"), "utf-8")
    async with story(tmp_path, LAST_DAY) as tale:
        async with tale.running(deskbell_catalog=(str(catalog),)):
            channel, _ = await tale.add_client()
            [_, before] = await requests(tale, channel, 2)
        dearer = ECOSIRE.replace("included = 20", "included = 1").replace("USD 25.00", "USD 31.50")
        catalog.write_text(dearer, "utf-8")
        async with tale.running(deskbell_catalog=(str(catalog),)):
            [after] = await requests(tale, channel, 1)
            assert "USD 25.00" in tale.client_card(channel, before).plain()
            assert "USD 31.50" in tale.client_card(channel, after).plain()
            await tale.at(APRIL)
            [march] = statements(tale)
            assert "To pay beyond the plan: USD 56.50" in march


@pytest.mark.thorough
async def test_a_statement_due_during_downtime_is_written_once(
    tmp_path: Path,
) -> None:
    async with story(tmp_path, LAST_DAY) as tale:
        async with tale.running():
            channel, _ = await tale.add_client(terms=SMALL)
            await requests(tale, channel, 3)
        tale.clock.set(APRIL + timedelta(days=62))
        for _ in range(2):
            async with tale.running():
                await tale.settle()
        march, april, may = statements(tale)
        assert "31 March 2026" in march
        assert "1 to 30 April 2026" in april
        assert "1 to 31 May 2026" in may
