"""The private thread of a ticket shows the messages and files of clients as they are now."""

from pathlib import Path

import pytest

from bot.sandbox import Fault
from tests.story import Story, story

FILES = [{"name": "screen.png"}]


async def asked(tale: Story) -> tuple[str, str, str]:
    channel, ann = await tale.add_client()
    return channel, await tale.says(ann, channel, "Our server is down"), ann


async def test_a_follow_up_appears_under_the_card_with_a_link(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)
        assert tale.pings_in_triage("ACME-1") == []  # the card shows the opening message

        ts = await tale.says(ann, channel, "It says *period closed* & <nothing> else", thread_ts=ts)

        [copy] = tale.pings_in_triage("ACME-1")
        assert f"<@{ann}> wrote · " in copy
        assert f"/archives/{channel}/p{ts.replace('.', '')}|see it>" in copy
        assert ">It says *period closed* &amp; &lt;nothing&gt; else" in copy


async def test_files_of_the_opening_message_and_of_follow_ups_are_named(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "See here", files=FILES)
        await tale.says(ann, channel, "", thread_ts=ts, files=[{"name": "<!here> server.log"}])
        [copy] = tale.pings_in_triage("ACME-1")
        assert "With screen.png" in copy  # from `files.info`: Slack's events only announce files
        assert "With &lt;!here&gt; server.log" in copy


