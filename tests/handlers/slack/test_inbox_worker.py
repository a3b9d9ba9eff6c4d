"""Tests the inbox worker: each delivery is worked once, and a crash holds up only its channel."""

from pathlib import Path
from typing import Any

import pytest

from bot.domain.operations.refusals import NothingParked
from bot.sandbox import Fault
from bot.usecases.operations.parked_deliveries import parked, retry
from bot.views.refusals import sentence_of
from tests.stores import POSTGRESQL, SQLITE, chosen
from tests.story import Story, story

BREAK_CLOCKS = {
    SQLITE: [
        "CREATE TRIGGER broken BEFORE UPDATE ON clocks"
        " BEGIN SELECT RAISE(ABORT, 'a broken disk'); END"
    ],
    POSTGRESQL: [
        "CREATE FUNCTION break_down() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RAISE EXCEPTION 'a broken disk'; END $$",
        "CREATE TRIGGER broken BEFORE UPDATE ON clocks EXECUTE FUNCTION break_down()",
    ],
}


def break_clocks(tale: Story) -> None:
    for statement in BREAK_CLOCKS[chosen()]:
        tale.rows(statement)


def mend_clocks(tale: Story) -> None:
    on = " ON clocks" if chosen() == POSTGRESQL else ""
    tale.rows(f"DROP TRIGGER broken{on}")


def outcomes(tale: Story) -> list[tuple[str | None, int]]:
    """Return the outcome and the number of failed attempts of each delivery."""
    return tale.rows("SELECT outcome, attempts FROM inbox ORDER BY id")


async def send_invalid_message(tale: Story, channel: str) -> None:
    """Send a message with an invalid `ts`."""
    message = {"type": "message", "channel": channel, "ts": "?", "user": "U1", "text": "?"}
    tale.sandbox.tell(message | {"event_ts": "1"}, channel)


async def test_a_crashing_delivery_is_tried_five_times_and_parked_with_a_reference(
    tmp_path: Path, capsys: Any
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, _ = await tale.add_client()
        await send_invalid_message(tale, channel)
        for seconds in (0, 2, 4, 8, 16):
            await tale.forward(seconds=seconds)
        [(outcome, attempts)] = outcomes(tale)
        assert outcome is not None
        assert outcome.startswith("parked after 5 attempts: reference ")
        assert attempts == 4
        reference = outcome.rpartition(" ")[2]
        [alarm] = tale.said_to_managers()
        assert f"Look for {reference} in the log" in alarm
    logged = capsys.readouterr().out
    assert reference in logged
    assert logged.count("a delivery crashed") == 5


async def test_a_parked_delivery_is_worked_when_the_operator_retries_it(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running() as bot:
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Our server is down")
        break_clocks(tale)
        await tale.sandbox.post(tale.dana, channel, "We are on it", thread_ts=ts)
        for seconds in (0, 2, 4, 8, 16):
            await tale.forward(seconds=seconds)
        assert (await tale.tickets())["ACME-1"]["first_response_at"] is None
        mend_clocks(tale)

        async with bot.runtime.write() as desk:
            [given_up] = await parked(desk)
            await retry(desk, given_up.id)
        await tale.settle()

        answered = (await tale.tickets())["ACME-1"]["first_response_at"]
        assert answered.startswith("2026-03-09T05:00:00")  # its own instant, not the retry's
        async with bot.runtime.read() as desk:
            assert await parked(desk) == []
            with pytest.raises(NothingParked) as refused:
                await retry(desk, given_up.id)
        assert f"No parked delivery has the number {given_up.id}" in sentence_of(refused.value)


@pytest.mark.thorough
async def test_a_crashing_delivery_delays_only_its_own_channel(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        acme, ann = await tale.add_client("Acme")
        globex, gus = await tale.add_client("Globex")
        await send_invalid_message(tale, acme)
        await tale.waits_for("SELECT 1 FROM inbox")  # two connections do not keep the order
        await tale.sandbox.post(ann, acme, "Our server is down")
        await tale.sandbox.post(gus, globex, "Our mail is down")
        await tale.settle()
        assert set(await tale.tickets()) == {"GLOBEX-1"}
        for seconds in (2, 4, 8, 16):
            await tale.forward(seconds=seconds)
        assert set(await tale.tickets()) == {"ACME-1", "GLOBEX-1"}


@pytest.mark.thorough
async def test_a_repeated_event_is_worked_once(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Our server is down")
        before = len(outcomes(tale))
        tale.sandbox.redeliver_last()
        await tale.settle()
        assert len(outcomes(tale)) == before
        assert len(await tale.tickets()) == 1


@pytest.mark.thorough
async def test_an_unhandled_event_is_recorded_as_nothing_to_do(tmp_path: Path) -> None:
    async with story(tmp_path, hears_all=True) as tale, tale.running():
        tale.sandbox.tell({"type": "team_rename", "name": "Elsewhere"})
        await tale.settle()
        assert outcomes(tale) == [("nothing to do for team_rename", 0)]


@pytest.mark.thorough
async def test_a_person_is_told_that_slack_did_not_open_the_dialog(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Our server is down")
        for fault in (Fault.ERROR("expired_trigger_id"), Fault.RESET_BEFORE):
            tale.sandbox.faults.add("views.open", fault)
            await tale.presses(tale.dana, tale.triage_cards()[0], "reply")
        command = await tale.sandbox.command(tale.dana, tale.triage, "/desk", "open")
        assert command.acked
        texts = [answer.plain() for answer in tale.sandbox.ephemerals(tale.dana)]
        assert texts == ["Slack did not open the dialog: please try again."] * 2


@pytest.mark.thorough
async def test_a_crashing_button_is_answered_with_a_reference_and_changes_nothing(
    tmp_path: Path, capsys: Any
) -> None:
    """The ticket's clock cannot be written, as on a broken disk."""
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Our server is down")
        card = tale.client_card(channel, ts)
        break_clocks(tale)
        await tale.presses(ann, card, "client_severity:critical")
        [answer] = tale.sandbox.ephemerals(ann)
        reference = answer.plain().rstrip(".").rpartition(" ")[2]
        assert "nothing was changed" in answer.plain()
        assert (await tale.tickets())["ACME-1"]["severity"] is None
    assert reference in capsys.readouterr().out
