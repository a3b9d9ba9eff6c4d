"""Permissions of buttons: clients propose, staff decide, strangers are refused in private."""

from pathlib import Path

import pytest

from bot.delivery.slack.client import web_client, web_session
from bot.domain.actor import ClientPerson, Staff
from bot.domain.ids import UserId
from bot.domain.ticket_events import Change, ProposalNoted, SeverityDecided, SeverityProposed
from bot.sandbox import Message
from tests.story import Story, story

STAFF_ONLY = "This is for the support team."
ABSENT = "There is no ticket {} here: check the key on its card."


async def ticket(tale: Story) -> tuple[str, str, str]:
    """Open ACME-1; return the channel, the `ts` of the post, and its author."""
    channel, ann = await tale.add_client()
    return channel, await tale.says(ann, channel, "Something is odd"), ann


async def propose(tale: Story, user: str, channel: str, ts: str, severity: str) -> None:
    await tale.presses(user, tale.client_card(channel, ts), f"client_severity:{severity}")


async def test_a_clients_proposal_applies_until_staff_decide_and_both_are_recorded(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await ticket(tale)

        await propose(tale, ann, channel, ts, "critical")
        assert (await tale.tickets())["ACME-1"]["severity"] == "critical"
        assert "*Critical* (you said)" in tale.client_card(channel, ts).plain()

        card = tale.triage_card("ACME-1")
        await tale.presses(tale.dana, card, "triage_severity", "ACME-1:medium")
        assert (await tale.tickets())["ACME-1"]["severity"] == "medium"
        assert "(you said)" not in tale.client_card(channel, ts).plain()

        recorded = [
            (type(entry.event), entry.actor, entry.event.changes.severity)
            for entry in await tale.history("ACME-1")
            if isinstance(entry.event, SeverityProposed | SeverityDecided)
        ]
        assert recorded == [
            (SeverityProposed, ClientPerson(UserId(ann)), Change(None, "critical")),
            (SeverityDecided, Staff(UserId(tale.dana)), Change("critical", "medium")),
        ]


async def test_a_proposal_after_the_decision_is_recorded_and_the_client_gets_an_answer(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await ticket(tale)
        card = tale.triage_card("ACME-1")
        await tale.presses(tale.dana, card, "triage_severity", "ACME-1:low")

        await propose(tale, ann, channel, ts, "critical")

        assert (await tale.tickets())["ACME-1"]["severity"] == "low"
        [answer] = tale.whispers(ann)
        assert "The support team has set the severity" in answer
        proposed = (await tale.history("ACME-1"))[-1]
        assert proposed.event == ProposalNoted("critical")


async def test_a_proposal_equal_to_the_decision_has_no_effect(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await ticket(tale)
        card = tale.triage_card("ACME-1")
        await tale.presses(tale.dana, card, "triage_severity", "ACME-1:low")
        before = await tale.history("ACME-1")

        await propose(tale, ann, channel, ts, "low")

        assert tale.whispers(ann) == []
        assert await tale.history("ACME-1") == before


async def test_a_choice_of_staff_on_the_client_card_is_a_decision(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts, ann = await ticket(tale)

        await propose(tale, tale.dana, channel, ts, "high")
        await propose(tale, ann, channel, ts, "critical")

        assert (await tale.tickets())["ACME-1"]["severity"] == "high"
        assert "(staff decided)" in tale.triage_card("ACME-1").plain()


@pytest.mark.parametrize(
    ("action_id", "value"),
    [
        ("take", None),
        ("triage_severity", "ACME-1:low"),
        ("resolve", None),
        ("reply", None),
    ],
)
async def test_a_guest_is_refused_in_private_and_changes_nothing(
    tmp_path: Path, action_id: str, value: str | None
) -> None:
    async with story(tmp_path) as tale, tale.running():
        await ticket(tale)
        guest = tale.sandbox.add_user("A guest in our workspace")
        tale.sandbox.join(guest, tale.triage)
        before = await tale.tickets(), await tale.history("ACME-1")

        await tale.presses(guest, tale.triage_card("ACME-1"), action_id, value)

        [refusal] = tale.whispers(guest)
        assert STAFF_ONLY in refusal
        assert tale.sandbox.views_open(guest) == []
        assert (await tale.tickets(), await tale.history("ACME-1")) == before


async def forged(tale: Story, channel: str, action_id: str, key: str) -> Message:
    """Post a message with a button of the desk and a forged key."""
    button = {
        "type": "button",
        "action_id": action_id,
        "value": key,
        "text": {"type": "plain_text", "text": "Press"},
    }
    blocks = [{"type": "actions", "elements": [button]}]
    async with web_session() as session:
        client = web_client(tale.sandbox.bot_token, tale.sandbox.api_url, session)
        posted = await client.chat_postMessage(channel=channel, text="Press", blocks=blocks)
    message = tale.sandbox.message(channel, str(posted["ts"]))
    assert message is not None
    return message


@pytest.mark.parametrize("action_id", ["client_severity:critical", "not_solved"])
async def test_another_clients_key_is_refused_like_a_missing_key(
    tmp_path: Path, action_id: str
) -> None:
    async with story(tmp_path) as tale, tale.running():
        await ticket(tale)
        channel, ben = await tale.add_client("Globex")
        before = await tale.tickets(), await tale.history("ACME-1")

        for key in ("ACME-1", "ACME-99"):
            await tale.presses(ben, await forged(tale, channel, action_id, key), action_id)

        assert tale.whispers(ben) == [ABSENT.format("ACME-1"), ABSENT.format("ACME-99")]
        assert (await tale.tickets(), await tale.history("ACME-1")) == before


async def test_a_severity_outside_the_plan_is_refused_with_the_choices(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, _, ann = await ticket(tale)

        button = await forged(tale, channel, "client_severity:p1", "ACME-1")
        await tale.presses(ann, button, "client_severity:p1")

        refusal = "Standard has no severity “p1”: choose critical, high, medium, low."
        assert tale.whispers(ann) == [refusal]
        assert (await tale.tickets())["ACME-1"]["severity"] is None


async def test_taking_over_an_own_ticket_changes_nothing(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await ticket(tale)
        card = tale.triage_card("ACME-1")
        await tale.presses(tale.dana, card, "take")
        before = await tale.history("ACME-1")

        await tale.presses(tale.dana, card, "take_over")

        assert await tale.history("ACME-1") == before
        assert (await tale.tickets())["ACME-1"]["assignee"] == tale.dana
