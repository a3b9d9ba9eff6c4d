"""Staff who are away: their backup is told instead, or the triage channel."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.ids import UserId
from bot.usecases.operations.setup import remove_staff
from tests.story import MONDAY, Story, story


async def asked(tale: Story, *, backup: bool = True) -> None:
    """Open a critical ticket, due in two hours, with Dana as account engineer and Eli as backup."""
    channel, ann = await tale.add_client(plan="enterprise", engineer=tale.dana)
    if backup:
        tale.rows("UPDATE agreements SET backup = ?", tale.eli)
    await tale.says(ann, channel, "Our server is down")
    await tale.asks(tale.mo, "severity ACME-1 critical")


async def test_former_staff_receive_no_more_pings(tmp_path: Path) -> None:
    """The account engineer leaves before the ticket is due: the backup acts, and nobody outside
    the staff reads a word of it."""
    async with story(tmp_path) as tale, tale.running() as bot:
        fay = tale.sandbox.add_user("Fay")
        channel, ann = await tale.add_client(plan="enterprise", engineer=fay)
        tale.rows("UPDATE agreements SET backup = ?", tale.eli)
        await tale.says(ann, channel, "Our server is down")
        assert f"<@{fay}>" in tale.triage_card("ACME-1").plain()
        async with bot.runtime.write() as desk:
            await remove_staff(desk, UserId(fay))
        await tale.settle()
        card = tale.triage_card("ACME-1").plain()
        assert f"<@{fay}>" not in card
        assert f"<@{tale.eli}>" in card
        before = tale.pings_to(fay)
        await tale.forward(hours=3)
        assert tale.pings_to(fay) == before
        assert any("ACME-1" in text for text in tale.pings_to(tale.eli))


async def test_the_backup_is_pinged_and_has_the_ticket_in_the_queue(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        assert f"named engineer <@{tale.dana}>" in tale.triage_card("ACME-1").plain()

        answer = await tale.asks(tale.dana, "away 3d")
        assert answer.startswith(f"<@{tale.dana}> is away until <!date")

        assert f"named engineer <@{tale.eli}>" in tale.triage_card("ACME-1").plain()
        assert "*ACME-1*" in await tale.asks(tale.eli, "")
        assert "Your queue is empty" in await tale.asks(tale.dana, "")
        for minutes in (95, 121):
            await tale.at(MONDAY + timedelta(minutes=minutes))
        assert tale.pings_to(tale.dana) == []
        assert len(tale.pings_to(tale.eli)) == 2  # at three quarters, and late


@pytest.mark.thorough
async def test_without_a_backup_the_triage_channel_is_pinged(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale, backup=False)
        await tale.asks(tale.dana, "away tomorrow")
        for minutes in (95, 121):
            await tale.at(MONDAY + timedelta(minutes=minutes))
        assert tale.pings_to(tale.dana) == []
        assert len(tale.pings_in_triage("ACME-1")) == 2


@pytest.mark.thorough
async def test_an_absence_ends_by_command_or_at_its_time(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        await tale.asks(tale.dana, "away 3d")
        assert await tale.asks(tale.dana, "away no") == f"<@{tale.dana}> is back."
        assert "*ACME-1*" in await tale.asks(tale.dana, "")
        await tale.asks(tale.dana, "away 100m")
        await tale.forward(minutes=95)
        assert len(tale.pings_to(tale.dana)) == 0
        await tale.forward(minutes=30)
        assert len(tale.pings_to(tale.dana)) == 1  # it is late, and they are back


@pytest.mark.thorough
async def test_a_ticket_of_an_absent_assignee_goes_to_the_account_engineer(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        await tale.asks(tale.mo, "take ACME-1")
        await tale.asks(tale.mo, "away 3d")
        card = tale.triage_card("ACME-1").plain()
        assert f"<@{tale.mo}>, *away*: named engineer <@{tale.dana}>" in card
        assert "*ACME-1*" in await tale.asks(tale.dana, "")


@pytest.mark.thorough
async def test_only_managers_set_the_absence_of_others(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        assert "This is for managers" in await tale.asks(tale.dana, "away @eli 3d")
        assert await tale.asks(tale.mo, "away") == (
            "Nobody is away: */desk away 3d* says that you are."
        )
        assert f"<@{tale.eli}> is away until" in await tale.asks(tale.mo, "away @eli 3d")
        assert f"<@{tale.eli}> is away until" in await tale.asks(tale.dana, "away")
        assert "Say who: mention them" in await tale.asks(tale.mo, "away @nobody 3d")
        assert "“soon” is not a time" in await tale.asks(tale.dana, "away soon")
