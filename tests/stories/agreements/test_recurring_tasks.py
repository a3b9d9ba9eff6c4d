"""The recurring duties of a plan in commands, digests and Homes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.catalog import load_catalog
from bot.catalog.catalog_store import CatalogStore
from bot.catalog.parse import parse_catalog
from bot.domain.actor import Operator
from bot.domain.agreements.plan import Catalog
from bot.usecases.agreements.change_agreement import agree
from bot.usecases.agreements.propose_change import Wanted
from tests.stories.reports.test_digest import digests, part
from tests.stories.reports.test_home import look, until_shown
from tests.story import Story, story

# Agreed on Monday, 9 March 2026, in Karachi: the first report is due by 8 April.
REPORT = "ACME health-report 2026-04-08"


def nine_on(month: int, day: int) -> datetime:
    """Return the time of the digest on this day, 09:00 in Karachi."""
    return datetime(2026, month, day, 4, 0, tzinfo=UTC)


async def backed_up(tale: Story, plan: str = "priority") -> None:
    await tale.add_client("Acme", plan=plan, engineer=tale.dana)
    tale.rows("UPDATE agreements SET backup = ?", tale.eli)


def duties_today(tale: Story) -> str:
    return part(digests(tale)[-1], "Duties")


async def test_the_digest_lists_a_duty_from_a_week_before_until_it_is_done(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await backed_up(tale)
        await tale.at(nine_on(3, 31))
        assert duties_today(tale).strip() == "No duty is overdue or due in seven days."
        await tale.at(nine_on(4, 1))
        line = f"• Acme: Monthly system health report, by 8 April 2026, <@{tale.dana}>"
        assert duties_today(tale).strip() == line
        await tale.at(nine_on(4, 9))
        assert "health report, *overdue* since 8 April 2026" in duties_today(tale)
        await tale.asks(tale.dana, f"duties {REPORT}")
        await tale.at(nine_on(4, 10))
        assert "No duty is overdue" in duties_today(tale)
        await tale.at(nine_on(6, 2))
        assert [line.partition(",")[0] for line in duties_today(tale).strip().splitlines()] == [
            "• Acme: Monthly system health report",  # since 8 May
            "• Acme: Quarterly account review",
            "• Acme: Monthly system health report",
        ]


@pytest.mark.thorough
async def test_a_duty_is_marked_done_once_and_can_be_unmarked(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await backed_up(tale)
        listed = await tale.asks(tale.dana, "duties acme")
        assert f"when it is done: */desk duties {REPORT}*" in listed
        assert "account-review 2026-06-08" in listed
        done = "health-report of ACME by 2026-04-08 is done."
        assert await tale.asks(tale.dana, f"duties {REPORT}") == done
        assert await tale.asks(tale.eli, f"duties {REPORT}") == done
        assert tale.rows("SELECT duty, done, actor FROM duty_marks") == [
            ("health-report", True, tale.dana)
        ]
        assert "health-report" not in await tale.asks(tale.dana, "duties ACME")
        answer = await tale.asks(tale.dana, f"duties {REPORT} no")
        assert answer == "health-report of ACME by 2026-04-08 is not done."
        assert "health-report" in await tale.asks(tale.dana, "duties ACME")


@pytest.mark.thorough
async def test_an_invalid_duty_mark_is_refused_with_a_hint(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await backed_up(tale)
        assert await tale.asks(tale.dana, "duties") == "No duty is overdue or due soon."
        wrong = await tale.asks(tale.dana, "duties ACME health-report 2026-04-07")
        assert wrong.startswith("Acme has no duty health-report by 2026-04-07: */desk duties ACME*")
        early = await tale.asks(tale.dana, "duties ACME health-report 2026-05-08")
        assert early.startswith("Acme has no duty health-report by 2026-05-08")
        assert "is no day" in await tale.asks(tale.dana, "duties ACME health-report soon")
        assert "There is no client NOBODY" in await tale.asks(tale.dana, "duties NOBODY")
        assert "Say what is done" in await tale.asks(tale.dana, "duties ACME health-report")
        assert tale.rows("SELECT * FROM duty_marks") == []


@pytest.mark.thorough
async def test_duties_are_in_the_homes_of_the_engineer_and_managers(tmp_path: Path) -> None:
    async with story(tmp_path, nine_on(3, 9)) as tale, tale.running():
        await backed_up(tale)
        await tale.at(nine_on(4, 2))
        assert "Your duties (1)" in await look(tale, tale.dana)
        assert "Your duties" not in await look(tale, tale.eli)
        assert "Monthly system health report" in await look(tale, tale.mo)
        await tale.asks(tale.mo, "away @dana 3d")
        await until_shown(tale, tale.eli, lambda words: "Your duties (1)" in words)
        await until_shown(tale, tale.dana, lambda words: "Your duties" not in words)
        await tale.asks(tale.eli, f"duties {REPORT}")
        await until_shown(tale, tale.eli, lambda words: "Your duties" not in words)
        await until_shown(tale, tale.mo, lambda words: "No duty is overdue" in words)


@pytest.mark.thorough
async def test_a_term_that_outlasts_the_agreement_has_no_duty(
    tmp_path: Path,
) -> None:
    """A downgrade to Included, which has no duties, starts on 1 May. An upgrade from Standard to
    Priority continues the duty that both plans have."""
    async with story(tmp_path) as tale, tale.running() as bot:
        await tale.add_client("Acme")
        await tale.add_client("Globex")
        tale.clock.advance(timedelta(days=10))
        async with bot.runtime.write() as desk:
            await agree(desk, Operator(), "ACME", Wanted(plan="included"))
            await agree(desk, Operator(), "GLOBEX", Wanted(plan="priority"))
        await tale.at(nine_on(4, 10))
        assert "ACME health-report 2026-04-08" in await tale.asks(tale.dana, "duties ACME")
        assert "2026-05-08" not in await tale.asks(tale.dana, "duties ACME")
        globex = await tale.asks(tale.dana, "duties GLOBEX")
        assert "GLOBEX health-report 2026-04-08" in globex
        assert "GLOBEX health-report 2026-05-08" in globex
        assert "GLOBEX account-review 2026-06-18" in globex
        assert "nobody is named" in globex


@pytest.mark.thorough
async def test_a_new_duty_does_not_apply_to_earlier_terms(tmp_path: Path) -> None:
    """A duty in custom terms applies to their client only."""
    own = 'duties = { drill = { label = "Restore drill", every = "half-year" } }'
    without = load_catalog("ecosire")
    for plan in ("standard", "priority"):
        without = _without_duties(without, plan)
    async with story(tmp_path) as tale, tale.running() as bot:
        shelf = bot.runtime.shelf
        bot.runtime.shelf = CatalogStore([without, *shelf.catalogs[1:]])
        await bot.runtime.prepare()
        await tale.add_client("Acme", plan="priority")
        await tale.add_client("Globex", plan="enterprise", terms=own)
        await tale.at(nine_on(4, 20))
        assert await tale.asks(tale.dana, "duties ACME") == "ACME has no duty open."
        bot.runtime.shelf = shelf
        await bot.runtime.prepare()
        listed = await tale.asks(tale.dana, "duties ACME")
        assert "ACME health-report 2026-05-08" in listed
        assert "2026-04-08" not in listed
        globex = await tale.asks(tale.dana, "duties GLOBEX")
        assert "Restore drill, by 8 September 2026" in globex
        assert "health-report" not in globex


def _without_duties(catalog: Catalog, plan: str) -> Catalog:
    """Return the catalogue without the duties of this plan."""
    [before, after] = catalog.text.split(f"[plans.{plan}.duties]")
    text = before + after[after.index(f"[plans.{plan}.targets]") :]
    return parse_catalog(text, name=catalog.name, source="before")
