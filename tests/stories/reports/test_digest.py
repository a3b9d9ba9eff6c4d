"""The daily digest for managers, at 09:00 in Karachi."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.story import MONDAY, Story, story

TUESDAY = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)  # 09:00 in Karachi
DAY = timedelta(days=1)


def digests(tale: Story) -> list[str]:
    return [text for text in tale.said_to_managers() if text.startswith("Support on")]


def part(digest: str, title: str) -> str:
    """Return a section of a digest."""
    [_, section] = digest.split(f"*{title}*")
    return section.split("\n*")[0]


async def critical(tale: Story, plan: str = "standard", name: str = "Acme") -> tuple[str, str]:
    channel, ann = await tale.add_client(name, plan=plan)
    ts = await tale.says(ann, channel, "Our server is down")
    await tale.presses(ann, tale.client_card(channel, ts), "client_severity:critical")
    return channel, ts


async def test_the_digest_of_a_quiet_day_says_so(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await tale.at(TUESDAY - timedelta(seconds=1))
        assert digests(tale) == []

        await tale.at(TUESDAY)
        [digest] = digests(tale)
        title, figures = digest.splitlines()[0].split(": ")
        assert title == "Support on Tuesday 10 March 2026"
        assert figures == "no new breaches, none still late, none at risk today."
        assert "No breaches since the last digest." in digest
        assert "No late ticket is waiting for an answer." in digest
        assert "Nothing more falls due today." in digest
        assert "No client is at 80 % of its quota." in digest


async def test_a_breach_is_new_in_one_digest_and_still_late_until_the_answer(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts = await critical(tale)
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "take")
        due = f"• *ACME-1* Acme, Critical: due <!date^{int(MONDAY.timestamp()) + 4 * 3600}^"

        await tale.at(TUESDAY)
        first = digests(tale)[-1]
        assert due in part(first, "New breaches")
        assert f"<@{tale.dana}>" in part(first, "New breaches")
        assert "ACME-1" not in part(first, "Still late")

        await tale.at(TUESDAY + DAY)
        second = digests(tale)[-1]
        assert "No breaches since the last digest." in second
        assert due in part(second, "Still late")

        await tale.says(tale.dana, channel, "We are on it", thread_ts=ts)
        await tale.at(TUESDAY + 2 * DAY)
        third = digests(tale)[-1]
        assert "ACME-1" not in third
        assert len(digests(tale)) == 3


async def test_only_tickets_due_today_are_at_risk(tmp_path: Path) -> None:
    async with story(tmp_path, TUESDAY - timedelta(minutes=30)) as tale, tale.running():
        await critical(tale)  # opened 08:30 in Karachi, due 12:30
        await tale.add_client("Globex")
        channel, ben = await tale.add_client("Initech")
        ts = await tale.says(ben, channel, "A question")
        await tale.presses(ben, tale.client_card(channel, ts), "client_severity:low")

        await tale.at(TUESDAY)

        [digest] = digests(tale)
        assert "*ACME-1* Acme, Critical" in part(digest, "At risk today")
        assert "INITECH" not in digest


async def test_an_untriaged_ticket_past_its_earliest_deadline_is_at_risk(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Something is odd")

        await tale.at(TUESDAY)

        [digest] = digests(tale)
        assert "*ACME-1* Acme, untriaged" in part(digest, "At risk today")
        assert "No breaches since the last digest." in digest


async def test_attainment_is_listed_per_plan_and_client_for_7_and_30_days(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts = await critical(tale)
        await critical(tale, "priority", "Globex")
        await tale.says(tale.dana, channel, "We are on it", thread_ts=ts)

        await tale.at(TUESDAY)
        week = part(digests(tale)[-1], "First responses kept, last 7 days")
        assert "Standard · Acme: 1 of 1 kept (100 %)" in week
        assert "Priority · Globex: 0 of 1 kept (0 %)" in week

        await tale.at(TUESDAY + 7 * DAY)
        last = digests(tale)[-1]
        assert "No first response fell due in the last 7 days." in last
        month = part(last, "First responses kept, last 30 days")
        assert "Standard · Acme: 1 of 1 kept (100 %)" in month


@pytest.mark.thorough
async def test_attainment_counts_a_breach_after_a_change_of_severity(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client(plan="support-agreement")
        await tale.says(ann, channel, "The framework fails")
        card = tale.triage_card("ACME-1")
        await tale.presses(tale.dana, card, "triage_severity", "ACME-1:p1")
        await tale.at(TUESDAY + DAY)
        card = tale.triage_card("ACME-1")
        await tale.presses(tale.dana, card, "triage_severity", "ACME-1:p3")

        await tale.at(TUESDAY + 2 * DAY)

        week = part(digests(tale)[-1], "First responses kept, last 7 days")
        assert "Support Agreement · Acme: 0 of 1 kept (0 %)" in week


@pytest.mark.thorough
async def test_attainment_omits_an_untriaged_answer_that_may_be_late(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Something is odd")
        await tale.forward(hours=5)  # late if critical, in time if anything else
        await tale.says(tale.dana, channel, "Which server?", thread_ts=ts)

        await tale.at(TUESDAY)
        assert "No first response fell due in the last 7 days." in digests(tale)[-1]

        card = tale.triage_card("ACME-1")
        await tale.presses(tale.dana, card, "triage_severity", "ACME-1:high")
        await tale.at(TUESDAY + DAY)
        assert "Standard · Acme: 1 of 1 kept" in digests(tale)[-1]


@pytest.mark.thorough
async def test_the_digest_lists_quotas_from_80_percent_with_their_overage(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        five = 'quota = { included = 5, overage = "USD 25.00" }'
        for name, count in (("Acme", 3), ("Globex", 4), ("Initech", 7)):
            channel, _ = await tale.add_client(name, terms=five)
            await tale.many_say(channel, count)

        await tale.at(TUESDAY)

        quota = part(digests(tale)[-1], "Quota")
        assert "Acme" not in quota
        assert "Globex: 4 of 5 tickets used (80 %)\n" in quota
        assert "Initech: 7 of 5 tickets used (140 %), USD 50.00 to pay so far" in quota


@pytest.mark.thorough
async def test_days_of_downtime_end_with_one_complete_digest(
    tmp_path: Path,
) -> None:
    """Both the digest and then the ticket became due during the downtime."""
    async with story(tmp_path, TUESDAY - timedelta(hours=1)) as tale:
        async with tale.running():
            await critical(tale)
        tale.clock.set(TUESDAY + DAY + timedelta(hours=3))
        async with tale.running():
            await tale.settle()

            [digest] = digests(tale)
            assert digest.startswith("Support on Wednesday 11 March 2026: 1 new breach")
            await tale.at(TUESDAY + 2 * DAY)
            assert "no new breaches, 1 still late" in digests(tale)[-1]
            assert len(digests(tale)) == 2


@pytest.mark.thorough
async def test_restarts_around_nine_make_no_second_digest(tmp_path: Path) -> None:
    async with story(tmp_path) as tale:
        for offset in (-1, 0, 0, 1):
            async with tale.running():
                await tale.at(TUESDAY + timedelta(seconds=offset))
                await tale.settle()

        assert len(digests(tale)) == 1


@pytest.mark.thorough
async def test_the_digest_stays_at_nine_when_summer_time_begins(tmp_path: Path) -> None:
    """Summer time begins in Brussels on 29 March 2026."""
    async with (
        story(tmp_path, datetime(2026, 3, 28, 12, 0, tzinfo=UTC)) as tale,
        tale.running(deskbell_time_zone="Europe/Brussels"),
    ):
        nine = datetime(2026, 3, 29, 7, 0, tzinfo=UTC)  # 08:00 UTC the day before
        await tale.at(nine - timedelta(seconds=1))
        assert digests(tale) == []

        await tale.at(nine)
        assert len(digests(tale)) == 1


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("at", "since", "said_at"),
    [
        ("01:30", "2026-11-01T04:00", ["2026-11-01T05:30", "2026-11-02T06:30"]),  # a repeated time
        ("02:30", "2026-03-08T06:00", ["2026-03-08T07:30", "2026-03-09T06:30"]),  # a skipped time
    ],
)
async def test_a_repeated_or_skipped_hour_makes_one_digest(
    tmp_path: Path, at: str, since: str, said_at: list[str]
) -> None:
    """In New York the clocks change at 02:00. The skipped 02:30 becomes 03:30, and the repeated
    01:30 is the first of the two."""
    now = datetime.fromisoformat(f"{since}+00:00")
    zone = "America/New_York"
    async with (
        story(tmp_path, now) as tale,
        tale.running(deskbell_time_zone=zone, deskbell_digest_time=at),
    ):
        posted_at = []
        for _ in range(54):  # half-hours: until after the next day's
            before = len(digests(tale))
            await tale.at(now := now + timedelta(minutes=30))
            posted_at += [now.strftime("%Y-%m-%dT%H:%M")] * (len(digests(tale)) - before)
        assert posted_at == said_at


@pytest.mark.thorough
async def test_a_late_digest_does_not_replace_the_next_digest(tmp_path: Path) -> None:
    async with story(tmp_path) as tale:
        async with tale.running():
            await tale.add_client()
        tale.clock.set(datetime(2026, 3, 11, 3, 0, tzinfo=UTC))  # 08:00 in Karachi, a day later
        async with tale.running():
            await tale.settle()
            assert len(digests(tale)) == 1  # Tuesday's, late
            await tale.at(datetime(2026, 3, 11, 4, 0, tzinfo=UTC))
            assert len(digests(tale)) == 2
