"""The App Home: an engineer's queue, a manager's figures, how to get help for everybody else."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.ids import UserId
from bot.sandbox import Fault
from bot.usecases.operations.setup import add_staff
from bot.views.reports.home import HOW_TO_GET_HELP
from tests import ids
from tests.story import MONDAY, Story, story

EARLIEST = MONDAY + timedelta(hours=4)  # the target of Standard for Critical
PATIENCE_SECONDS = 20.0


def home(tale: Story, user: str) -> str:
    shown = tale.sandbox.home(user)
    return "" if shown is None else str(shown.blocks)


async def until_shown(tale: Story, user: str, shows: Callable[[str], bool]) -> str:
    """Wait until `shows` accepts the Home of the user, and return the Home."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not shows(home(tale, user)):  # noqa: ASYNC110 (a person looks now and then)
            await asyncio.sleep(0.02)
    return home(tale, user)


async def look(tale: Story, user: str) -> str:
    await tale.sandbox.open_home(user)
    await tale.settle()
    return await until_shown(tale, user, bool)


async def asked(tale: Story) -> tuple[str, str, str]:
    channel, ann = await tale.add_client()
    return channel, await tale.says(ann, channel, "Our server is down"), ann


async def test_the_home_of_an_engineer_shows_a_current_queue(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        assert "Your queue is empty." in await look(tale, tale.dana)

        await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.TAKE)
        shown = await until_shown(tale, tale.dana, lambda words: "Your queue (1)" in words)
        assert "*ACME-1* Acme: Our server is down" in shown

        await tale.at(EARLIEST - timedelta(minutes=30))
        await until_shown(tale, tale.dana, lambda words: "*At risk*" in words)
        assert "At risk or late, elsewhere (1)" in await look(tale, tale.eli)

        await tale.asks(tale.dana, "severity ACME-1 low")
        await tale.asks(tale.dana, "resolve ACME-1 Restarted it")
        await until_shown(tale, tale.dana, lambda words: "Your queue is empty." in words)


async def test_the_home_of_a_manager_shows_the_figures(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        await tale.asks(tale.dana, "severity ACME-1 critical")
        await tale.at(EARLIEST + timedelta(minutes=1))

        shown = await look(tale, tale.mo)

        assert "*New breaches*\\n• *ACME-1* Acme" in shown
        assert "First responses kept, last 7 days" in shown
        assert "First responses kept" not in await look(tale, tale.dana)
        assert any("*New breaches*\n• *ACME-1*" in text for text in await digests(tale))


async def digests(tale: Story) -> list[str]:
    await tale.forward(days=1)
    return tale.said_to_managers()


@pytest.mark.thorough
async def test_people_outside_staff_see_only_the_help(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        _, _, ann = await asked(tale)
        guest = tale.sandbox.add_user("A guest")
        for person in (ann, guest):
            await look(tale, person)
            view = tale.sandbox.home(person)
            assert view is not None
            [block] = view.blocks
            assert block["text"]["text"] == HOW_TO_GET_HELP


@pytest.mark.thorough
async def test_the_home_follows_a_change_of_role(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running() as bot:
        await asked(tale)
        guest = tale.sandbox.add_user("Soon an engineer")
        assert HOW_TO_GET_HELP in await look(tale, guest)

        async with bot.runtime.write() as desk:
            await add_staff(desk, UserId(guest), "engineer", "Fay")
        await tale.forward(minutes=1)

        await until_shown(tale, guest, lambda words: "Your queue is empty." in words)


@pytest.mark.thorough
async def test_opening_the_messages_tab_publishes_no_home(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await tale.sandbox.open_home(tale.dana, tab="messages")
        await tale.settle()
        assert tale.delivered() == ["not the Home tab"]


@pytest.mark.thorough
async def test_a_failed_publication_of_the_home_is_repeated(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        tale.sandbox.faults.add("views.publish", Fault.ERROR("internal_error"), times=2)
        assert "Your queue is empty." in await look(tale, tale.dana)


@pytest.mark.thorough
async def test_homes_are_updated_after_a_restart(tmp_path: Path) -> None:
    async with story(tmp_path) as tale:
        async with tale.running():
            await asked(tale)
            await look(tale, tale.dana)
        async with tale.running():
            await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.TAKE)
            await until_shown(tale, tale.dana, lambda words: "Your queue (1)" in words)


@pytest.mark.thorough
async def test_the_home_of_a_backup_is_updated_during_an_absence(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client(plan="enterprise", engineer=tale.dana)
        tale.rows("UPDATE agreements SET backup = ?", tale.eli)
        await tale.says(ann, channel, "Our server is down")
        assert "Your queue is empty." in await look(tale, tale.eli)
        await tale.asks(tale.dana, "away 3d")
        await until_shown(tale, tale.eli, lambda words: "Your queue (1)" in words)
