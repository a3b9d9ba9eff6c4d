"""A desk without Slack: the real store and catalogues, on a clock that the test moves."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.ids import ChannelId, UserId
from bot.domain.intake.channel_message import ChannelMessage
from bot.domain.operations.client import Client
from bot.runtime import Runtime, open_runtime
from bot.settings import Settings
from bot.slack_ts import MessageTs
from bot.time_source import ManualTimeSource
from bot.usecases.intake.receive_message import receive_message
from bot.usecases.operations.setup import NewClient, add_client, add_staff
from tests.stores import database

MONDAY = datetime(2026, 3, 9, 5, 0, tzinfo=UTC)  # 10:00 in Karachi
MARCH_ENDS = datetime(2026, 3, 31, 19, 0, tzinfo=UTC)  # in Karachi
CHANNEL = "CACME"


class Office:
    """A desk with the client Acme on Standard, whose key is ACME, and with Dana on staff."""

    def __init__(self, runtime: Runtime, clock: ManualTimeSource) -> None:
        self.runtime = runtime
        self.clock = clock

    async def post(self, text: str, *, at: datetime | None = None, user: str = "UANN") -> str:
        """Handle a message in Acme's channel as the inbox worker does; return the outcome."""
        ts = MessageTs.at(at or self.clock.now())
        async with self.runtime.write() as desk:
            return await receive_message(
                desk, ChannelMessage(ChannelId(CHANNEL), ts, None, UserId(user), text)
            )


def settings(directory: Path, *catalogs: str, database_url: str = "") -> Settings:
    return Settings(
        _env_file=None,
        database_url=database_url or f"sqlite+aiosqlite:///{directory / 'desk.db'}",
        deskbell_catalog=catalogs or ("ecosire", "ecotone"),
        deskbell_triage_channel="CTRIAGE",
        deskbell_managers_channel="CMANAGERS",
        deskbell_time_zone="Asia/Karachi",
    )


async def add_acme(runtime: Runtime) -> Client:
    """Add the client Acme on Standard, and Dana to the staff."""
    async with runtime.write() as desk:
        await add_staff(desk, UserId("UDANA"), "engineer", "Dana")
        return await add_client(desk, NewClient("Acme", "ACME", "standard", CHANNEL, None, None))


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    clock = ManualTimeSource(MONDAY)
    async with (
        database(tmp_path) as url,
        open_runtime(settings(tmp_path, database_url=url), clock) as runtime,
    ):
        await add_acme(runtime)
        yield Office(runtime, clock)
