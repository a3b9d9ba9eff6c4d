"""What clients write and attach appears in the private thread, and reads there as it reads now."""

from pathlib import Path

import pytest

from bot.sandbox import Fault
from tests.story import Story, story

FILES = [{"name": "screen.png"}]


async def asked(tale: Story) -> tuple[str, str, str]:
    channel, ann = await tale.add_client()
    return channel, await tale.says(ann, channel, "Our server is down"), ann


async def test_a_follow_up_appears_under_the_card_with_a_link_to_it(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)
        assert tale.pings_in_triage("ACME-1") == []  # its beginning stands on the card

        ts = await tale.says(ann, channel, "It says *period closed* & <nothing> else", thread_ts=ts)

        [said] = tale.pings_in_triage("ACME-1")
        assert f"<@{ann}> wrote · " in said
        assert f"/archives/{channel}/p{ts.replace('.', '')}|see it>" in said
        assert ">It says *period closed* &amp; &lt;nothing&gt; else" in said


async def test_files_are_named_also_those_of_the_beginning(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "See here", files=FILES)
        await tale.says(ann, channel, "", thread_ts=ts, files=[{"name": "<!here> server.log"}])
        [said] = tale.pings_in_triage("ACME-1")
        assert "With screen.png" in said  # Slack says so apart: its events only announce files
        assert "With &lt;!here&gt; server.log" in said


@pytest.mark.thorough
async def test_files_of_the_vendors_own_workspace_are_named_by_the_event(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        guest = tale.sandbox.add_user("A client's person, as a guest")
        channel = tale.sandbox.add_channel("acme", members=[guest, tale.dana])
        await tale.becomes_client("Acme", channel)
        await tale.says(guest, channel, "", files=FILES)
        assert "(a file: screen.png)" in tale.triage_card("ACME-1").plain()
        assert "With screen.png" in tale.pings_in_triage("ACME-1")[0]
        assert tale.sandbox.calls("files.info") == []


@pytest.mark.thorough
async def test_a_file_that_slack_does_not_name_now_is_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name holds nothing up; it is there when the message is shown anew."""
    monkeypatch.setattr("bot.delivery.slack.sender.NAMES_TIMEOUT_SECONDS", 0.2)
    for fault in (Fault.HANG_BEFORE, Fault.ERROR("missing_scope"), Fault.RATE_LIMITED(30)):
        (tmp_path / str(id(fault))).mkdir()
        async with story(tmp_path / str(id(fault))) as tale, tale.running():
            channel, ann = await tale.add_client()
            tale.sandbox.faults.add("files.info", fault)
            ts = await tale.says(ann, channel, "See here", files=FILES)
            tale.sandbox.faults.release()
            [said] = tale.pings_in_triage("ACME-1")
            assert "With a file" in said

            await tale.forward(minutes=1)
            await tale.sandbox.edit(ann, channel, ts, "See there")
            await tale.settle()
            assert "With screen.png" in tale.pings_in_triage("ACME-1")[0]


@pytest.mark.thorough
async def test_nobody_has_the_file_of_another_named_by_its_id(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        other, ben = await tale.add_client("Globex")
        await tale.says(ben, other, "See", files=[{"name": "secret.xls"}])
        [theirs] = tale.sandbox.messages(other)[0].files
        guest = tale.sandbox.add_user("A client's person, as a guest")
        channel = tale.sandbox.add_channel("acme", members=[guest, tale.dana])
        await tale.becomes_client("Acme", channel)
        await tale.says(guest, channel, "x", files=[{"name": f"check_file_info:{theirs['id']}"}])
        [said] = tale.pings_in_triage("ACME-1")
        assert "With a file" in said
        assert "secret" not in said


@pytest.mark.thorough
async def test_no_name_of_a_deleted_file_is_left(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "See here", files=FILES)
        await tale.sandbox.delete(ann, channel, ts)
        await tale.settle()
        assert "screen" not in "".join(tale.pings_in_triage("ACME-1"))
        for table in ("messages", "wordings", "outbox", "tickets", "events"):
            assert "screen" not in str(tale.rows(f"SELECT * FROM {table}"))  # noqa: S608


@pytest.mark.thorough
async def test_long_words_appear_whole_as_far_as_a_message_goes(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)
        for words, goes_on in ((1000, False), (4000, True)):
            text = " ".join(f"w{number}" for number in range(words))
            await tale.forward(minutes=1)
            await tale.says(ann, channel, text, thread_ts=ts)
            said = tale.pings_in_triage("ACME-1")[-1].partition("see it>")[2]
            found = [word for word in said.replace(">", " ").split() if word[1:].isdigit()]
            assert found == text.split()[: len(found)]
            assert len(found) == words if not goes_on else len(found) > 1500
            assert ("It goes on: see it there." in said) == goes_on


@pytest.mark.thorough
async def test_an_edit_and_a_deletion_show_there_too(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await asked(tale)
        later = await tale.says(ann, channel, "The password is hunter2", thread_ts=ts)

        await tale.sandbox.edit(ann, channel, later, "The password is gone")
        await tale.settle()
        [said] = tale.pings_in_triage("ACME-1")
        assert "wrote (edited)" in said
        assert "hunter2" not in said
        assert ">The password is gone" in said

        await tale.sandbox.delete(ann, channel, later)
        await tale.settle()
        shown = tale.pings_in_triage("ACME-1")
        assert f"<@{ann}> wrote here, and deleted it." in shown[0]
        assert "password" not in "".join(shown)


@pytest.mark.thorough
async def test_what_was_deleted_before_it_was_shown_is_never_shown(tmp_path: Path) -> None:
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
async def test_the_beginning_that_came_late_makes_a_follow_up_of_what_came_first(
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
        [said] = tale.pings_in_triage("ACME-1")
        assert ">It has been so since noon" in said


@pytest.mark.thorough
async def test_what_is_written_within_a_minute_is_one_message_there(tmp_path: Path) -> None:
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
        assert ">Our server" not in first  # it stands on the card
        assert ">Four" in second


@pytest.mark.thorough
async def test_answers_of_staff_are_not_repeated(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, _ = await asked(tale)
        await tale.says(tale.dana, channel, "We are on it", thread_ts=ts)
        assert tale.pings_in_triage("ACME-1") == []


@pytest.mark.thorough
@pytest.mark.parametrize("then", ["edited", "deleted"])
async def test_the_words_of_what_was_flagged_stand_on_its_card_as_they_are_now(
    tmp_path: Path, then: str
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Thanks!")
        await tale.forward(minutes=10)
        await tale.sandbox.react(tale.dana, channel, ts, "ticket")
        await tale.settle()

        if then == "edited":
            await tale.sandbox.edit(ann, channel, ts, "Thanks! But it is down")
        else:
            await tale.sandbox.delete(ann, channel, ts)
        await tale.settle()

        card = tale.triage_card("ACME-1").plain()
        assert ("Thanks! But it is down" in card) == (then == "edited")
        assert ("(the client deleted this message)" in card) == (then == "deleted")
        assert "Thanks!\n" not in card
