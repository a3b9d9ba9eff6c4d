"""A message in a client's channel opens or joins a ticket, or is recorded as no ticket."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.story import MONDAY, story


async def test_follow_ups_join_within_five_minutes_and_open_a_ticket_later(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Our server is down")
        await tale.forward(minutes=5)
        await tale.says(ann, channel, "It says: disk full")
        assert list(await tale.tickets()) == ["ACME-1"]

        await tale.forward(minutes=5, seconds=1)
        await tale.says(ann, channel, "And the invoices are wrong")
        assert list(await tale.tickets()) == ["ACME-1", "ACME-2"]


async def test_a_post_of_another_person_within_five_minutes_opens_a_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        bob = tale.sandbox.add_user("Bob")
        tale.sandbox.join(bob, channel)
        await tale.says(ann, channel, "Our server is down")
        await tale.forward(minutes=1)

        await tale.says(bob, channel, "I cannot print")

        assert list(await tale.tickets()) == ["ACME-1", "ACME-2"]


async def test_a_post_after_the_resolution_opens_a_new_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Our server is down")
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "resolve")
        await tale.fills_in(tale.dana, words="Restarted it", severity="high")
        await tale.forward(minutes=1)

        await tale.says(ann, channel, "Now the invoices are wrong")

        assert list(await tale.tickets()) == ["ACME-1", "ACME-2"]


@pytest.mark.parametrize(
    "text",
    [
        "Thanks!",
        "thank you so much",
        ":tada:",
        "👍🏽",
        "Good morning",
        "<!here>",
        "…",
        "OK, thanks.",
    ],
)
async def test_small_talk_is_recorded_and_opens_no_ticket(tmp_path: Path, text: str) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()

        ts = await tale.says(ann, channel, text)

        assert await tale.tickets() == {}
        assert tale.because(ts) == "it asks for nothing"
        assert tale.thread(channel, ts) == []


async def test_a_file_without_words_opens_a_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()

        ts = await tale.says(ann, channel, "", files=[{"name": "error.png"}])

        assert "ACME-1" in tale.client_card(channel, ts).plain()
        assert "(a file" in tale.triage_card("ACME-1").plain()


async def test_a_post_of_forty_thousand_characters_opens_a_ticket_and_is_stored_whole(
    tmp_path: Path,
) -> None:
    words = "The log says: " + "E" * 40_000
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()

        ts = await tale.says(ann, channel, words)

        assert "ACME-1" in tale.client_card(channel, ts).plain()
        assert "The log says: " in tale.triage_card("ACME-1").plain()
        assert tale.kept_text(ts) == words


async def test_a_broadcast_in_a_clients_post_is_shown_without_effect(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()

        await tale.says(ann, channel, "<!channel> <@UBOSS> the server is down & out")

        shown = tale.triage_card("ACME-1").plain()
        assert "<!channel>" not in shown
        assert "<@UBOSS>" not in shown
        assert "&lt;!channel&gt;" in shown


async def test_the_mention_event_and_the_message_event_open_one_ticket(tmp_path: Path) -> None:
    async with story(tmp_path, hears_all=True) as tale, tale.running():
        channel, ann = await tale.add_client()

        await tale.says(ann, channel, f"<@{tale.sandbox.bot_user_id}> our server is down")

        assert list(await tale.tickets()) == ["ACME-1"]
        assert sorted(tale.delivered()) == ["a new ticket (ACME-1)", "on record already"]


async def test_two_posts_in_the_same_second_open_two_tickets_in_order(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        bob = tale.sandbox.add_user("Bob")
        tale.sandbox.join(bob, channel)

        first = await tale.sandbox.post(ann, channel, "Our server is down")
        second = await tale.says(bob, channel, "I cannot print")

        assert "*ACME-1*" in tale.client_card(channel, first).plain()
        assert "*ACME-2*" in tale.client_card(channel, second).plain()
        assert "Ticket 2 of 20" in tale.client_card(channel, second).plain()


async def test_the_clock_of_a_late_delivery_starts_at_the_time_of_the_post(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.forward(hours=2)

        ts = await tale.says(ann, channel, "Our server is down", at=MONDAY + timedelta(hours=1))

        ticket = (await tale.tickets())["ACME-1"]
        assert ticket["opened_at"] == "2026-03-09T06:00:00Z"
        assert ticket["due_at"] == "2026-03-09T10:00:00Z"
        due = datetime(2026, 3, 9, 10, tzinfo=UTC)
        assert f"by <!date^{int(due.timestamp())}^" in tale.client_card(channel, ts).plain()


@pytest.mark.thorough
async def test_a_post_delivered_after_its_deadline_is_reported_late_once(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client(plan="priority", engineer=tale.dana)
        await tale.forward(days=3)

        await tale.says(ann, channel, "Our server is down", at=MONDAY)
        await tale.forward(minutes=1)

        assert (await tale.tickets())["ACME-1"]["breached"] is True
        [in_triage] = tale.pings_in_triage("ACME-1")
        assert "*Found late*: it reached us <!date^" in in_triage
        assert "PKT>, 2 days after that." in in_triage
        assert len(tale.pings_to(tale.dana)) == 1
        breaches = [text for text in tale.said_to_managers() if "missed" in text]
        assert len(breaches) == 1


@pytest.mark.thorough
async def test_an_answer_that_arrives_before_its_request_is_the_first_response(
    tmp_path: Path,
) -> None:
    """Slack delivers events in any order."""
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        tale.hold_back(2)
        ts = await tale.sandbox.post(ann, channel, "Our server is down")
        tale.clock.advance(timedelta(minutes=1))
        await tale.sandbox.post(tale.dana, channel, "We are on it", thread_ts=ts)
        await tale.delivered_newest_first()

        ticket = (await tale.tickets())["ACME-1"]
        assert ticket["opened_at"] == "2026-03-09T05:00:00Z"
        assert ticket["first_response_at"].startswith("2026-03-09T05:01:00")


@pytest.mark.thorough
async def test_the_clock_starts_at_the_opening_message_although_a_reply_arrives_first(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        tale.hold_back(2)
        ts = await tale.sandbox.post(ann, channel, "Our server is down")
        tale.clock.advance(timedelta(minutes=1))
        await tale.sandbox.post(ann, channel, "It says: disk full", thread_ts=ts)
        await tale.delivered_newest_first()

        [ticket] = (await tale.tickets()).values()
        assert ticket["opened_at"] == "2026-03-09T05:00:00Z"
        assert ticket["due_at"] == "2026-03-09T09:00:00Z"
        assert "Our server is down" in tale.triage_card("ACME-1").plain()


@pytest.mark.thorough
async def test_posts_within_five_minutes_are_one_ticket_in_any_order_of_arrival(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        tale.hold_back(2)
        await tale.sandbox.post(ann, channel, "Our server is down")
        tale.clock.advance(timedelta(minutes=5))
        await tale.sandbox.post(ann, channel, "It says: disk full")
        await tale.delivered_newest_first()

        [ticket] = (await tale.tickets()).values()
        assert ticket["opened_at"] == "2026-03-09T05:00:00Z"
        assert tale.delivered() == [
            "a new ticket (ACME-1)",
            "the beginning, come late (ACME-1)",
        ]


@pytest.mark.thorough
async def test_a_client_without_support_in_slack_gets_one_hint_a_day(
    tmp_path: Path,
) -> None:
    """The day is in the plan's zone: 23:30 and 00:30 in Karachi are on the same day in UTC only."""
    async with story(tmp_path, datetime(2026, 3, 9, 18, 30, tzinfo=UTC)) as tale, tale.running():
        channel, ann = await tale.add_client(plan="included")
        first = await tale.says(ann, channel, "Our server is down")
        again = await tale.says(ann, channel, "Is anybody there?")
        await tale.forward(hours=1)
        tomorrow = await tale.says(ann, channel, "It is still down")

        [hint] = tale.thread(channel, first)
        assert "Your plan, *Included*, has no support in Slack." in hint.plain()
        assert "by e-mail" in hint.plain()
        assert tale.thread(channel, again) == []
        assert len(tale.thread(channel, tomorrow)) == 1
        assert await tale.tickets() == {}
        assert tale.because(first) == "Included is supported by email or portal"


@pytest.mark.thorough
async def test_a_post_outside_the_clients_channels_opens_no_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await tale.add_client()

        await tale.says(tale.dana, tale.triage, "Our server is down")

        assert await tale.tickets() == {}
        assert tale.delivered() == ["not a client's channel"]
