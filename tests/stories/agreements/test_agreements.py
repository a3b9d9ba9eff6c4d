"""A manager changes an agreement: preview, confirmation, notice and withdrawal."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.ids import UserId
from bot.usecases.operations.setup import add_staff
from tests import ids
from tests.story import Story, story

MARCH_2 = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)  # 10:00 in Karachi, a Monday
MAY = datetime(2026, 4, 30, 19, 0, tzinfo=UTC)  # begins in Karachi
NOW = {  # the current agreement
    ids.PLAN: "standard",
    ids.LAST_DAY: "",
    ids.CYCLE_DAY: "1",
    ids.STATEMENTS: ids.TO_MANAGERS,
    ids.TERMS: "",
}


class Desk:
    """The client Acme with a ticket, on Standard unless another plan is given."""

    def __init__(self, tale: Story) -> None:
        self.tale = tale

    async def open(self, plan: str = "standard") -> None:
        self.channel, self.ann = await self.tale.add_client(plan=plan)
        self.ts = await self.tale.says(self.ann, self.channel, "Our server is down")

    async def preview(self, **given: Any) -> str:
        """Return the preview of the change, or the errors of the dialog."""
        tale = self.tale
        await tale.asks(tale.mo, "plan ACME change")
        errors = await tale.fills_in(tale.mo, **(NOW | given))
        if errors:
            return " ".join(errors.values())
        return "\n".join(
            str(b["text"]["text"]) for b in tale.sandbox.views_open(tale.mo)[-1].blocks
        )

    async def change(self, **given: Any) -> str:
        await self.tale.forward(seconds=1)
        read = await self.preview(**given)
        assert await self.tale.fills_in(self.tale.mo) == {}
        return read

    def notices(self) -> list[str]:
        """Return the top-level messages of the bot in the client's channel."""
        messages = self.tale.sandbox.messages(self.channel)
        return [message.plain() for message in messages if message.bot_id]


async def test_an_upgrade_applies_at_once_to_new_tickets_only(
    tmp_path: Path,
) -> None:
    async with story(tmp_path, MARCH_2) as tale, tale.running():
        desk = Desk(tale)
        await desk.open()
        before = await tale.tickets()

        read = await desk.change(plan="priority")

        assert "*Acme* is on *Priority* instead of *Standard* from now on." in read
        assert "A month: USD 299.00 → USD 799.00." in read
        assert "Tickets a month: 20, then USD 25.00 each → unlimited. 1 are used" in read
        assert "keep the promise and the price they were opened under. (ACME-1)" in read
        [notice] = desk.notices()
        assert "From now on the plan is *Priority*; it was *Standard*." in notice
        assert "*Acme*: From now on the plan is *Priority*" in tale.said_to_managers()[-1]
        assert await tale.tickets() == before
        await tale.forward(minutes=10)
        await tale.says(desk.ann, desk.channel, "And the shop is down")
        plans = [ticket["plan"] for ticket in (await tale.tickets()).values()]
        assert plans == ["standard", "priority"]


async def test_a_downgrade_starts_with_a_cycle_after_thirty_days_and_can_be_withdrawn(
    tmp_path: Path,
) -> None:
    async with story(tmp_path, MARCH_2) as tale, tale.running():
        desk = Desk(tale)
        await desk.open()
        read = await desk.change(plan="included")
        assert "*Acme* is on *Included* instead of *Standard* from 1 May 2026 on" in read
        assert (
            "From 1 May 2026 on the plan is *Included*; until then it stays" in desk.notices()[-1]
        )
        assert "From 1 May 2026 on: included" in await tale.asks(tale.dana, "plan ACME")

        await tale.asks(tale.mo, "plan ACME withdraw")
        shown = str(tale.sandbox.views_open(tale.mo)[-1].blocks)
        assert "*Acme* stays on *Standard*: the change to *Included* on 1 May 2026 is" in shown
        assert "The plan stays" not in desk.notices()[-1]  # nothing happens before the confirmation
        await tale.twice(tale.mo, tale.sandbox.views_open(tale.mo)[-1], {})
        assert sum("The plan stays" in notice for notice in desk.notices()) == 1
        stays = "The plan stays *Standard*: the change to *Included* is taken back."
        assert stays in desk.notices()[-1]
        refused = await tale.asks(tale.mo, "plan ACME withdraw")
        assert "No downgrade of Acme is planned" in refused

        await desk.change(plan="included")  # for the same day again
        await tale.at(MAY - timedelta(seconds=1))
        await tale.says(desk.ann, desk.channel, "Still Standard")
        assert "As announced" not in desk.notices()[-1]
        await tale.at(MAY)
        assert "As announced, the plan is *Included* from now on" in desk.notices()[-1]
        await tale.forward(hours=1)
        ts = await tale.says(desk.ann, desk.channel, "Now Included")
        assert [ticket["plan"] for ticket in (await tale.tickets()).values()] == ["standard"] * 2
        assert "has no support in Slack" in tale.thread(desk.channel, ts)[-1].plain()
        assert "No downgrade" in await tale.asks(tale.mo, "plan ACME withdraw")


