"""What becomes of channels while they are in use, and of the app itself."""

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


def named(tale: Story, channel: str) -> list[str]:
    """Where the store still calls a channel so, but for what is past."""
    found = []
    for table in metadata.sorted_tables:
        undone = " AND done_at IS NULL" if table.name == "inbox" else ""
        for column in table.columns:
            names_one = "channel" in column.name or column.name == "lane"
            if names_one and table is not former_channels:
                query = f"SELECT 1 FROM {table.name} WHERE {column.name} = ?{undone}"  # noqa: S608
                found += [f"{table.name}.{column.name}"] * bool(tale.rows(query, channel))
    return found


async def test_a_channel_with_another_id_is_the_same_clients_and_its_tickets_go_on(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running() as bot:
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Our server is down")
        await tale.sandbox.edit(ann, channel, ts, "Our mail server is down")
        bot.catch_up()
        await tale.settle()
        assert {one.split(".")[0] for one in named(tale, channel)} == {
            *("clients", "tickets", "messages", "wordings", "outbox", "backfills")
        }

        new = tale.sandbox.change_id(channel)
        await tale.settle()
        tale.sandbox.redeliver_last()
        bot.catch_up()
        await tale.settle()
        assert named(tale, channel) == []

        follow_up = await tale.says(ann, new, "Still down", thread_ts=ts)
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.TAKE)
        await tale.says(tale.dana, new, "We are on it", thread_ts=ts)
        assert tale.because(follow_up) == "a follow-up"
        assert tale.dana in tale.client_card(new, ts).plain()
        [ticket] = (await tale.tickets()).values()
        assert ticket["first_response_at"] is not None
        assert tale.said_to_managers() == []


async def test_what_was_said_under_the_old_id_and_comes_late_is_the_clients(
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
        assert named(tale, channel) == named(tale, first) == []


@pytest.mark.thorough
async def test_two_changes_of_an_id_may_come_in_the_wrong_order(tmp_path: Path) -> None:
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
async def test_what_is_said_before_we_hear_of_the_new_id_is_found_in_the_history(
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
async def test_what_is_owed_to_the_old_id_is_said_under_the_new_one(tmp_path: Path) -> None:
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
async def test_the_desks_own_channels_are_found_and_the_setting_is_named(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        tale.triage = tale.sandbox.change_id(tale.triage)
        await tale.settle()
        await tale.says(ann, channel, "Our server is down")
        assert "*ACME-1*" in tale.triage_card("ACME-1").plain()
        [told] = tale.said_to_managers()
        assert f"please set DESKBELL_TRIAGE_CHANNEL to {tale.triage} and restart" in told


@pytest.mark.thorough
async def test_an_id_that_is_another_clients_changes_nothing_and_is_told(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        acme, _ = await tale.add_client()
        globex, gus = await tale.add_client("Globex")
        event = {"type": "channel_id_changed", "old_channel_id": acme, "new_channel_id": globex}
        tale.sandbox.tell(event, acme)
        await tale.settle()
        await tale.says(gus, globex, "Our mail is down")
        assert set(await tale.tickets()) == {"GLOBEX-1"}
        [told] = tale.said_to_managers()
        assert "I changed nothing: please look which of the two" in told


@pytest.mark.thorough
@pytest.mark.parametrize("private", [False, True])
async def test_an_archived_channel_is_told_once_and_its_due_is_said_when_it_is_open_again(
    tmp_path: Path, private: bool
) -> None:
    async with story(tmp_path) as tale, tale.running():
        ann = tale.sandbox.add_user("Ann")
        channel = tale.sandbox.add_channel("acme", members=[ann, tale.dana], private=private)
        await tale.becomes_client("Acme", channel)
        ts = await tale.says(ann, channel, "Our server is down")
        tale.sandbox.archive(channel)
        await tale.settle()
        [told] = tale.said_to_managers()
        assert f"Acme's channel ({channel}) was archived." in told
        assert "Please unarchive it" in told

        await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.TAKE)
        assert tale.dana not in tale.client_card(channel, ts).plain()
        assert tale.rows("SELECT state FROM outbox WHERE channel = ?", channel) == [("failed",)]
        assert tale.said_to_managers() == [told]
        tale.sandbox.unarchive(channel)
        await tale.settle()
        assert tale.dana in tale.client_card(channel, ts).plain()


@pytest.mark.thorough
async def test_a_channel_that_was_opened_unheard_gets_its_due_after_a_restart(
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
async def test_managers_who_cannot_be_told_are_told_of_in_the_triage_channel(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Our server is down")
        tale.sandbox.deliveries.add(DeliveryFault.LOSE, of="channel_archive")
        tale.sandbox.archive(tale.managers)
        await tale.forward(days=2)
        told = [one.plain() for one in tale.sandbox.messages(tale.triage)]
        told = [one for one in told if "I cannot write in the managers' channel" in one]
        assert len(told) in {1, 2}, "once a day"
        assert "it is archived (is_archived)" in told[0]


@pytest.mark.thorough
async def test_who_removes_the_bot_is_asked_to_invite_it_and_nothing_is_lost_meanwhile(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running() as bot:
        channel, ann = await tale.add_client()
        tale.sandbox.leave(tale.sandbox.bot_user_id, channel, by=tale.eli)
        ts = await tale.says(ann, channel, "Our server is down")
        [told] = tale.said_to_managers()
        assert f"Acme's channel ({channel}) is closed to me: I was removed" in told
        assert "Please invite me there again" in told

        tale.sandbox.join(tale.sandbox.bot_user_id, channel, by=tale.eli)
        bot.catch_up()
        await tale.settle()
        assert "ACME-1" in tale.client_card(channel, ts).plain()


@pytest.mark.thorough
async def test_a_deleted_channel_is_told_and_the_managers_own_in_the_triage_channel(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, _ = await tale.add_client()
        tale.sandbox.delete_channel(channel)
        await tale.settle()
        [told] = tale.said_to_managers()
        assert "was deleted, with all that was said in it" in told
        tale.sandbox.archive(tale.managers)
        await tale.settle()
        [told] = [one.plain() for one in tale.triage_cards()]
        assert f"The managers' channel ({tale.managers}) was archived." in told


@pytest.mark.thorough
async def test_names_sharing_and_other_peoples_comings_are_on_record_and_told_to_nobody(
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

        told = [one for one in tale.delivered() if not one.startswith("not written by a person")]
        assert told == [
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
async def test_an_app_whose_token_is_revoked_is_ill_at_once_and_says_so_in_the_log(
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
