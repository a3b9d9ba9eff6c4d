"""Escalation steps without a ping on time: the next ping also goes to their readers. Managers get
a single message about simultaneous breaches."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.delivery.slack.pings import ping_message
from bot.domain.escalation.messages import PingMessage
from bot.sandbox import Fault, Message
from bot.usecases.access import ticket_by_key
from bot.usecases.tickets.ticket_views import view_ticket
from storage.repositories.operations.outbox_messages import message_of
from tests import ids
from tests.stories.escalation.test_pager import paging, titles, until_paged
from tests.stories.intake.test_backfill import losing
from tests.story import MONDAY, Story, story

# The target for grave tickets is two hours of clock time. The steps have different readers: the
# engineer at a half and at the deadline, and only the managers and the backup from half an hour
# after the deadline.
CATALOGUE = Path(__file__).parents[2] / "usecases" / "escalation" / "pinged.toml"
DUE = MONDAY + timedelta(hours=2)


async def grave(tale: Story) -> None:
    """Open a grave ticket with Dana as the named engineer and Eli as her backup."""
    await tale.add_client(plan="named", engineer=tale.dana, in_slack=False)
    tale.rows("UPDATE agreements SET backup = ?", tale.eli)
    await tale.asks(tale.mo, "open")
    report = {"client": "ACME", "source": "phone", "reported_by": "Ann"}
    await tale.fills_in(tale.mo, **report, reported_at="", words="Our server is down")
    await tale.asks(tale.mo, "severity ACME-1 grave")


@asynccontextmanager
async def named(directory: Path) -> AsyncIterator[Story]:
    catalogue = (str(CATALOGUE),)
    async with story(directory) as tale, tale.running(deskbell_catalog=catalogue):
        await grave(tale)
        yield tale


async def wait_for_step(tale: Story, at: datetime, step: str) -> None:
    """Set the clock and wait until the ping of the step is in the outbox, unsent."""
    assert tale.bot is not None
    tale.clock.set(at)
    tale.bot.runtime.on_armed(MONDAY)
    step = step.replace("%", r"\%")
    statement = rf"SELECT 1 FROM outbox WHERE key LIKE 'ping:%:{step}:%' ESCAPE '\'"  # noqa: S608 (ours)
    await tale.waits_for(statement)


async def test_an_outage_ends_with_one_ping_for_every_reader_of_the_missed_steps(
    tmp_path: Path,
) -> None:
    catalogue = (str(CATALOGUE),)
    async with story(tmp_path) as tale:
        async with tale.running(deskbell_catalog=catalogue):
            await grave(tale)
            await tale.at(
                MONDAY + timedelta(minutes=30)
            )  # a quarter of the clock: the step of the backup
        tale.clock.set(DUE + timedelta(minutes=31))
        async with tale.running(deskbell_catalog=catalogue):
            await tale.settle()
            assert len(tale.pings_in_triage("ACME-1")) == 2
            for user, already in ((tale.dana, 0), (tale.eli, 1), (tale.mo, 0)):
                [ping] = tale.pings_to(user)[already:]
                assert "is still late" in ping
                assert "This takes the place of 3 earlier reminders." in ping
            await tale.at(DUE + timedelta(minutes=75))
            # A step that was sent is no longer missed.
            people = (tale.dana, tale.eli, tale.mo)
            assert [len(tale.pings_to(user)) for user in people] == [1, 3, 2]


@pytest.mark.thorough
async def test_a_ping_held_overnight_is_sent_in_the_morning_despite_a_later_step(
    tmp_path: Path,
) -> None:
    """The deadline is the end of coverage, so the ping waits for the working hours of the assignee.
    The managers, who have no working hours, are pinged an hour after the deadline."""
    opened = MONDAY.replace(hour=16)
    async with story(tmp_path, opened) as tale, tale.running(deskbell_catalog=(str(CATALOGUE),)):
        await grave(tale)
        await tale.asks(tale.mo, "severity ACME-1 slight")  # four hours of Mon-Fri 08:00-20:00 UTC
        await tale.asks(tale.mo, "assign ACME-1 @eli")
        await tale.asks(tale.mo, "hours @eli Mon-Fri 12:00-18:00")  # in Karachi: from 07:00 UTC
        await tale.at(opened + timedelta(hours=3, minutes=59))
        already = len(tale.pings_to(tale.eli))
        await tale.at(opened + timedelta(hours=4))
        await tale.at(opened + timedelta(hours=5))
        [to_managers] = tale.pings_to(tale.mo)
        assert "is still late" in to_managers
        await tale.at(opened + timedelta(hours=15, seconds=-1))
        assert len(tale.pings_to(tale.eli)) == already
        await tale.at(opened + timedelta(hours=15))
        [ping] = tale.pings_to(tale.eli)[already:]
        assert "is still late" in ping
        assert len(tale.pings_to(tale.mo)) == 1


@pytest.mark.thorough
async def test_each_reader_gets_their_last_step_after_a_slack_outage(
    tmp_path: Path,
) -> None:
    async with named(tmp_path) as tale:
        tale.sandbox.faults.add("chat.postMessage", Fault.ERROR("internal_error"), times=None)
        for minutes, step in ((30, "25%"), (60, "50%"), (90, "75%"), (120, "due"), (150, "+30m")):
            await wait_for_step(tale, MONDAY + timedelta(minutes=minutes), step)
        tale.sandbox.faults.clear()
        await tale.recovers()
        [ping] = tale.pings_to(tale.dana)  # Dana is a reader of no step after the deadline
        assert "is still late" in ping
        steps = 1 + (
            tale.clock.now() >= DUE + timedelta(minutes=75)
        )  # depends on the time that Slack needed
        for others in (tale.pings_to(tale.eli), tale.pings_to(tale.mo)):
            assert 1 <= len(others) <= steps
            assert all("is still late" in ping for ping in others)
        assert all("is still late" in ping for ping in tale.pings_in_triage("ACME-1"))


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("minutes", "step", "then", "expected"),
    [(90, "75%", 120, None), (120, "due", 150, "is still late")],
    ids=["one that names them all", "one that names others"],
)
async def test_a_later_step_replaces_a_ping_only_if_it_has_its_readers(
    tmp_path: Path, minutes: int, step: str, then: int, expected: str | None
) -> None:
    """A ping is being sent when the next step is due but has not fired yet."""
    async with named(tmp_path) as tale:
        for elapsed in range(30, minutes + 1, 30):
            await tale.at(MONDAY + timedelta(minutes=elapsed))
        assert tale.bot is not None
        rows = tale.rows("SELECT key, facts FROM outbox WHERE channel = ?", tale.dana)
        [facts] = [facts for key, facts in rows if f":{step}:" in key]
        facts = json.loads(facts) if isinstance(facts, str) else facts
        tale.clock.set(MONDAY + timedelta(minutes=then))
        async with tale.bot.runtime.read() as desk:
            ticket = await ticket_by_key(desk, "ACME-1")
            unsent = message_of("ping", facts, ticket.id)
            assert isinstance(unsent, PingMessage)
            message = await ping_message(desk, unsent, tale.dana, await view_ticket(desk, ticket))
        if expected is None:
            assert message is None
        else:
            assert message is not None
            assert expected in message.text


@pytest.mark.thorough
async def test_a_failed_page_is_sent_after_a_step_without_a_page(
    tmp_path: Path,
) -> None:
    async with paging(tmp_path, deskbell_catalog=(str(CATALOGUE),)) as (tale, there):
        await grave(tale)
        there.refuses = True
        await wait_for_step(tale, DUE, "due")
        await wait_for_step(tale, DUE + timedelta(minutes=30), "+30m")
        there.refuses = False
        await tale.recovers()
        await until_paged(there, 1)
        [page] = titles(there)
        assert "is late" in page


async def late(tale: Story, count: int) -> tuple[str, list[str]]:
    """Open `count` tickets that become late together; return the channel and each `ts`."""
    channel, _ = await tale.add_client(plan="enterprise", engineer=tale.dana)
    people = [tale.sandbox.add_user(f"Person {number}") for number in range(count)]
    for person in people:
        tale.sandbox.join(person, channel)
    posted = [
        await tale.sandbox.post(person, channel, "It is down", at=MONDAY) for person in people
    ]
    await tale.settle()
    for key in await tale.tickets():
        await tale.asks(tale.mo, f"severity {key} critical")
    await tale.at(MONDAY + timedelta(hours=2, minutes=1))
    return channel, posted


def breaches(tale: Story) -> list[Message]:
    messages = tale.sandbox.messages(tale.managers)
    return [message for message in messages if "promises were missed" in message.plain()]


def written(message: Message) -> str:
    return "\n".join(block["text"]["text"] for block in message.blocks)


@pytest.mark.thorough
@pytest.mark.parametrize("count", [20, pytest.param(200, marks=pytest.mark.thorough)])
async def test_simultaneous_breaches_are_one_message_for_managers(
    tmp_path: Path, count: int
) -> None:
    async with story(tmp_path) as tale, tale.running():
        await late(tale, count)
        [summary] = breaches(tale)
        text = written(summary)
        assert text.startswith(f"{count} promises were missed.")
        listed = text.count("missed its first response")
        assert listed >= min(count, 30)
        assert (f"and {count - listed} more in */desk list --breached*" in text) is (count > 30)


@pytest.mark.thorough
async def test_requests_recovered_late_are_one_message_for_managers(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale:
        async with tale.running():
            channel, ann = await tale.add_client(plan="priority", engineer=tale.dana)
        async with losing(tale):
            for number in range(4):
                at = MONDAY + timedelta(minutes=10 * number)
                await tale.sandbox.post(ann, channel, f"Request {number}", at=at)
        tale.clock.set(MONDAY + timedelta(days=6))
        async with tale.running():
            await tale.settle()
            [summary] = breaches(tale)
            assert summary.text.count("missed its first response") == 4
            assert summary.text.count("*Found late*") == 4


@pytest.mark.thorough
async def test_a_withdrawn_breach_is_corrected_in_the_joint_message(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, [posted, *_] = await late(tale, 3)
        await tale.sandbox.post(
            tale.dana, channel, "We look", thread_ts=posted, at=MONDAY + timedelta(minutes=5)
        )
        await tale.settle()
        [summary] = breaches(tale)
        assert written(summary).startswith("2 promises were missed.")
        assert written(summary).count("was answered in time after all") == 1
        why = [block for block in summary.blocks if "accessory" in block]
        assert len(why) == 2


@pytest.mark.thorough
async def test_each_line_of_a_joint_ping_has_the_actions_of_a_ping(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        await late(tale, 3)
        [ping] = tale.sandbox.direct_messages(tale.dana)
        take = ids.more_choice("ACME-1", ids.TAKE)
        await tale.presses(tale.dana, ping, ids.MORE, take)
        assert (await tale.tickets())["ACME-1"]["assignee"] == tale.dana
        for key, what in (("ACME-2", ids.ASSIGN), ("ACME-3", "snooze:60")):
            await tale.presses(tale.dana, ping, ids.MORE, ids.more_choice(key, what))
        await tale.fills_in(tale.dana, **{ids.PERSON: tale.eli})
        assert (await tale.tickets())["ACME-2"]["assignee"] == tale.eli
        [(until,)] = tale.rows("SELECT snoozed_until FROM tickets WHERE key = 'ACME-3'")
        assert until == (tale.clock.now() + timedelta(hours=1)).timestamp() * 1e6
