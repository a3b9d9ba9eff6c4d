"""The category of a ticket: whether the plan includes it and whether it counts."""

from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import Fault
from tests import ids
from tests.story import Story, story


async def asked(tale: Story, words: str = "Teach us the reports") -> tuple[str, str, str]:
    channel, ann = await tale.add_client()
    return channel, await tale.says(ann, channel, words), ann


async def sort(tale: Story, kind: str | None = None, fault: str = "") -> dict[str, str]:
    """Fill in the category dialog of the triage card and return its errors."""
    await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.CATEGORY)
    given: dict[str, Any] = {ids.FAULT: fault}
    if kind is not None:
        given[ids.CATEGORY] = kind
    return await tale.fills_in(tale.dana, **given)


async def counted(tale: Story) -> bool:
    return bool((await tale.tickets())["ACME-1"]["counted"])


@pytest.mark.parametrize("kind", ["enhancement", "training"])
async def test_work_outside_the_plan_does_not_count_and_the_client_is_notified(
    tmp_path: Path, kind: str
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, _ = await asked(tale)

        assert await sort(tale, kind) == {}

        card, notice = (message.plain() for message in tale.thread(channel, ts))
        label = {"enhancement": "Enhancement request", "training": "User training"}[kind]
        assert f"{label} is not part of your plan" in card
        assert f"*{label}* is not part of your support plan" in notice
        assert "if you would like an offer, write so in this thread" in notice
        triage = tale.triage_card("ACME-1").plain()
        assert f"Kind of work: {label} (*not covered*: billed as services)" in triage
        assert "Quota: not counted" in triage
        assert not await counted(tale)


async def test_a_ticket_outside_the_plan_keeps_its_deadline(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        before = (await tale.tickets())["ACME-1"]["due_at"]
        await sort(tale, "training")
        ticket = (await tale.tickets())["ACME-1"]
        assert (ticket["due_at"], ticket["first_response_at"]) == (before, None)


@pytest.mark.thorough
async def test_work_within_the_plan_counts_without_a_notice(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, _ = await asked(tale, "It crashes")
        await sort(tale, "bug")
        assert "Kind of work: Bug resolution\n" in tale.triage_card("ACME-1").plain()
        [card] = tale.thread(channel, ts)
        assert "Kind of work: Bug resolution\n" in card.plain()
        assert await counted(tale)


@pytest.mark.thorough
async def test_a_corrected_category_counts_again_and_renumbers_later_cards(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)
        await tale.forward(minutes=10)
        later = await tale.says(ann, channel, "It crashes, too")

        await sort(tale, "training")
        assert "Ticket 1 of 20" in tale.client_card(channel, later).plain()
        await tale.asks(tale.dana, "category acme-1 Bug")

        assert "Ticket 2 of 20" in tale.client_card(channel, later).plain()
        assert "Ticket 1 of 20" in tale.client_card(channel, ts).plain()
        assert await counted(tale)


@pytest.mark.thorough
async def test_a_category_changed_and_restored_during_an_outage_posts_nothing(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, _ = await asked(tale)
        tale.sandbox.faults.add("chat.postMessage", Fault.RATE_LIMITED(5))
        for kind in ("training", "bug"):  # each command is stored before it is acknowledged
            words = f"category ACME-1 {kind}"
            await tale.sandbox.command(tale.dana, tale.triage, "/desk", words)
            await tale.waits_for("SELECT 1 FROM outbox WHERE error IS NOT NULL")
        await tale.recovers()
        assert len(tale.thread(channel, ts)) == 1


@pytest.mark.thorough
async def test_a_ticket_of_our_own_fault_does_not_count_and_hides_the_reason(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, _ = await asked(tale, "It is down since your update")

        await sort(tale, fault="Our update broke it")

        assert "*our own fault*: Our update broke it" in tale.triage_card("ACME-1").plain()
        [card] = tale.thread(channel, ts)
        assert "It does not count against your plan." in card.plain()
        assert "broke it" not in str(card.blocks)
        assert not await counted(tale)

        answer = await tale.asks(tale.dana, "fault ACME-1 no")
        assert answer == "ACME-1 counts against the plan."
        assert await counted(tale)


@pytest.mark.thorough
async def test_the_category_dialog_shows_earlier_choices(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        await sort(tale, "bug", "We did it")
        await tale.presses(tale.eli, tale.triage_card("ACME-1"), ids.CATEGORY)
        [view] = tale.sandbox.views_open(tale.eli)
        kind, fault = (block["element"] for block in view.blocks)
        assert kind["initial_option"]["value"] == "bug"
        assert fault["initial_value"] == "We did it"


@pytest.mark.thorough
async def test_an_unknown_category_is_refused(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        answer = await tale.asks(tale.dana, "category ACME-1 magic")
        assert "has no kind of work “magic”: choose configuration, bug, " in answer
        assert await tale.asks(tale.dana, "category ACME-1") == (
            "Say which kind of work, as in */desk category ACME-1 bug*."
        )
        assert "Say why it was our own fault" in await tale.asks(tale.dana, "fault ACME-1")


@pytest.mark.thorough
async def test_a_reopened_ticket_outside_the_plan_does_not_count(tmp_path: Path) -> None:
    """The order of the events makes no difference to the count."""
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)
        await sort(tale, "training")
        await tale.presses(ann, tale.client_card(channel, ts), ids.WITHDRAW)
        await tale.presses(ann, tale.thread(channel, ts)[0], ids.NOT_SOLVED)
        assert not await counted(tale)
        assert (await tale.tickets())["ACME-1"]["due_at"] is not None
