"""Staff answer at top level while several tickets wait: the desk asks them for the ticket."""

from pathlib import Path

from tests.story import story

QUESTION = "Which ticket is your message in the client's channel meant for?"


async def test_the_chosen_ticket_is_answered_at_the_time_of_the_message(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Our server is down <!channel>")
        await tale.forward(minutes=10)
        await tale.says(ann, channel, "And how do we add a user?")
        await tale.forward(minutes=10)
        ts = await tale.says(tale.dana, channel, "Restarting it now")

        [question] = tale.sandbox.direct_messages(tale.dana)
        assert QUESTION in question.text
        assert "*ACME-1* Our server is down &lt;!channel&gt;" in question.plain()
        assert {ticket["first_response_at"] for ticket in (await tale.tickets()).values()} == {None}

        await tale.forward(minutes=10)
        await tale.presses(tale.dana, question, "meant:0")

        tickets = await tale.tickets()
        assert tickets["ACME-1"]["first_response_at"] == "2026-03-09T05:20:00Z"
        assert tickets["ACME-2"]["first_response_at"] is None
        assert tale.because(ts) == "its writer said so"

        await tale.presses(tale.dana, question, "meant:1")  # the message has its ticket
        assert (await tale.tickets())["ACME-2"]["first_response_at"] is None
        assert "part of a ticket already" in tale.whispers(tale.dana)[-1]


async def test_a_single_waiting_ticket_is_answered_without_a_question(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Our server is down")
        await tale.forward(minutes=10)
        await tale.says(tale.dana, channel, "Restarting it now")
        assert tale.sandbox.direct_messages(tale.dana) == []
        assert (await tale.tickets())["ACME-1"]["first_response_at"] is not None