async def test_a_fixed_term_of_priority_lasts_three_months_and_then_reverts(tmp_path: Path) -> None:
    async with story(tmp_path, MARCH_2) as tale, tale.running():
        desk = Desk(tale)
        await desk.open()
        refused = await desk.preview(plan="priority", last_day="2026-05-31")
        assert "A fixed term of Priority has 3 months at least" in refused
        assert "2026-06-02" in refused
        await tale.sandbox.close_view(tale.mo, tale.sandbox.views_open(tale.mo)[-1])

        read = await desk.change(plan="priority", last_day="2026-06-30")

        assert "It runs until 30 June 2026; then *Standard* is in force." in read
        assert "It runs until 30 June 2026; then *Standard*." in desk.notices()[-1]
        for day, days in ((1, 90), (31, 30), (23, 7)):
            month = {90: 4, 30: 5, 7: 6}[days]
            await tale.at(datetime(2026, month, day, 20, 0, tzinfo=UTC))
            reminders = [text for text in tale.said_to_managers() if "The agreement of" in text]
            assert f"ends in {days} days: its last day is 30 June 2026" in reminders[-1]
        assert len(reminders) == 3
        await tale.at(datetime(2026, 6, 30, 19, 0, tzinfo=UTC))
        assert "As announced, the plan is *Standard* from now on" in desk.notices()[-1]


async def test_a_term_whose_engineer_changes_sends_one_reminder_of_its_end(tmp_path: Path) -> None:
    async with story(tmp_path, MARCH_2) as tale, tale.running():
        desk = Desk(tale)
        await desk.open()
        term = {ids.PLAN: "priority", ids.LAST_DAY: "2026-06-30"}
        await desk.change(**term)
        for engineer in (tale.dana, tale.eli):
            await desk.change(**term, engineer=engineer)
        await tale.at(datetime(2026, 4, 1, 20, 0, tzinfo=UTC))
        await desk.change(**term, engineer=tale.dana)
        await tale.forward(days=1)
        reminders = [text for text in tale.said_to_managers() if "The agreement of" in text]
        assert len(reminders) == 1
        assert "ends in 90 days" in reminders[0]


@pytest.mark.thorough
async def test_a_statement_goes_to_the_client_if_agreed(tmp_path: Path) -> None:
    async with story(tmp_path, MARCH_2) as tale, tale.running():
        desk = Desk(tale)
        await desk.open()
        await desk.change(statements=ids.TO_CLIENT)
        await tale.at(datetime(2026, 3, 31, 19, 0, tzinfo=UTC))
        assert "1 to 31 March 2026" in desk.notices()[-1]


