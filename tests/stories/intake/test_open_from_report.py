"""`/desk open`: staff enter a report that came by e-mail, phone or portal."""

from pathlib import Path
from typing import Any

import pytest

from bot.domain.ticket_events import AnswerRecorded, FirstResponse, Opened, Replied, StaffWrote
from tests.story import Story, story

REPORT = {
    "client": "ACME",
    "source": "email",
    "reported_by": "Ann",
    "reported_at": "",
    "words": "Our server is down",
}


async def opens(tale: Story, **given: Any) -> dict[str, str]:
    """Let Dana enter a report, and return the errors of the dialog."""
    await tale.sandbox.command(tale.dana, tale.triage, "/desk", "open")
    return await tale.fills_in(tale.dana, **(REPORT | given))


async def test_the_clock_starts_at_the_reported_time(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():  # 10:00 in Karachi
        await tale.add_client()

        assert await opens(tale, reported_at="2026-03-09 08:30") == {}

        ticket = (await tale.tickets())["ACME-1"]
        assert ticket["opened_at"] == "2026-03-09T03:30:00Z"
        assert ticket["due_at"] == "2026-03-09T07:30:00Z"
        card = tale.triage_card("ACME-1").plain()
        assert "by Ann by e-mail" in card
        assert "Our server is down" in card


async def test_an_old_report_is_a_breach_with_a_note_of_when_it_was_noticed(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        await tale.add_client(plan="enterprise")

        await opens(tale, reported_at="2026-03-02 08:30")

        assert (await tale.tickets())["ACME-1"]["breached"] is True
        [breach] = tale.said_to_managers()
        assert "It was noticed" in breach


async def test_a_problem_noticed_by_staff_is_not_counted(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        assert await opens(tale, source="alert", reported_by="Monitoring") == {}
        ts = await tale.says(ann, channel, "It is down")
        assert (await tale.tickets())["ACME-1"]["counted"] is False
        assert "by Monitoring as we noticed it ourselves" in tale.triage_card("ACME-1").plain()
        assert "Ticket 1 of 20" in tale.client_card(channel, ts).plain()
        await tale.asks(tale.dana, "category ACME-1 bug")
        assert (await tale.tickets())["ACME-1"]["counted"] is False


@pytest.mark.thorough
async def test_an_answer_is_recorded_with_its_own_time(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await tale.add_client(plan="included", in_slack=False)
        await opens(tale)
        await tale.forward(hours=3)

        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "reply")
        done = await tale.fills_in(
            tale.dana, words="Told her to restart it", given_at="2026-03-09 11:15"
        )

        assert done == {}
        ticket = (await tale.tickets())["ACME-1"]
        assert ticket["first_response_at"] == "2026-03-09T06:15:00Z"
        kinds = [type(entry.event) for entry in await tale.history("ACME-1")]
        assert kinds == [Opened, AnswerRecorded, StaffWrote, FirstResponse]


@pytest.mark.thorough
async def test_an_answer_recorded_without_a_time_counts_from_now(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await tale.add_client(plan="included", in_slack=False)
        await opens(tale)
        await tale.forward(hours=3)

        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "reply")
        await tale.fills_in(tale.dana, words="Told her to restart it")

        assert (await tale.tickets())["ACME-1"]["first_response_at"] == "2026-03-09T08:00:00Z"


@pytest.mark.thorough
async def test_invalid_times_are_refused_and_the_dialog_stays_open(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await tale.add_client()

        future = await opens(tale, reported_at="2026-03-09 10:01")
        assert list(future.values()) == [
            "2026-03-09 10:01 lies in the future (Asia/Karachi): give the time at which it"
            " happened."
        ]
        nonsense = await tale.fills_in(tale.dana, **(REPORT | {"reported_at": "yesterday"}))
        assert list(nonsense.values()) == [
            "“yesterday” is not a time: write it like 2026-03-13 14:00."
        ]
        assert await tale.tickets() == {}
        assert tale.triage_cards() == []

        assert await tale.fills_in(tale.dana, **REPORT) == {}
        assert list(await tale.tickets()) == ["ACME-1"]


@pytest.mark.thorough
async def test_an_answer_from_before_the_report_is_refused(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await tale.add_client()
        await opens(tale)
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "reply")

        refused = await tale.fills_in(tale.dana, words="Done", given_at="2026-03-09 09:59")

        assert list(refused.values()) == [
            "ACME-1 was reported later than that: check the time of the answer."
        ]
        assert (await tale.tickets())["ACME-1"]["first_response_at"] is None


@pytest.mark.thorough
async def test_an_answer_in_the_minute_of_the_report_is_accepted(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        await tale.add_client()
        await tale.forward(seconds=40)
        await opens(tale)
        await tale.forward(seconds=40)
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "reply")

        done = await tale.fills_in(tale.dana, words="Done", given_at="2026-03-09 10:00")

        assert done == {}
        ticket = (await tale.tickets())["ACME-1"]
        assert ticket["first_response_at"] == ticket["opened_at"] == "2026-03-09T05:00:40Z"


@pytest.mark.thorough
async def test_a_report_without_words_is_refused(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await tale.add_client()

        refused = await opens(tale, words="  ")

        assert refused == {"words": "Write what was reported: it is what the engineers read."}
        assert await tale.tickets() == {}


@pytest.mark.thorough
async def test_a_report_dialog_submitted_twice_opens_one_ticket(tmp_path: Path) -> None:
    """A person presses again after Slack has shown a time-out."""
    async with story(tmp_path) as tale, tale.running():
        await tale.add_client()
        await tale.sandbox.command(tale.dana, tale.triage, "/desk", "open")
        view = tale.sandbox.views_open(tale.dana)[-1]

        await tale.twice(tale.dana, view, REPORT)

        assert list(await tale.tickets()) == ["ACME-1"]
        assert len(tale.triage_cards()) == 1


@pytest.mark.thorough
async def test_a_reply_preview_submitted_twice_sends_one_answer(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Our server is down")
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "reply")
        await tale.fills_in(tale.dana, words="We are on it")
        preview = tale.sandbox.views_open(tale.dana)[-1]

        await tale.twice(tale.dana, preview, {})

        answers = [reply for reply in tale.thread(channel, ts) if "We are on it" in reply.plain()]
        assert len(answers) == 1
        kinds = [type(entry.event) for entry in await tale.history("ACME-1")]
        assert kinds == [Opened, Replied, StaffWrote, FirstResponse]


@pytest.mark.thorough
async def test_an_answer_dialog_submitted_twice_records_one_answer(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await tale.add_client(plan="included", in_slack=False)
        await opens(tale)
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "reply")
        view = tale.sandbox.views_open(tale.dana)[-1]

        await tale.twice(tale.dana, view, {"words": "Told her to restart it"})

        kinds = [type(entry.event) for entry in await tale.history("ACME-1")]
        assert kinds == [Opened, AnswerRecorded, StaffWrote, FirstResponse]


@pytest.mark.thorough
async def test_the_desk_command_refuses_a_guest_in_private(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await tale.add_client()
        guest = tale.sandbox.add_user("A guest in our workspace")
        tale.sandbox.join(guest, tale.triage)

        for words in ("open", "", "help"):
            await tale.sandbox.command(guest, tale.triage, "/desk", words)

        assert tale.sandbox.views_open(guest) == []
        assert len(tale.whispers(guest)) == 3
        assert all("This is for the support team." in whisper for whisper in tale.whispers(guest))
        assert tale.triage_cards() == []


@pytest.mark.thorough
async def test_open_without_any_client_is_refused_with_a_hint(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await tale.sandbox.command(tale.dana, tale.triage, "/desk", "open")

        assert tale.sandbox.views_open(tale.dana) == []
        assert tale.whispers(tale.dana) == [
            "There is no client yet: add one with `deskbell client add` first."
        ]


@pytest.mark.thorough
async def test_resolving_a_report_is_its_first_response(tmp_path: Path) -> None:
    """The engineer has told the client in another way."""
    async with story(tmp_path) as tale, tale.running():
        await tale.add_client(plan="included", in_slack=False)
        await opens(tale)
        await tale.forward(hours=1)

        await tale.presses(tale.eli, tale.triage_card("ACME-1"), "resolve")
        await tale.fills_in(tale.eli, words="Sent her the new version", severity="low")

        ticket = (await tale.tickets())["ACME-1"]
        assert ticket["state"] == "resolved"
        assert ticket["first_response_at"] == "2026-03-09T06:00:00Z"
