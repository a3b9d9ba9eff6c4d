"""Tests messages that Slack refuses.

A permanent refusal parks the message and is reported to the operators once; after a temporary
refusal the message waits; while Slack refuses the app itself, no message is tried.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import DeliveryFault, Fault
from bot.views.operations.health import ailments
from tests.delivery.slack.test_each_message_once import is_waiting, until
from tests.story import MONDAY, Story, story

POST, PROBE = "chat.postMessage", "auth.test"
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.both_stores(thorough="postgresql")


def alarms(tale: Story) -> list[str]:
    return [text for text in tale.said_to_managers() if "needs a hand" in text]


def parked(tale: Story) -> list[tuple[Any, ...]]:
    return tale.rows("SELECT channel, error FROM outbox WHERE state = 'failed'")


async def test_an_archived_channel_is_reported_once_and_other_channels_go_on(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        acme, ann = await tale.add_client("Acme")
        globex, gus = await tale.add_client("Globex")
        bo = tale.sandbox.add_user("Bo")
        tale.sandbox.join(bo, acme)
        await tale.sandbox.post(ann, acme, "Our server is down")
        await tale.sandbox.post(bo, acme, "And I cannot log in")
        tale.sandbox.archive(acme)
        await tale.settle()
        ts = await tale.says(gus, globex, "Our mail is down")

        assert "GLOBEX-1" in tale.client_card(globex, ts).plain()
        assert len(tale.triage_cards()) == 3
        assert parked(tale) == [(acme, "is_archived")] * 2
        [alarm] = alarms(tale)
        assert f"Acme's channel ({acme})" in alarm
        assert "archived" in alarm


async def test_a_deactivated_engineer_is_reported_and_the_others_are_pinged(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client(plan="priority", engineer=tale.dana)
        await tale.says(ann, channel, "Our server is down")
        # The event would mark Dana as away.
        tale.sandbox.deliveries.add(DeliveryFault.HOLD, of="user_change")
        tale.sandbox.deactivate(tale.dana)
        await tale.forward(days=3)

        assert {error for _, error in parked(tale)} == {"user_disabled"}
        assert alarms(tale)
        assert all("Dana" in alarm or tale.dana in alarm for alarm in alarms(tale))
        assert any(text.startswith("*ACME-1*") for text in tale.said_to_managers())
        assert tale.pings_in_triage("ACME-1")


@pytest.mark.thorough
async def test_the_alarm_about_a_refused_message_names_its_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        refusal = Fault.ERROR("msg_too_long")
        tale.sandbox.faults.add(POST, refusal, when=lambda call: call["channel"] == tale.triage)
        await tale.says(ann, channel, "Our server is down")

        assert parked(tale) == [(tale.triage, "msg_too_long")]
        [alarm] = alarms(tale)
        assert "A message about ACME-1 (triage card) could not be shown in the triage" in alarm


@pytest.mark.thorough
async def test_a_refused_alarm_causes_no_further_alarm(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        tale.sandbox.faults.add(POST, Fault.ERROR("msg_too_long"), times=3)
        await tale.says(ann, channel, "Our server is down")

        assert len(parked(tale)) == 3
        assert len(tale.rows("SELECT 1 FROM outbox WHERE kind = 'alarm'")) == 2


@pytest.mark.thorough
async def test_messages_to_a_channel_wait_until_the_bot_is_invited(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        tale.sandbox.leave(tale.sandbox.bot_user_id, tale.triage)
        ts = await tale.sandbox.post(ann, channel, "Our server is down")
        await until(lambda: tale.thread(channel, ts) and is_waiting(tale, "not_in_channel"))
        await until(lambda: alarms(tale))
        assert tale.triage_cards() == []

        tale.sandbox.join(tale.sandbox.bot_user_id, tale.triage)
        await tale.forward(minutes=1)

        assert len(tale.triage_cards()) == 1
        [alarm] = alarms(tale)
        assert f"The triage channel ({tale.triage}) is closed to me" in alarm
        assert "Please invite me" in alarm


@pytest.mark.thorough
async def test_a_message_to_a_channel_without_the_bot_is_parked_after_a_day(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running() as bot:
        channel, ann = await tale.add_client()
        tale.sandbox.leave(tale.sandbox.bot_user_id, tale.triage)
        await tale.sandbox.post(ann, channel, "Our server is down")
        for expected in range(1, 26):  # at once, and after each of 24 hours
            await until(partial(is_refused, tale, expected))
            assert len(parked(tale)) == (expected == 25)
            tale.clock.advance(HOUR)
            bot.runtime.on_said()

        assert parked(tale) == [(tale.triage, "not_in_channel")]


def is_refused(tale: Story, times: int) -> bool:
    """Return whether Slack has refused the triage card this number of times."""
    query = "SELECT 1 FROM outbox WHERE channel = ? AND attempts = ? AND lease_until IS NULL"
    return bool(tale.rows(query, tale.triage, times))


def revoke_token(tale: Story) -> Callable[[], None]:
    """Refuse every call for three hours of the story's clock; return a function that ends it."""
    three_hours = (MONDAY, MONDAY + 3 * HOUR)
    tale.sandbox.faults.add("*", Fault.ERROR("token_revoked"), times=None, during=three_hours)
    return lambda: tale.clock.set(MONDAY + 3 * HOUR)


