"""Changes of channels in use, such as new IDs, archiving and removal of the bot, and of the app."""

from pathlib import Path

import pytest

from bot.sandbox import DeliveryFault, Fault
from bot.views.operations.health import ailments
from storage.tables import metadata
from storage.tables.operations import former_channels
from tests import ids
from tests.story import Story, story

pytestmark = pytest.mark.both_stores(thorough="postgresql")

POST = "chat.postMessage"


def columns_with(tale: Story, channel: str) -> list[str]:
    """Return the columns that contain the channel ID, without former channels and finished rows."""
    places = []
    for table in metadata.sorted_tables:
        undone = " AND done_at IS NULL" if table.name == "inbox" else ""
        for column in table.columns:
            names_a_channel = "channel" in column.name or column.name == "lane"
            if names_a_channel and table is not former_channels:
                query = f"SELECT 1 FROM {table.name} WHERE {column.name} = ?{undone}"  # noqa: S608
                places += [f"{table.name}.{column.name}"] * bool(tale.rows(query, channel))
    return places


async def test_a_channel_with_a_new_id_keeps_its_client_and_tickets(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running() as bot:
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Our server is down")
        await tale.sandbox.edit(ann, channel, ts, "Our mail server is down")
        bot.catch_up()
        await tale.settle()
        assert {column.split(".")[0] for column in columns_with(tale, channel)} == {
            *("clients", "tickets", "messages", "wordings", "outbox", "backfills")
        }

        new = tale.sandbox.change_id(channel)
        await tale.settle()
        tale.sandbox.redeliver_last()
        bot.catch_up()
        await tale.settle()
        assert columns_with(tale, channel) == []

        follow_up = await tale.says(ann, new, "Still down", thread_ts=ts)
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.TAKE)
        await tale.says(tale.dana, new, "We are on it", thread_ts=ts)
        assert tale.because(follow_up) == "a follow-up"
        assert tale.dana in tale.client_card(new, ts).plain()
        [ticket] = (await tale.tickets()).values()
        assert ticket["first_response_at"] is not None
        assert tale.said_to_managers() == []