@pytest.mark.thorough
async def test_a_term_without_a_following_plan_ends_the_agreement(
    tmp_path: Path,
) -> None:
    async with story(tmp_path, MARCH_2) as tale, tale.running():
        channel, ann = await tale.add_client("Acme", plan="support-agreement")
        desk = Desk(tale)
        desk.channel, desk.ann = channel, ann
        read = await desk.change(plan="support-agreement", last_day="2026-03-31")
        assert "then no plan is in force." in read
        await tale.at(datetime(2026, 3, 31, 22, 0, tzinfo=UTC))
        assert "has ended, and no plan follows" in desk.notices()[-1]

        first = await tale.says(ann, channel, "It is down")
        await tale.says(ann, channel, "All of it")

        assert await tale.tickets() == {}
        [reply] = tale.thread(channel, first)
        assert "Your support agreement has ended, so this has opened no ticket." in reply.plain()
        assert "has no agreement now" in await tale.asks(tale.dana, "plan ACME")
        await desk.change(plan="support-agreement")
        ts = await tale.says(ann, channel, "It is down")
        assert "ACME-1" in tale.client_card(channel, ts).plain()


@pytest.mark.thorough
async def test_a_new_engineer_applies_at_once_and_keeps_the_planned_downgrade(
    tmp_path: Path,
) -> None:
    async with story(tmp_path, MARCH_2) as tale, tale.running():
        desk = Desk(tale)
        await desk.open(plan="priority")
        await desk.change(plan="standard")
        read = await desk.change(plan="priority", engineer=tale.eli)
        assert f"The named engineer is <@{tale.eli}>." in read
        assert "Taken back" not in read
        assert f"The named engineer is <@{tale.eli}>." in desk.notices()[-1]
        assert f"<@{tale.eli}>" in tale.triage_card("ACME-1").plain()  # the open ticket, too
        assert "From 1 May 2026 on: standard" in await tale.asks(tale.dana, "plan ACME")
        wrong = await desk.preview(plan="priority", terms="price = 3", engineer=tale.eli)
        assert "The terms cannot be read:" in wrong


@pytest.mark.thorough
async def test_a_withdrawn_downgrade_restores_the_fixed_term(tmp_path: Path) -> None:
    async with story(tmp_path, MARCH_2) as tale, tale.running():
        desk = Desk(tale)
        await desk.open()
        await desk.change(plan="priority", last_day="2026-06-30")
        read = await desk.change(plan="included")
        assert "Taken back: From 1 July 2026 on: standard." in read
        await tale.asks(tale.mo, "plan ACME withdraw")
        await tale.fills_in(tale.mo)
        planned = await tale.asks(tale.dana, "plan ACME")
        assert "From 1 July 2026 on: standard" in planned
        assert "on: included" not in planned
        await tale.at(datetime(2026, 6, 30, 19, 0, tzinfo=UTC))
        assert "As announced, the plan is *Standard* from now on" in desk.notices()[-1]


@pytest.mark.thorough
async def test_a_billing_month_uses_the_agreed_time_zone(tmp_path: Path) -> None:
    async with story(tmp_path, MARCH_2) as tale, tale.running():
        terms = 'zone = "America/New_York"\n'
        channel, ann = await tale.add_client(terms=terms)
        desk = Desk(tale)
        desk.channel, desk.ann = channel, ann
        read = await desk.change(terms=terms, engineer=tale.eli)
        assert "billing months" not in read
        await tale.at(datetime(2026, 4, 1, 3, 59, tzinfo=UTC))
        assert not any("*Statement*" in text for text in tale.said_to_managers())
        await tale.at(datetime(2026, 4, 1, 4, 0, tzinfo=UTC))
        assert any("1 to 31 March 2026" in text for text in tale.said_to_managers())


@pytest.mark.thorough
async def test_custom_terms_in_the_dialog_are_kept_on_another_plan(tmp_path: Path) -> None:
    async with story(tmp_path, MARCH_2) as tale, tale.running():
        desk = Desk(tale)
        await desk.open()
        terms = 'price = "USD 250.00"'
        assert "A month: USD 299.00 → USD 250.00." in await desk.change(terms=terms)
        read = await desk.preview(plan="priority", terms=terms)
        assert "It keeps its own terms." in read
        assert "A month" not in read  # the agreed price applies on both plans
        await tale.sandbox.close_view(tale.mo, tale.sandbox.views_open(tale.mo)[-1])
        read = await desk.change(plan="priority", terms="")
        assert "Its own terms end." in read
        assert "A month: USD 250.00 → USD 799.00." in read


