"""The weekdays of the digest, its links, outlook, files and reports on past days."""

import io
from csv import reader
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.domain.actor import Operator
from bot.usecases.agreements.change_agreement import agree
from bot.usecases.agreements.propose_change import Wanted
from tests.stories.reports.test_digest import TUESDAY, critical, digests, part
from tests.story import MONDAY, Story, story

FRIDAY = datetime(2026, 3, 13, 4, 0, tzinfo=UTC)  # 09:00 in Karachi
DAY = timedelta(days=1)


async def test_each_digest_line_links_to_the_triage_card(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await critical(tale)
        await tale.at(TUESDAY)
        card = tale.triage_card("ACME-1")
        link = f"/archives/{tale.triage}/p{card.ts.replace('.', '')}|see it>"
        assert link in part(digests(tale)[-1], "New breaches")


@pytest.mark.thorough
async def test_a_digest_on_chosen_weekdays_covers_the_days_between(tmp_path: Path) -> None:
    async with story(tmp_path, FRIDAY - timedelta(hours=4)) as tale:
        async with tale.running(deskbell_digest_days="mon-fri"):
            await tale.at(FRIDAY)
            await critical(tale)
            for days in range(1, 3):
                await tale.at(FRIDAY + days * DAY + timedelta(hours=1))
            assert len(digests(tale)) == 1
            await tale.at(FRIDAY + 3 * DAY)
            friday, monday = digests(tale)
            assert "Friday 13 March" in friday
            assert "Monday 16 March" in monday
            assert "*ACME-1*" in part(monday, "New breaches")
        async with tale.running(deskbell_digest_days="mon-fri"):
            await tale.settle()
            assert len(digests(tale)) == 2


@pytest.mark.thorough
async def test_csv_sends_the_digest_or_a_day_as_a_file(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await critical(tale)
        tale.rows("UPDATE clients SET name = '=Acme'")
        await tale.at(TUESDAY)
        answer = await tale.asks(tale.mo, "csv")
        assert answer == "The file is on its way to you, in your messages with me."
        [[head, *rows]] = await files(tale, tale.mo)
        assert head[:4] == ["list", "client", "plan", "ticket"]
        assert rows[0][:6] == ["still late", "'=Acme", "", "ACME-1", "Critical", "first response"]
        assert rows[0][6] == "2026-03-09T09:00:00Z"
        kept = dict(zip(head, next(row for row in rows if row[0] == "kept"), strict=True))
        assert (kept["plan"], kept["days"], kept["kept"], kept["of"]) == ("Standard", "7", "0", "1")

        await tale.asks(tale.mo, "csv yesterday")
        _, [_, *of_yesterday] = await files(tale, tale.mo)
        assert of_yesterday[0][0] == "breach"
        assert of_yesterday[-1][0] == "cause"
        assert (await tale.asks(tale.mo, "csv tomorrow")).startswith("Say of which days")


async def files(tale: Story, user: str) -> list[list[list[str]]]:
    """Return the CSV tables that the user received, as rows."""
    sent = [file for message in tale.sandbox.direct_messages(user) for file in message.files]
    allowed = {"Authorization": f"Bearer {tale.sandbox.bot_token}"}
    words = []
    async with aiohttp.ClientSession(headers=allowed) as session:
        for file in sent:
            async with session.get(str(file["url_private"])) as answer:
                words.append(await answer.text("utf-8"))
    return [list(reader(io.StringIO(content, newline=""))) for content in words]


@pytest.mark.thorough
async def test_the_digest_lists_agreement_changes_of_the_next_seven_days(tmp_path: Path) -> None:
    monday = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
    async with story(tmp_path, monday) as tale, tale.running() as bot:
        await tale.add_client("Acme")
        await tale.add_client("Globex", plan="priority")
        tale.clock.advance(timedelta(seconds=1))
        async with bot.runtime.write() as desk:
            await agree(desk, Operator(), "ACME", Wanted(plan="included"))
            term = Wanted(until=datetime(2026, 6, 9).date())  # noqa: DTZ001 (a day)
            await agree(desk, Operator(), "GLOBEX", term)
        await tale.at(datetime(2026, 4, 23, 4, 0, tzinfo=UTC))
        title = "Agreements, next seven days"
        assert "No agreement changes" in part(digests(tale)[-1], title)
        await tale.at(datetime(2026, 4, 24, 4, 0, tzinfo=UTC))
        assert "1 May: Acme, Included" in part(digests(tale)[-1], title)
        await tale.at(datetime(2026, 6, 3, 4, 0, tzinfo=UTC))
        listed = part(digests(tale)[-1], title)
        assert "10 June: Globex, the term ends, then Included" in listed
        assert "Acme" not in listed


@pytest.mark.thorough
async def test_digest_reports_on_yesterday_a_week_or_a_month(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts = await critical(tale)  # due four hours later, on Monday
        await tale.forward(hours=5)
        await tale.says(tale.dana, channel, "We are on it", thread_ts=ts)
        nothing = await tale.asks(tale.mo, "digest yesterday")
        assert nothing == "Support, Sunday 8 March 2026: no breaches."

        await tale.at(MONDAY + DAY)
        answer = await tale.asks_whole(tale.mo, "digest yesterday")
        assert answer["text"] == "Support, Monday 9 March 2026: 1 breach."
        assert "*ACME-1* Acme, Critical: due" in str(answer["blocks"])
        assert "Standard · Acme: 0 of 1 kept (0 %)" in str(answer["blocks"])
        await tale.at(MONDAY + 8 * DAY)
        assert "no breaches" in await tale.asks(tale.mo, "digest yesterday")
        week = await tale.asks(tale.mo, "digest WEEK")
        assert week == "Support, 10 March to 16 March 2026: no breaches."
        assert "1 breach" in await tale.asks(tale.mo, "digest month")
        refused = await tale.asks(tale.mo, "digest tomorrow")
        assert refused.startswith("Say of which days: yesterday, week, month;")
