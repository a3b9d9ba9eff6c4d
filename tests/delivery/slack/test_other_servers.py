"""Tests the unchanged bot against a Slack-compatible server with only the necessary methods."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import Deskbell, deskbell
from bot.delivery.slack import socket
from bot.domain.ids import UserId
from bot.settings import RunSettings
from bot.slack_ts import MessageTs
from bot.time_source import ManualTimeSource
from bot.usecases.operations.setup import NewClient, add_client, add_staff
from tests.delivery.slack.small_server import APP_TOKEN, BOT_TOKEN, SmallServer, small_server
from tests.story import MONDAY

ACME, TRIAGE, MANAGERS, ANN, DANA = "C0ACME", "C0TRIAGE", "C0MANAGERS", "U0ANN", "U0DANA"


class Scene:
    """The bot, its clock, and the server to which it is connected."""

    def __init__(self, server: SmallServer, clock: ManualTimeSource, bot: Deskbell) -> None:
        self.server = server
        self.clock = clock
        self._bot = bot

    async def settle(self) -> None:
        async with asyncio.timeout(10):
            await self._bot.settle()

    async def report(self) -> str:
        """Let Ann report that the server is down; return the `ts` of the card in her thread."""
        ts = str(MessageTs.at(self.clock.now()))
        await self.server.write(ANN, ACME, ts, "Our server is down")
        await self.settle()
        return next(ts for channel, ts in self.server.posted if channel == ACME)

    async def press_severity(self, user: str, ts: str, severity: str) -> None:
        await self.server.press(user, ACME, ts, severity_button(severity))
        await self.settle()


def severity_button(severity: str) -> dict[str, Any]:
    return {
        "type": "button",
        "action_id": f"client_severity:{severity}",
        "block_id": "b",
        "value": "ACME-1",
    }


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with small_server() as server, running(server, tmp_path) as opened:
        yield opened


@asynccontextmanager
async def running(server: SmallServer, directory: Path) -> AsyncIterator[Scene]:
    settings = RunSettings(
        _env_file=None,
        slack_bot_token=BOT_TOKEN,
        slack_app_token=APP_TOKEN,
        slack_api_url=server.url.rstrip("/"),  # with or without the slash at the end
        port=0,
        database_url=f"sqlite+aiosqlite:///{directory / 'desk.db'}",
        deskbell_triage_channel=TRIAGE,
        deskbell_managers_channel=MANAGERS,
    )
    clock = ManualTimeSource(MONDAY)
    async with deskbell(settings, clock, pace_seconds=0, look_again_after=timedelta(0)) as bot:
        async with bot.runtime.write() as desk:
            await add_client(
                desk, NewClient("Acme", "ACME", "enterprise", ACME, UserId(DANA), None)
            )
            await add_staff(desk, UserId(DANA), "engineer", "Dana")
        serving = asyncio.create_task(bot.serve())
        async with asyncio.timeout(10):
            await server.connected.wait()
        yield Scene(server, clock, bot)
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


async def test_a_report_becomes_a_ticket_with_two_cards(scene: Scene) -> None:
    await scene.report()
    [card], [triage] = scene.server.texts(ACME), scene.server.texts(TRIAGE)
    assert "ACME-1" in card
    assert "Our server is down" in triage


async def test_a_card_is_updated_although_the_response_does_not_repeat_its_ts(scene: Scene) -> None:
    ts = await scene.report()
    await scene.press_severity(DANA, ts, "critical")
    await scene.press_severity(DANA, ts, "low")
    [card] = scene.server.texts(ACME)
    assert "Low" in card
    assert scene.server.updates == 4


@pytest.mark.thorough
async def test_a_ping_reaches_the_engineer_without_conversations_open(scene: Scene) -> None:
    ts = await scene.report()
    await scene.press_severity(DANA, ts, "critical")
    scene.clock.advance(timedelta(hours=2))
    await scene.settle()

    [direct] = scene.server.texts(DANA)
    assert "ACME-1" in direct
    assert len(scene.server.texts(MANAGERS)) == 1
    assert "conversations.open" in scene.server.unknown_methods


@pytest.mark.thorough
async def test_a_missing_chat_post_ephemeral_is_logged_as_a_warning(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    """Staff have set the severity, so the client's choice is refused with an ephemeral message."""
    ts = await scene.report()
    await scene.press_severity(DANA, ts, "low")
    await scene.press_severity(ANN, ts, "critical")

    assert "chat.postEphemeral" in scene.server.unknown_methods
    logged = capsys.readouterr().out
    assert "could not tell a person" in logged
    assert "Traceback" not in logged
    scene.clock.advance(timedelta(hours=1))
    await scene.report()
    assert len(scene.server.texts(ACME)) == 2


@pytest.mark.thorough
async def test_a_message_with_a_lost_response_is_sent_again_without_a_lookup(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    scene.server.drop_next_response = True
    await scene.report()
    cards = scene.server.texts(ACME) + scene.server.texts(TRIAGE)
    assert len(cards) == 3
    assert "no way to look a message up" in capsys.readouterr().out


@pytest.mark.thorough
async def test_a_refused_connection_is_tried_again_at_a_new_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack's client would retry the refused address."""
    monkeypatch.setattr(socket, "HANDSHAKE_SECONDS", 0.2)
    monkeypatch.setattr(socket, "RETRY_SECONDS", 0.05)
    async with small_server() as server:
        server.refuse_addresses_up_to = 2
        async with running(server, tmp_path) as scene:
            await scene.report()
            assert server.addresses_given > 2
            assert len(server.texts(ACME)) == 1


@pytest.mark.thorough
async def test_a_lost_connection_is_replaced_although_the_first_new_address_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "WATCH_SECONDS", 0.1)
    monkeypatch.setattr(socket, "RETRY_SECONDS", 0.05)
    async with small_server() as server, running(server, tmp_path) as scene:
        server.refuse_addresses_up_to = server.addresses_given + 1
        await server.hang_up()
        async with asyncio.timeout(15):
            await server.connected.wait()
        await scene.report()
        assert len(server.texts(ACME)) == 1