async def test_a_late_message_under_an_old_channel_id_belongs_to_the_client(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        tale.sandbox.deliveries.add(DeliveryFault.HOLD, of="message")
        ts = await tale.sandbox.post(ann, channel, "Our server is down")
        first = tale.sandbox.change_id(channel)
        second = tale.sandbox.change_id(first)
        await tale.settle()
        tale.sandbox.deliveries.release()
        await tale.settle()
        assert "ACME-1" in tale.client_card(second, ts).plain()
        assert columns_with(tale, channel) == columns_with(tale, first) == []


@pytest.mark.thorough
async def test_two_id_changes_may_arrive_in_the_wrong_order(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        tale.sandbox.deliveries.add(DeliveryFault.HOLD, of="channel_id_changed")
        first = tale.sandbox.change_id(channel)
        second = tale.sandbox.change_id(first)
        await tale.settle()
        tale.sandbox.deliveries.release()
        await tale.settle()
        ts = await tale.says(ann, second, "Our server is down")
        assert "ACME-1" in tale.client_card(second, ts).plain()


@pytest.mark.thorough
async def test_backfill_finds_messages_posted_before_the_id_change_arrives(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running() as bot:
        channel, ann = await tale.add_client()
        tale.sandbox.deliveries.add(DeliveryFault.HOLD, of="channel_id_changed")
        new = tale.sandbox.change_id(channel)
        ts = await tale.says(ann, new, "Our server is down")
        assert await tale.tickets() == {}
        tale.sandbox.deliveries.release()
        await tale.settle()
        bot.catch_up()
        await tale.settle()
        assert "ACME-1" in tale.client_card(new, ts).plain()


@pytest.mark.thorough
async def test_messages_that_wait_for_the_old_id_are_sent_to_the_new_id(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        tale.sandbox.faults.add(
            POST, Fault.RATE_LIMITED(30), when=lambda call: call["channel"] == channel
        )
        ts = await tale.sandbox.post(ann, channel, "Our server is down")
        await tale.waits_for("SELECT 1 FROM outbox WHERE error = 'ratelimited'")
        new = tale.sandbox.change_id(channel)
        await tale.waits_for("SELECT 1 FROM former_channels")
        await tale.forward(minutes=1)
        assert "ACME-1" in tale.client_card(new, ts).plain()
        assert tale.said_to_managers() == []


@pytest.mark.thorough
async def test_a_new_id_of_the_triage_channel_is_used_and_the_setting_is_named(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        tale.triage = tale.sandbox.change_id(tale.triage)
        await tale.settle()
        await tale.says(ann, channel, "Our server is down")
        assert "*ACME-1*" in tale.triage_card("ACME-1").plain()
        [alarm] = tale.said_to_managers()
        assert f"please set DESKBELL_TRIAGE_CHANNEL to {tale.triage} and restart" in alarm


@pytest.mark.thorough
async def test_an_id_change_to_another_clients_channel_raises_an_alarm_and_changes_nothing(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        acme, _ = await tale.add_client()
        globex, gus = await tale.add_client("Globex")
        event = {"type": "channel_id_changed", "old_channel_id": acme, "new_channel_id": globex}
        tale.sandbox.tell(event, acme)
        await tale.settle()
        await tale.says(gus, globex, "Our mail is down")
        assert set(await tale.tickets()) == {"GLOBEX-1"}
        [alarm] = tale.said_to_managers()
        assert "I changed nothing: please look which of the two" in alarm


@pytest.mark.thorough
@pytest.mark.parametrize("private", [False, True])
async def test_an_archived_channel_raises_one_alarm_and_gets_its_messages_when_it_reopens(
    tmp_path: Path, private: bool
) -> None:
    async with story(tmp_path) as tale, tale.running():
        ann = tale.sandbox.add_user("Ann")
        channel = tale.sandbox.add_channel("acme", members=[ann, tale.dana], private=private)
        await tale.becomes_client("Acme", channel)
        ts = await tale.says(ann, channel, "Our server is down")
        tale.sandbox.archive(channel)
        await tale.settle()
        [alarm] = tale.said_to_managers()
        assert f"Acme's channel ({channel}) was archived." in alarm
        assert "Please unarchive it" in alarm

        await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.TAKE)
        assert tale.dana not in tale.client_card(channel, ts).plain()
        assert tale.rows("SELECT state FROM outbox WHERE channel = ?", channel) == [("failed",)]
        assert tale.said_to_managers() == [alarm]
        tale.sandbox.unarchive(channel)
        await tale.settle()
        assert tale.dana in tale.client_card(channel, ts).plain()


@pytest.mark.thorough
async def test_a_channel_unarchived_without_an_event_gets_its_messages_after_a_restart(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale:
        async with tale.running():
            channel, ann = await tale.add_client()
            ts = await tale.says(ann, channel, "Our server is down")
            tale.sandbox.archive(channel)
            await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.TAKE)
            assert tale.rows("SELECT state FROM outbox WHERE channel = ?", channel) == [("failed",)]
            tale.sandbox.deliveries.add(DeliveryFault.LOSE, of="channel_unarchive")
            tale.sandbox.unarchive(channel)
            await tale.settle()
            assert tale.dana not in tale.client_card(channel, ts).plain()
        async with tale.running():
            await tale.settle()
            assert tale.dana in tale.client_card(channel, ts).plain()


@pytest.mark.thorough
async def test_the_triage_channel_learns_that_the_managers_channel_is_unreachable(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Our server is down")
        tale.sandbox.deliveries.add(DeliveryFault.LOSE, of="channel_archive")
        tale.sandbox.archive(tale.managers)
        await tale.forward(days=2)
        alarms = [message.plain() for message in tale.sandbox.messages(tale.triage)]
        alarms = [text for text in alarms if "I cannot write in the managers' channel" in text]
        assert len(alarms) in {1, 2}, "once a day"
        assert "it is archived (is_archived)" in alarms[0]


@pytest.mark.thorough
async def test_a_removed_bot_asks_for_an_invitation_and_then_finds_missed_posts(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running() as bot:
        channel, ann = await tale.add_client()
        tale.sandbox.leave(tale.sandbox.bot_user_id, channel, by=tale.eli)
        ts = await tale.says(ann, channel, "Our server is down")
        [alarm] = tale.said_to_managers()
        assert f"Acme's channel ({channel}) is closed to me: I was removed" in alarm
        assert "Please invite me there again" in alarm

        tale.sandbox.join(tale.sandbox.bot_user_id, channel, by=tale.eli)
        bot.catch_up()
        await tale.settle()
        assert "ACME-1" in tale.client_card(channel, ts).plain()


@pytest.mark.thorough
async def test_a_deleted_channel_and_an_archived_managers_channel_raise_alarms(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, _ = await tale.add_client()
        tale.sandbox.delete_channel(channel)
        await tale.settle()
        [alarm] = tale.said_to_managers()
        assert "was deleted, with all that was said in it" in alarm
        tale.sandbox.archive(tale.managers)
        await tale.settle()
        [alarm] = [message.plain() for message in tale.triage_cards()]
        assert f"The managers' channel ({tale.managers}) was archived." in alarm


@pytest.mark.thorough
async def test_renaming_sharing_and_membership_are_recorded_without_an_alarm(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        team = tale.sandbox.add_team("Elsewhere")
        bob = tale.sandbox.add_user("Bob")
        channel = tale.sandbox.add_channel("acme")
        await tale.becomes_client("Acme", channel)
        tale.sandbox.rename(channel, "acme-support")
        tale.sandbox.share(channel, team)
        tale.sandbox.join(bob, channel)
        tale.sandbox.leave(bob, channel)
        tale.sandbox.unshare(channel)
        await tale.settle()
        lonely = tale.sandbox.add_channel("elsewhere")
        tale.sandbox.archive(lonely)
        await tale.settle()

        outcomes = [
            outcome
            for outcome in tale.delivered()
            if not outcome.startswith("not written by a person")
        ]
        assert outcomes == [
            f"{channel} is called acme-support now",
            f"{channel} is shared with {team}",
            "somebody else came or went",
            "somebody else came or went",
            f"{channel} is no longer shared with {team}",
            "no channel of the desk's",
        ]
        assert tale.said_to_managers() == []


@pytest.mark.thorough
@pytest.mark.parametrize("uninstalled", [False, True])
async def test_a_revoked_token_is_reported_at_once_by_health_and_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], uninstalled: bool
) -> None:
    async with story(tmp_path) as tale, tale.running() as bot:
        if uninstalled:
            await tale.sandbox.uninstall()
        else:
            tale.sandbox.revoke_tokens()
        await tale.waits_for("SELECT 1 FROM outbox WHERE attempts > 0")
        signs = await bot._watch.signs()
        assert "Slack refuses the app's token" in ailments(signs)["slack"]
    assert "the outbox stands still" in capsys.readouterr().out
