"""The custom terms of an agreement, as clients and staff see them in Slack."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.story import Story, story

TERMS = """\
zone = "Europe/Berlin"
calendar = "berlin"
quota = { included = 5, overage = "EUR 40.00" }

[targets]
critical = "30m"

[resolution]
critical = "8h covered"

[calendars.berlin]
zone = "Europe/Berlin"
windows = ["Mon-Fri 08:00-18:00"]
holidays = "DE"
"""


def card_date(instant: str) -> str:
    """Return the start of the date markup for an instant in UTC."""
    return f"<!date^{int(datetime.fromisoformat(instant).replace(tzinfo=UTC).timestamp())}^"


async def critical(tale: Story, channel: str, person: str) -> str:
    """Post a request, set it to Critical and return the text of its card."""
    ts = await tale.says(person, channel, "Our server is down")
    await tale.presses(person, tale.client_card(channel, ts), "client_severity:critical")
    return tale.client_card(channel, ts).plain()


async def test_custom_terms_apply_only_to_their_client(
    tmp_path: Path,
) -> None:
    """Opened at 06:00 in Berlin, two hours before coverage starts, and at 10:00 in Karachi."""
    async with story(tmp_path) as tale, tale.running():
        acme, ann = await tale.add_client("Acme", terms=TERMS)
        globex, bob = await tale.add_client("Globex")

        with_terms = await critical(tale, acme, ann)
        without = await critical(tale, globex, bob)

        assert f"First response by {card_date('2026-03-09T07:30')}" in with_terms
        assert f"Resolution by {card_date('2026-03-09T15:00')}" in with_terms
        assert "Ticket 1 of 5 this month" in with_terms
        assert f"First response by {card_date('2026-03-09T09:00')}" in without
        assert "Resolution by" not in without
        assert "Ticket 1 of 20 this month" in without


@pytest.mark.thorough
async def test_custom_terms_decide_quota_and_deadline(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        acme, ann = await tale.add_client("Acme", terms=TERMS)
        globex, bob = await tale.add_client("Globex")
        await critical(tale, acme, ann)
        await critical(tale, globex, bob)
        posted = await tale.many_say(acme, 5)

        assert "Ticket 5 of 5 this month" in tale.client_card(acme, posted[3]).plain()
        beyond = "Ticket 6: beyond the 5 included this month, EUR 40.00"
        assert beyond in tale.client_card(acme, posted[4]).plain()

        await tale.at(datetime(2026, 3, 9, 7, 30, tzinfo=UTC))
        breached = {key: ticket["breached"] for key, ticket in (await tale.tickets()).items()}
        assert (breached["ACME-1"], breached["GLOBEX-1"]) == (True, False)
        [missed] = [text for text in tale.said_to_managers() if "missed" in text]
        assert "ACME-1" in missed


@pytest.mark.thorough
async def test_custom_clocks_continue_after_a_restart(tmp_path: Path) -> None:
    """Waiting on the client moves the resolution by covered time in Berlin only: an hour, from
    08:00 until 09:00, although the client answers after three hours."""
    async with story(tmp_path) as tale:
        async with tale.running():
            channel, ann = await tale.add_client("Acme", terms=TERMS)
            ts = await tale.says(ann, channel, "Our server is down")
            await tale.presses(ann, tale.client_card(channel, ts), "client_severity:critical")
            await tale.presses(tale.dana, tale.triage_card("ACME-1"), "more", "ACME-1:wait")
        async with tale.running():
            await tale.forward(hours=3)
            await tale.says(ann, channel, "It is the second rack", thread_ts=ts)

            card = tale.client_card(channel, ts).plain()
            assert f"Resolution by {card_date('2026-03-09T16:00')}" in card
