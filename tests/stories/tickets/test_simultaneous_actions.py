"""Two people act on a ticket at the same time: there is a single outcome, and both see it."""

import asyncio
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from bot.domain.ticket_events import SeverityDecided, SeverityProposed
from tests import ids
from tests.story import Story, story


async def asked(tale: Story) -> tuple[str, str, str]:
    channel, ann = await tale.add_client()
    return channel, await tale.says(ann, channel, "Our server is down"), ann


async def severity(tale: Story) -> str:
    return str((await tale.tickets())["ACME-1"]["severity"])


async def decided(tale: Story) -> list[str | None]:
    history = await tale.history("ACME-1")
    return [
        entry.event.changes.severity.after
        for entry in history
        if isinstance(entry.event, SeverityProposed | SeverityDecided)
        and entry.event.changes.severity
    ]


async def test_the_second_of_two_simultaneous_severities_by_staff_is_refused(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        shown = deepcopy(tale.triage_card("ACME-1"))
        chosen = {tale.dana: "high", tale.eli: "low"}

        await asyncio.gather(
            *(
                tale.presses_on_screen(who, shown, ids.TRIAGE_SEVERITY, f"ACME-1:{what}")
                for who, what in chosen.items()
            )
        )

        [first] = await decided(tale)
        assert await severity(tale) == first
        [second] = [who for who, what in chosen.items() if what != first]
        assert tale.whispers(second) == [
            f"Somebody has just set ACME-1 to {first.capitalize()}: choose once more if you see it"
            " otherwise."
        ]
        [label] = [user for user in chosen if user != second]
        assert tale.whispers(label) == []
        assert f"*{first.capitalize()}* (staff decided)" in tale.triage_card("ACME-1").plain()


async def test_choosing_the_same_severity_twice_makes_one_change(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        shown = deepcopy(tale.triage_card("ACME-1"))
        for who in (tale.dana, tale.eli):
            await tale.presses_on_screen(who, shown, ids.TRIAGE_SEVERITY, "ACME-1:high")
            assert tale.whispers(who) == []
        assert await decided(tale) == ["high"]


async def test_a_severity_chosen_on_the_current_card_is_applied(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        for what in ("high", "low", "critical"):
            await tale.presses(
                tale.eli, tale.triage_card("ACME-1"), ids.TRIAGE_SEVERITY, f"ACME-1:{what}"
            )
        assert await decided(tale) == ["high", "low", "critical"]


async def test_the_second_of_two_simultaneous_severities_by_the_client_is_refused(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)
        bo = tale.sandbox.add_user("Bo", team=tale.sandbox._workspace.user(ann).team_id)
        tale.sandbox.join(bo, channel)
        shown = deepcopy(tale.client_card(channel, ts))
        chosen = {ann: "high", bo: "low"}
        await asyncio.gather(
            *(
                tale.presses_on_screen(who, shown, ids.client_severity(what))
                for who, what in chosen.items()
            )
        )
        [first] = await decided(tale)
        [second] = [who for who, what in chosen.items() if what != first]
        assert "Somebody has just set ACME-1 to" in tale.whispers(second)[0]
        await tale.presses(
            second, tale.client_card(channel, ts), ids.client_severity(chosen[second])
        )
        assert await severity(tale) == chosen[second]


async def test_a_reply_after_the_resolution_of_a_colleague_is_refused(tmp_path: Path) -> None:
    """Dana reads the preview of her reply while Eli resolves the ticket."""
    async with story(tmp_path) as tale, tale.running():
        channel, ts, _ = await asked(tale)
        await tale.asks(tale.dana, "take ACME-1")
        await tale.asks(tale.dana, "severity ACME-1 low")
        await tale.asks(tale.dana, "reply ACME-1 We look into it")
        await tale.asks(tale.eli, "resolve ACME-1 Restarted")

        await tale.fills_in(tale.dana)

        [view] = tale.sandbox.views_open(tale.dana)
        assert "ACME-1 is resolved by now: reopen it first" in str(view.blocks)
        [ping] = tale.pings_to(tale.dana)
        assert f"<@{tale.eli}> has resolved *ACME-1* of Acme, which is yours." in ping
        texts = [message.plain() for message in tale.thread(channel, ts)]
        assert len(texts) == 2
        assert "Restarted" in texts[1]


async def test_a_reply_before_the_resolution_of_a_colleague_is_sent(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, _ = await asked(tale)
        await tale.asks(tale.dana, "severity ACME-1 low")
        await tale.presses(tale.eli, tale.triage_card("ACME-1"), ids.RESOLVE)
        await tale.asks(tale.dana, "reply ACME-1 We look into it")
        await tale.fills_in(tale.dana)
        assert await tale.fills_in(tale.eli, words="Restarted") == {}
        texts = [message.plain() for message in tale.thread(channel, ts)]
        assert ["We look into it" in texts[1], "Restarted" in texts[2]] == [True, True]
        assert len(tale.pings_to(tale.dana)) == 1


@pytest.mark.parametrize("dialogs", [(ids.REPLY, ids.RESOLVE), (ids.RESOLVE, ids.REPLY)])
async def test_a_simultaneous_reply_and_resolution_have_one_outcome(
    tmp_path: Path, dialogs: tuple[str, str]
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, _ = await asked(tale)
        await tale.asks(tale.dana, "severity ACME-1 low")
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.REPLY)
        await tale.fills_in(tale.dana, words="We look into it")
        await tale.presses(tale.eli, tale.triage_card("ACME-1"), ids.RESOLVE)
        words = {ids.WORDS: "Restarted"}
        views: dict[str, Any] = {ids.REPLY: (tale.dana, {}), ids.RESOLVE: (tale.eli, words)}
        await asyncio.gather(
            *(
                tale.sandbox.submit(who, tale.sandbox.views_open(who)[-1], given)
                for who, given in (views[dialog] for dialog in dialogs)
            )
        )
        await tale.settle()
        posted = " ".join(message.plain() for message in tale.thread(channel, ts))
        refused = [str(view.blocks) for view in tale.sandbox.views_open(tale.dana)]
        assert (await tale.tickets())["ACME-1"]["state"] == "resolved"
        assert ("We look into it" in posted) != any(
            "by now: reopen it first" in blocks for blocks in refused
        )


async def test_simultaneous_takes_leave_one_assignee(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        shown = deepcopy(tale.triage_card("ACME-1"))
        people = (tale.dana, tale.eli)
        await asyncio.gather(*(tale.presses_on_screen(who, shown, ids.TAKE) for who in people))
        has_it = (await tale.tickets())["ACME-1"]["assignee"]
        [other] = [who for who in people if who != has_it]
        assert f"<@{has_it}> has ACME-1" in tale.whispers(other)[0]
        assert f"Who has it: <@{has_it}>" in tale.triage_card("ACME-1").plain()