@pytest.mark.thorough
async def test_a_new_cycle_day_ends_the_current_period_with_a_statement(tmp_path: Path) -> None:
    async with story(tmp_path, MARCH_2) as tale, tale.running():
        desk = Desk(tale)
        await desk.open()
        await tale.forward(minutes=10)
        read = await desk.change(cycle_day="31", statements=ids.TO_CLIENT)
        assert "the running period ends when this is in force" in read
        assert "Statements go to managers and to the client's channel." in read
        [stated] = [text for text in tale.said_to_managers() if "*Statement*" in text]
        assert "1 to 2 March 2026" in stated
        await tale.at(datetime(2026, 3, 30, 19, 0, tzinfo=UTC))
        assert any("2 to 30 March 2026" in text for text in tale.said_to_managers())
        assert "2 to 30 March 2026" in desk.notices()[-1]
        assert "Acme" not in desk.notices()[-1]
        await tale.at(datetime(2026, 4, 29, 19, 0, tzinfo=UTC))
        assert "31 March 2026 to 29 April 2026" in desk.notices()[-1]


@pytest.mark.thorough
async def test_an_outdated_preview_cannot_be_confirmed(tmp_path: Path) -> None:
    async with story(tmp_path, MARCH_2) as tale, tale.running():
        desk = Desk(tale)
        await desk.open()
        await desk.preview(plan="included")
        [_, preview] = tale.sandbox.views_open(tale.mo)
        tale.clock.advance(timedelta(days=31))  # the thirty days now end in another cycle

        await tale.fills_in(tale.mo)

        shown = tale.sandbox.views_open(tale.mo)[-1]
        assert "Something has changed meanwhile" in str(shown.blocks)
        assert desk.notices() == []
        assert preview.view_id == shown.view_id


@pytest.mark.thorough
async def test_simultaneous_confirmations_by_two_managers_make_one_change(
    tmp_path: Path,
) -> None:
    async with story(tmp_path, MARCH_2) as tale, tale.running() as bot:
        desk = Desk(tale)
        await desk.open()
        await tale.forward(minutes=1)
        async with bot.runtime.write() as office:
            await add_staff(office, UserId(tale.eli), "manager", "Eli")
        for who, plan in ((tale.mo, "priority"), (tale.eli, "enterprise")):
            await tale.asks(who, "plan ACME change")
            assert await tale.fills_in(who, **(NOW | {ids.PLAN: plan})) == {}

        shown = {who: tale.sandbox.views_open(who)[-1] for who in (tale.mo, tale.eli)}
        await asyncio.gather(*(tale.sandbox.submit(who, view, {}) for who, view in shown.items()))
        await tale.settle()

        left = [view for who in shown for view in tale.sandbox.views_open(who)]
        [refused] = [view for view in left if view.definition["title"]["text"] == "Not done"]
        assert "Something has changed meanwhile" in str(refused.blocks)
        assert len(desk.notices()) == 1
        assert tale.rows("SELECT COUNT(*) FROM agreements") == [(2,)]


@pytest.mark.thorough
async def test_a_repeated_confirmation_makes_one_change(tmp_path: Path) -> None:
    async with story(tmp_path, MARCH_2) as tale, tale.running():
        desk = Desk(tale)
        await desk.open()
        await tale.forward(minutes=1)
        await desk.preview(plan="priority")
        await tale.twice(tale.mo, tale.sandbox.views_open(tale.mo)[-1], {})
        assert len(desk.notices()) == 1
        assert tale.rows("SELECT COUNT(*) FROM agreements") == [(2,)]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "says so already"),
        ({"cycle_day": "32"}, "a day from 1 to 31"),
        ({"cycle_day": "x"}, "not a day of a month"),
        ({"last_day": "soon"}, "not a date"),
        ({"last_day": "2026-02-28"}, "choose a last day from"),
    ],
)
async def test_the_agreement_dialog_refuses_invalid_input(
    tmp_path: Path, given: dict[str, str], why: str
) -> None:
    async with story(tmp_path, MARCH_2) as tale, tale.running():
        desk = Desk(tale)
        await desk.open()
        assert why in await desk.preview(**given)
        refused = await tale.asks(tale.dana, "plan ACME change")
        assert "This is for managers" in refused
