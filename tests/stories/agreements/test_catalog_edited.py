"""A vendor edits its catalogue: "open clocks keep theirs"."""

from datetime import timedelta
from importlib.resources import files
from pathlib import Path

from tests.story import MONDAY, Story, story

ECOSIRE = (files("bot") / "catalog" / "ecosire.toml").read_text("utf-8")
SOONER = ECOSIRE.replace('critical = "4h"', 'critical = "1h"')


def due(after: timedelta) -> str:
    """Return the deadline as a card shows it, `after` the opening on Monday."""
    return f"First response by <!date^{int((MONDAY + after).timestamp())}^"


async def asks(tale: Story, channel: str, person: str) -> str:
    ts = await tale.says(person, channel, "Our server is down")
    await tale.presses(person, tale.client_card(channel, ts), "client_severity:critical")
    return ts


async def test_an_edited_target_applies_only_to_new_tickets(tmp_path: Path) -> None:
    catalog = tmp_path / "acme.toml"
    catalog.write_text(ECOSIRE, "utf-8")
    async with story(tmp_path) as tale:
        async with tale.running(deskbell_catalog=(str(catalog),)):
            channel, ann = await tale.add_client()
            before = await asks(tale, channel, ann)

        catalog.write_text(SOONER, "utf-8")
        tale.clock.advance(timedelta(hours=2))
        async with tale.running(deskbell_catalog=(str(catalog),)):
            after = await asks(tale, channel, ann)
            # A new computation of the first ticket's clocks uses the version at its opening.
            for severity in ("low", "critical"):
                card = tale.client_card(channel, before)
                await tale.presses(ann, card, f"client_severity:{severity}")

            assert due(timedelta(hours=4)) in tale.client_card(channel, before).plain()
            assert due(timedelta(hours=3)) in tale.client_card(channel, after).plain()
            tickets = await tale.tickets()
            assert not any(ticket["breached"] for ticket in tickets.values())
            await tale.forward(hours=1)
            tickets = await tale.tickets()
            assert [ticket["breached"] for ticket in tickets.values()] == [False, True]