def is_sending(tale: Story) -> bool:
    return bool(tale.rows("SELECT 1 FROM outbox WHERE lease_until IS NOT NULL"))


def has_probed(tale: Story, times: int) -> bool:
    return len(tale.sandbox.calls(PROBE)) == times


def remove_write_scope(tale: Story) -> Callable[[], None]:
    """Take the scope chat:write from the token; return a function that gives it back."""
    slack = tale.sandbox._slack
    rights = slack.rights
    slack.rights = replace(rights, scopes=(rights.scopes or frozenset()) - {"chat:write"})

    def mend() -> None:
        slack.rights = rights
        tale.clock.set(MONDAY + 3 * HOUR)

    return mend


@pytest.mark.thorough
@pytest.mark.parametrize("start_refusing", [revoke_token, remove_write_scope])
async def test_the_outbox_stops_while_slack_refuses_the_app_and_then_resumes(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    start_refusing: Callable[[Story], Callable[[], None]],
) -> None:
    async with story(tmp_path) as tale, tale.running() as bot:
        clients = [await tale.add_client(name) for name in ("Acme", "Globex", "Initech")]
        await tale.says(clients[0][1], clients[0][0], "Our mail is slow")  # Bolt calls auth.test
        mend = start_refusing(tale)
        tale.clock.advance(timedelta(minutes=6))  # the next posts open other tickets
        for channel, person in clients:
            await tale.sandbox.post(person, channel, "Our server is down")
        await until(lambda: bot._messenger.problem and not is_sending(tale))
        probes = len(tale.sandbox.calls(PROBE))
        for minutes in (1, 2):  # each causes a probe, and no message is tried
            tale.clock.advance(timedelta(minutes=1, seconds=1))
            await until(partial(has_probed, tale, probes + minutes))
        refused = [call for call in tale.sandbox.calls(POST) if call.error]
        assert len(refused) <= 4  # the calls in progress, at most one for each channel
        assert "the app's token" in ailments(await bot._watch.signs())["slack"]

        mend()
        await tale.settle()

        assert (await bot._watch.signs()).slack is None
        assert len(tale.triage_cards()) == 4
        assert len(tale.rows("SELECT 1 FROM outbox WHERE kind = 'client_card'")) == 4
        assert parked(tale) == []
        assert [call for call in tale.sandbox.calls(POST) if call.error] == refused
        [alarm] = alarms(tale)
        assert "Slack refused the app's token" in alarm
    assert capsys.readouterr().out.count("the outbox stands still") == 1
