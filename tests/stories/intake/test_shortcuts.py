"""The shortcuts in the menu of a message: open a ticket, and add the message to a ticket."""

from pathlib import Path

import pytest

from tests import ids
from tests.story import Story, story


async def chooses(tale: Story, user: str, channel: str, ts: str, shortcut: str) -> None:
    await tale.sandbox.shortcut(user, channel, ts, shortcut)
    await tale.settle()


def dialog(tale: Story, user: str) -> str:
    return str(tale.sandbox.views_open(user)[-1].definition)


async def test_the_open_shortcut_makes_a_clients_message_a_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Thanks!")
        await chooses(tale, tale.dana, channel, ts, ids.OPEN_SHORTCUT)
        assert tale.whispers(tale.dana) == ["It is part of ACME-1."]
        assert "*ACME-1*" in tale.client_card(channel, ts).plain()
        await chooses(tale, tale.dana, channel, ts, ids.OPEN_SHORTCUT)
        assert tale.whispers(tale.dana) == ["It is part of ACME-1."] * 2
        assert list(await tale.tickets()) == ["ACME-1"]


@pytest.mark.thorough
async def test_the_open_shortcut_on_an_internal_message_enters_a_report(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await tale.add_client()
        ts = await tale.says(tale.eli, tale.triage, "Ann has called: *all* is <down> & out")
        await chooses(tale, tale.dana, tale.triage, ts, ids.OPEN_SHORTCUT)
        given = {ids.CLIENT: "ACME", ids.SOURCE: "phone", ids.REPORTED_BY: "Ann"}
        assert await tale.fills_in(tale.dana, **given) == {}
        assert ">Ann has called: *all* is &lt;down&gt;" in tale.triage_card("ACME-1").plain()


@pytest.mark.thorough
async def test_the_add_shortcut_adds_a_clients_message_to_a_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Our server is down")
        await tale.asks(tale.dana, "wait ACME-1")
        await tale.forward(minutes=10)
        bo = tale.sandbox.add_user("Bo", team=tale.sandbox._workspace.user(ann).team_id)
        tale.sandbox.join(bo, channel)
        await tale.asks(tale.mo, "client ACME intake mention")
        added = await tale.says(bo, channel, "It is the one in the cellar")

        await chooses(tale, tale.dana, channel, added, ids.ADD_SHORTCUT)
        assert ">It is the one in the cellar" in dialog(tale, tale.dana)
        assert await tale.fills_in(tale.dana, **{ids.INTO: "ACME-1"}) == {}

        assert ">It is the one in the cellar" in tale.pings_in_triage("ACME-1")[-1]
        assert "Waiting on the client" not in tale.triage_card("ACME-1").plain()
        await tale.says(bo, channel, "And it smokes", thread_ts=added)
        assert ">And it smokes" in tale.pings_in_triage("ACME-1")[-1]

        await chooses(tale, tale.dana, channel, ts, ids.ADD_SHORTCUT)
        refused = await tale.fills_in(tale.dana, **{ids.INTO: "ACME-1"})
        assert refused[ids.INTO] == "That message is part of ACME-1 already."


@pytest.mark.thorough
async def test_the_add_shortcut_makes_a_top_level_answer_the_first_response(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        for words in ("Our server is down", "And the printer"):
            await tale.says(ann, channel, words)
            await tale.forward(minutes=10)
        answer = await tale.says(tale.dana, channel, "We are on it")
        await chooses(tale, tale.dana, channel, answer, ids.ADD_SHORTCUT)
        await tale.fills_in(tale.dana, **{ids.INTO: "ACME-2"})
        assert (await tale.tickets())["ACME-2"]["first_response_at"] is not None
        assert (await tale.tickets())["ACME-1"]["first_response_at"] is None


@pytest.mark.thorough
async def test_the_add_shortcut_makes_an_internal_message_a_note(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Our server is down")
        ts = await tale.says(tale.eli, tale.triage, "It is the disk again")
        await chooses(tale, tale.dana, tale.triage, ts, ids.ADD_SHORTCUT)
        await tale.fills_in(tale.dana, **{ids.INTO: "ACME-1"})
        assert f"Note by <@{tale.dana}>" in tale.pings_in_triage("ACME-1")[-1]
        assert ">It is the disk again" in tale.pings_in_triage("ACME-1")[-1]
        assert (await tale.tickets())["ACME-1"]["first_response_at"] is None


@pytest.mark.thorough
@pytest.mark.parametrize("shortcut", [ids.OPEN_SHORTCUT, ids.ADD_SHORTCUT])
async def test_shortcuts_refuse_a_guest(tmp_path: Path, shortcut: str) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Our server is down")
        guest = tale.sandbox.add_user("A guest in our workspace")
        for place in (channel, tale.triage):
            tale.sandbox.join(guest, place)
        await chooses(tale, guest, channel, ts, shortcut)
        assert "This is for the support team." in dialog(tale, guest)


@pytest.mark.thorough
async def test_the_add_shortcut_without_an_open_ticket_is_refused(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Thanks!")
        await chooses(tale, tale.dana, channel, ts, ids.ADD_SHORTCUT)
        assert "No ticket is open to which it could be added." in dialog(tale, tale.dana)


async def test_a_message_of_a_client_without_support_in_slack_opens_no_ticket(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client(plan="included")
        ts = await tale.says(ann, channel, "Our server is down")
        await chooses(tale, tale.dana, channel, ts, ids.OPEN_SHORTCUT)
        reason = "It opens no ticket: not a ticket: Included is supported by email or portal."
        assert reason in dialog(tale, tale.dana)
        assert await tale.tickets() == {}
