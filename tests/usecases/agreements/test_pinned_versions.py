"""Tests that a ticket keeps the version of the catalogue under which it was opened."""

from datetime import timedelta
from importlib.resources import files
from pathlib import Path

from bot.domain.ids import UserId
from bot.runtime import open_runtime
from bot.time_source import ManualTimeSource
from bot.usecases.tickets.ticket_views import view_all_tickets
from bot.usecases.tickets.triage.severity import decide_severity
from tests.usecases.conftest import MONDAY, Office, add_acme, settings

ECOSIRE = (files("bot") / "catalog" / "ecosire.toml").read_text("utf-8")


async def test_a_new_version_of_the_catalogue_binds_new_tickets_only(tmp_path: Path) -> None:
    catalog, clock = tmp_path / "ecosire.toml", ManualTimeSource(MONDAY)
    catalog.write_text(ECOSIRE, "utf-8")
    async with open_runtime(settings(tmp_path, str(catalog)), clock) as runtime:
        await add_acme(runtime)
        await Office(runtime, clock).post("Before")

    clock.advance(timedelta(hours=1))
    catalog.write_text(ECOSIRE.replace('critical = "4h"', 'critical = "1h"'), "utf-8")
    async with open_runtime(settings(tmp_path, str(catalog)), clock) as runtime:
        await Office(runtime, clock).post("After")
        async with runtime.write() as desk:
            for key in ("ACME-1", "ACME-2"):
                await decide_severity(desk, key, UserId("UDANA"), "critical")
            due_times = [
                ticket_view.deadline.due_at for ticket_view in await view_all_tickets(desk)
            ]

    assert due_times == [MONDAY + timedelta(hours=4), MONDAY + timedelta(hours=2)]


async def test_a_catalogue_restored_to_an_earlier_text_binds_new_tickets(tmp_path: Path) -> None:
    catalog, clock = tmp_path / "ecosire.toml", ManualTimeSource(MONDAY)
    for text in (ECOSIRE, ECOSIRE.replace('critical = "4h"', 'critical = "1h"'), ECOSIRE):
        catalog.write_text(text, "utf-8")
        async with open_runtime(settings(tmp_path, str(catalog)), clock) as runtime:
            if clock.now() == MONDAY:
                await add_acme(runtime)
        clock.advance(timedelta(hours=1))
    async with open_runtime(settings(tmp_path, str(catalog)), clock) as runtime:
        await Office(runtime, clock).post("After all")
        async with runtime.write() as desk:
            await decide_severity(desk, "ACME-1", UserId("UDANA"), "critical")
            [ticket_view] = await view_all_tickets(desk)

    assert ticket_view.deadline.due_at == clock.now() + timedelta(hours=4)
