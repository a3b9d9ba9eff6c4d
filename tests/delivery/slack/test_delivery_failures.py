"""What Slack will not take is parked and the operators are told, once; what it does not take yet
waits; and while it refuses the app itself, nothing is tried at all."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import DeliveryFault, Fault
from bot.views.operations.health import ailments
from tests.delivery.slack.test_each_message_once import until, waits
from tests.story import MONDAY, Story, story

POST, PROBE = "chat.postMessage", "auth.test"
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.both_stores(thorough="postgresql")


def alarms(tale: Story) -> list[str]:
    return [one for one in tale.said_to_managers() if "needs a hand" in one]


def parked(tale: Story) -> list[tuple[Any, ...]]:
    return tale.rows("SELECT channel, error FROM outbox WHERE state = 'failed'")


async def test_an_archived_channel_is_told_of_once_and_the_others_go_on(tmp_path: Path) -> None:
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
        [told] = alarms(tale)
        assert f"Acme's channel ({acme})" in told
        assert "archived" in told


async def test_who_has_left_the_company_is_told_of_and_the_others_are_pinged(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client(plan="priority", engineer=tale.dana)
        await tale.says(ann, channel, "Our server is down")
        tale.sandbox.deliveries.add(DeliveryFault.HOLD, of="user_change")  # which would say it
        tale.sandbox.deactivate(tale.dana)
        await tale.forward(days=3)

        assert {error for _, error in parked(tale)} == {"user_disabled"}
        assert alarms(tale)
        assert all("Dana" in told or tale.dana in told for told in alarms(tale))
        assert any(said.startswith("*ACME-1*") for said in tale.said_to_managers())
        assert tale.pings_in_triage("ACME-1")


@pytest.mark.thorough
async def test_words_that_slack_does_not_take_are_told_of_by_their_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        refusal = Fault.ERROR("msg_too_long")
        tale.sandbox.faults.add(POST, refusal, when=lambda call: call["channel"] == tale.triage)
        await tale.says(ann, channel, "Our server is down")

        assert parked(tale) == [(tale.triage, "msg_too_long")]
        [told] = alarms(tale)
        assert "A message about ACME-1 (triage card) could not be shown in the triage" in told


@pytest.mark.thorough
async def test_an_alarm_that_slack_does_not_take_breeds_no_alarms(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        tale.sandbox.faults.add(POST, Fault.ERROR("msg_too_long"), times=3)
        await tale.says(ann, channel, "Our server is down")

        assert len(parked(tale)) == 3
        assert len(tale.rows("SELECT 1 FROM outbox WHERE kind = 'alarm'")) == 2


@pytest.mark.thorough
async def test_what_is_owed_to_a_channel_waits_until_somebody_invites_the_bot(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        tale.sandbox.leave(tale.sandbox.bot_user_id, tale.triage)
        ts = await tale.sandbox.post(ann, channel, "Our server is down")
        await until(lambda: tale.thread(channel, ts) and waits(tale, "not_in_channel"))
        await until(lambda: alarms(tale))
        assert tale.triage_cards() == []

        tale.sandbox.join(tale.sandbox.bot_user_id, tale.triage)
        await tale.forward(minutes=1)

        assert len(tale.triage_cards()) == 1
        [told] = alarms(tale)
        assert f"The triage channel ({tale.triage}) is closed to me" in told
        assert "Please invite me" in told


@pytest.mark.thorough
async def test_who_lets_the_bot_in_within_a_day_is_in_time_and_after_it_is_parked(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running() as bot:
        channel, ann = await tale.add_client()
        tale.sandbox.leave(tale.sandbox.bot_user_id, tale.triage)
        await tale.sandbox.post(ann, channel, "Our server is down")
        for expected in range(1, 26):  # at first, and after each of 24 hours
            await until(partial(has_been_tried, tale, expected))
            assert len(parked(tale)) == (expected == 25)
            tale.clock.advance(HOUR)
            bot.runtime.on_said()

        assert parked(tale) == [(tale.triage, "not_in_channel")]


def has_been_tried(tale: Story, times: int) -> bool:
    """Whether it is on record that Slack did not take the triage card so many times."""
    query = "SELECT 1 FROM outbox WHERE channel = ? AND attempts = ? AND lease_until IS NULL"
    return bool(tale.rows(query, tale.triage, times))


def revoked(tale: Story) -> Callable[[], None]:
    """Every call is refused until the story's clock has gone on for three hours."""
    until_then = (MONDAY, MONDAY + 3 * HOUR)
    tale.sandbox.faults.add("*", Fault.ERROR("token_revoked"), times=None, during=until_then)
    return lambda: tale.clock.set(MONDAY + 3 * HOUR)


def under_way(tale: Story) -> bool:
    return bool(tale.rows("SELECT 1 FROM outbox WHERE lease_until IS NOT NULL"))


def has_probed(tale: Story, times: int) -> bool:
    return len(tale.sandbox.calls(PROBE)) == times


def without_writing(tale: Story) -> Callable[[], None]:
    """The token lacks chat:write until somebody gives it back."""
    slack = tale.sandbox._slack
    may = slack.rights
    slack.rights = replace(may, scopes=(may.scopes or frozenset()) - {"chat:write"})

    def mend() -> None:
        slack.rights = may
        tale.clock.set(MONDAY + 3 * HOUR)

    return mend


@pytest.mark.thorough
@pytest.mark.parametrize("refuses", [revoked, without_writing])
async def test_while_slack_refuses_the_app_the_outbox_stands_still_and_then_goes_on_by_itself(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    refuses: Callable[[Story], Callable[[], None]],
) -> None:
    async with story(tmp_path) as tale, tale.running() as bot:
        places = [await tale.add_client(name) for name in ("Acme", "Globex", "Initech")]
        await tale.says(places[0][1], places[0][0], "Our mail is slow")  # Bolt asks who it is
        mend = refuses(tale)
        tale.clock.advance(timedelta(minutes=6))  # what follows later is another ticket
        for channel, person in places:
            await tale.sandbox.post(person, channel, "Our server is down")
        await until(lambda: bot._messenger.problem and not under_way(tale))
        probes = len(tale.sandbox.calls(PROBE))
        for minutes in (1, 2):  # each brings one probe, and no message is tried
            tale.clock.advance(timedelta(minutes=1, seconds=1))
            await until(partial(has_probed, tale, probes + minutes))
        refused = [call for call in tale.sandbox.calls(POST) if call.error]
        assert len(refused) <= 4  # what was under way at once, one a channel
        assert "the app's token" in ailments(await bot._watch.signs())["slack"]

        mend()
        await tale.settle()

        assert (await bot._watch.signs()).slack is None
        assert len(tale.triage_cards()) == 4
        assert len(tale.rows("SELECT 1 FROM outbox WHERE kind = 'client_card'")) == 4
        assert parked(tale) == []
        assert [call for call in tale.sandbox.calls(POST) if call.error] == refused
        [told] = alarms(tale)
        assert "Slack refused the app's token" in told
    assert capsys.readouterr().out.count("the outbox stands still") == 1