@pytest.mark.thorough
async def test_files_in_the_vendors_own_workspace_need_no_look_up(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        guest = tale.sandbox.add_user("A client's person, as a guest")
        channel = tale.sandbox.add_channel("acme", members=[guest, tale.dana])
        await tale.becomes_client("Acme", channel)
        await tale.says(guest, channel, "", files=FILES)
        assert "(a file: screen.png)" in tale.triage_card("ACME-1").plain()
        assert "With screen.png" in tale.pings_in_triage("ACME-1")[0]
        assert tale.sandbox.calls("files.info") == []


@pytest.mark.thorough
async def test_a_file_is_shown_without_its_name_until_slack_gives_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing name delays nothing, and appears when the message is shown again."""
    monkeypatch.setattr("bot.delivery.slack.sender.NAMES_TIMEOUT_SECONDS", 0.2)
    for fault in (Fault.HANG_BEFORE, Fault.ERROR("missing_scope"), Fault.RATE_LIMITED(30)):
        (tmp_path / str(id(fault))).mkdir()
        async with story(tmp_path / str(id(fault))) as tale, tale.running():
            channel, ann = await tale.add_client()
            tale.sandbox.faults.add("files.info", fault)
            ts = await tale.says(ann, channel, "See here", files=FILES)
            tale.sandbox.faults.release()
            [copy] = tale.pings_in_triage("ACME-1")
            assert "With a file" in copy

            await tale.forward(minutes=1)
            await tale.sandbox.edit(ann, channel, ts, "See there")
            await tale.settle()
            assert "With screen.png" in tale.pings_in_triage("ACME-1")[0]


@pytest.mark.thorough
async def test_a_forged_file_id_does_not_reveal_the_name_of_a_foreign_file(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        other, ben = await tale.add_client("Globex")
        await tale.says(ben, other, "See", files=[{"name": "secret.xls"}])
        [theirs] = tale.sandbox.messages(other)[0].files
        guest = tale.sandbox.add_user("A client's person, as a guest")
        channel = tale.sandbox.add_channel("acme", members=[guest, tale.dana])
        await tale.becomes_client("Acme", channel)
        await tale.says(guest, channel, "x", files=[{"name": f"check_file_info:{theirs['id']}"}])
        [copy] = tale.pings_in_triage("ACME-1")
        assert "With a file" in copy
        assert "secret" not in copy


@pytest.mark.thorough
async def test_deleting_a_message_erases_its_file_names(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "See here", files=FILES)
        await tale.sandbox.delete(ann, channel, ts)
        await tale.settle()
        assert "screen" not in "".join(tale.pings_in_triage("ACME-1"))
        for table in ("messages", "wordings", "outbox", "tickets", "events"):
            assert "screen" not in str(tale.rows(f"SELECT * FROM {table}"))  # noqa: S608


@pytest.mark.thorough
async def test_a_long_text_is_shown_up_to_the_limit_of_a_message(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)
        for words, is_cut in ((1000, False), (4000, True)):
            text = " ".join(f"w{number}" for number in range(words))
            await tale.forward(minutes=1)
            await tale.says(ann, channel, text, thread_ts=ts)
            copy = tale.pings_in_triage("ACME-1")[-1].partition("see it>")[2]
            shown = [word for word in copy.replace(">", " ").split() if word[1:].isdigit()]
            assert shown == text.split()[: len(shown)]
            assert len(shown) == words if not is_cut else len(shown) > 1500
            assert ("It goes on: see it there." in copy) == is_cut


@pytest.mark.thorough
async def test_the_private_thread_shows_edits_and_deletions(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)
        later = await tale.says(ann, channel, "The password is hunter2", thread_ts=ts)

        await tale.sandbox.edit(ann, channel, later, "The password is gone")
        await tale.settle()
        [copy] = tale.pings_in_triage("ACME-1")
        assert "wrote (edited)" in copy
        assert "hunter2" not in copy
        assert ">The password is gone" in copy

        await tale.sandbox.delete(ann, channel, later)
        await tale.settle()
        shown = tale.pings_in_triage("ACME-1")
        assert f"<@{ann}> wrote here, and deleted it." in shown[0]
        assert "password" not in "".join(shown)


@pytest.mark.thorough
async def test_a_message_deleted_before_it_is_shown_is_never_shown(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)
        tale.sandbox.faults.add(
            "chat.postMessage",
            Fault.RATE_LIMITED(5),
            when=lambda call: call["channel"] == tale.triage,
        )
        later = await tale.sandbox.post(ann, channel, "The password is hunter2", thread_ts=ts)
        await tale.waits_for("SELECT 1 FROM outbox WHERE error IS NOT NULL")
        await tale.sandbox.delete(ann, channel, later)
        await tale.recovers()
        assert "hunter2" not in "".join(tale.pings_in_triage("ACME-1"))
        assert f"<@{ann}> wrote here, and deleted it." in tale.pings_in_triage("ACME-1")[0]


@pytest.mark.thorough
async def test_a_late_opening_message_turns_the_first_arrival_into_a_follow_up(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        tale.hold_back(2)
        await tale.sandbox.post(ann, channel, "The server is down")
        await tale.forward(minutes=1)
        await tale.sandbox.post(ann, channel, "It has been so since noon")
        await tale.delivered_newest_first()
        assert ">The server is down" in tale.triage_card("ACME-1").plain()
        [copy] = tale.pings_in_triage("ACME-1")
        assert ">It has been so since noon" in copy


@pytest.mark.thorough
async def test_messages_within_a_minute_are_shown_together(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)
        for word in ("One", "Two", "Three"):
            await tale.says(ann, channel, word, thread_ts=ts)
        await tale.forward(minutes=1)
        await tale.says(ann, channel, "Four", thread_ts=ts)
        first, second = tale.pings_in_triage("ACME-1")
        assert [word in first for word in (">One", ">Two", ">Three", ">Four")] == [True] * 3 + [
            False
        ]
        assert ">Our server" not in first  # the card shows it
        assert ">Four" in second


@pytest.mark.thorough
async def test_answers_of_staff_are_not_mirrored(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, _ = await asked(tale)
        await tale.says(tale.dana, channel, "We are on it", thread_ts=ts)
        assert tale.pings_in_triage("ACME-1") == []


@pytest.mark.thorough
@pytest.mark.parametrize("change", ["edited", "deleted"])
async def test_the_card_of_a_flagged_message_shows_its_current_text(
    tmp_path: Path, change: str
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Thanks!")
        await tale.forward(minutes=10)
        await tale.sandbox.react(tale.dana, channel, ts, "ticket")
        await tale.settle()

        if change == "edited":
            await tale.sandbox.edit(ann, channel, ts, "Thanks! But it is down")
        else:
            await tale.sandbox.delete(ann, channel, ts)
        await tale.settle()

        card = tale.triage_card("ACME-1").plain()
        assert ("Thanks! But it is down" in card) == (change == "edited")
        assert ("(the client deleted this message)" in card) == (change == "deleted")
        assert "Thanks!\n" not in card
