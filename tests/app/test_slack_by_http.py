"""Tests of Slack by HTTP: events, presses, commands, dialogs and repeated deliveries."""

from datetime import timedelta
from pathlib import Path

from tests.story import story


async def test_a_ticket_can_be_handled_entirely_by_http(tmp_path: Path) -> None:
    async with story(tmp_path, by_http=True) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Our server is down")
        await tale.presses(ann, tale.client_card(channel, ts), "client_severity:critical")
        await tale.asks(tale.dana, "severity ACME-1 high")
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "reply")
        assert await tale.replies(tale.dana, "We are on it") == {}

        ticket = (await tale.tickets())["ACME-1"]
        assert (ticket["severity"], ticket["breached"]) == ("high", False)
        assert ticket["first_response_at"] is not None
        assert tale.sandbox.given_up == []


async def test_a_message_sent_while_the_bot_is_down_arrives_by_a_repeated_delivery(
    tmp_path: Path,
) -> None:
    async with story(tmp_path, by_http=True) as tale:
        async with tale.running():
            channel, ann = await tale.add_client()
        ts = await tale.sandbox.post(ann, channel, "Our server is down")
        assert tale.sandbox.undelivered == 1
        tale.clock.advance(timedelta(minutes=5))
        async with tale.running():
            await tale.settle()
            assert (await tale.tickets())["ACME-1"]["opened_at"] == "2026-03-09T05:00:00Z"
            assert "*ACME-1*" in tale.client_card(channel, ts).plain()
            assert tale.sandbox.undelivered == 0
