"""The escalation steps of the shipped plans: who is pinged, and when."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.sandbox import DeliveryFault
from tests import ids
from tests.stories.reports.test_digest import digests, part
from tests.story import MONDAY, Story, story

SECOND = timedelta(seconds=1)
# The steps of the shipped catalogues, written by hand: a share of the clock or a number of minutes
# after the deadline, with the people who are pinged directly. Dana is the named engineer, Eli is
# her backup and Mo is the manager; the ticket has no assignee.
USUAL = {"75%": "dana", "due": "dana", "+120m": "dana eli mo"}
URGENT = {"50%": "dana", "75%": "dana eli", "due": "dana eli"} | dict.fromkeys(
    ("+30m", "+60m", "+90m", "+120m"), "dana eli mo"
)
LADDERS = {
    ("priority", "critical"): URGENT,
    ("enterprise", "critical"): URGENT,
    **{(plan, s): USUAL for plan in ("priority", "enterprise") for s in ("high", "medium", "low")},
    # Without a named engineer: the readers of a later step, or the whole triage channel.
    **{
        ("standard", severity): {"75%": "", "due": "", "+120m": "mo"}
        for severity in ("critical", "high", "medium", "low")
    },
    ("included", "high"): {"75%": "", "due": "", "+120m": "mo"},
    ("support-agreement", "p1"): {"75%": "", "due": "", "+120m": "mo"},
}
QUICK = {("priority", "critical"), ("standard", "high")}
OPEN_EVERYWHERE = MONDAY + timedelta(hours=4)  # 14:00 in Karachi, 10:00 in Brussels
NIGHT = datetime(2026, 3, 9, 22, 0, tzinfo=UTC)  # Tuesday, 03:00 in Karachi
MORNING = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)  # 09:00


async def asked(tale: Story, plan: str, severity: str, *, name: str = "Acme") -> tuple[str, str]:
    """Open a ticket of this severity; return the channel and the `ts` ("" without Slack)."""
    in_slack = plan != "included"
    channel, ann = await tale.add_client(name, plan, engineer=tale.dana, in_slack=in_slack)
    tale.rows("UPDATE agreements SET backup = ?", tale.eli)
    ts = ""
    if in_slack:
        ts = await tale.says(ann, channel, "Our server is down")
    else:
        await tale.asks(tale.mo, "open")
        report = {"client": name.upper(), "source": "phone", "reported_by": "Ann"}
        await tale.fills_in(tale.mo, **report, reported_at="", words="Our server is down")
    await tale.asks(tale.mo, f"severity {name.upper()}-1 {severity}")
    return channel, ts


def directly(tale: Story) -> dict[str, int]:
    """Return the number of direct pings to each member of staff."""
    people = {"dana": tale.dana, "eli": tale.eli, "mo": tale.mo}
    return {name: len(tale.pings_to(user)) for name, user in people.items()}


def instant(step: str, opened_at: datetime, due_at: datetime) -> datetime:
    if step.endswith("%"):
        return opened_at + (due_at - opened_at) * int(step[:-1]) / 100
    return due_at + timedelta(minutes=int(step.strip("+m"))) if step != "due" else due_at


@pytest.mark.any_store
@pytest.mark.parametrize(
    ("plan", "severity"),
    [pytest.param(*case, marks=() if case in QUICK else pytest.mark.thorough) for case in LADDERS],
)
async def test_every_step_of_every_shipped_plan_pings_its_readers(
    tmp_path: Path, plan: str, severity: str
) -> None:
    """A step sends nothing a second early, and a single ping to each reader on time. The ping in
    triage is a broadcast when the ticket becomes due or the step has no readers."""
    async with story(tmp_path, OPEN_EVERYWHERE) as tale, tale.running():
        await asked(tale, plan, severity)
        ticket = (await tale.tickets())["ACME-1"]
        due_at = datetime.fromisoformat(ticket["due_at"])
        opened_at = datetime.fromisoformat(ticket["opened_at"])
        expected = dict.fromkeys(("dana", "eli", "mo"), 0)
        for count, (step, readers) in enumerate(LADDERS[plan, severity].items()):
            at = instant(step, opened_at, due_at)
            await tale.at(at - SECOND)
            assert directly(tale) == expected, step
            assert len(tale.pings_in_triage("ACME-1")) == count
            await tale.at(at)
            expected |= {name: expected[name] + 1 for name in readers.split()}
            assert directly(tale) == expected, step
            message = tale.thread(tale.triage, tale.triage_card("ACME-1").ts)[-1]
            to_all = message.subtype == "thread_broadcast"
            assert to_all is (not readers or step == "due"), step
        await tale.forward(hours=13)
        assert directly(tale) == expected


@pytest.mark.parametrize(("seconds", "late"), [(-1, False), (0, False), (1, True)])
async def test_an_answer_is_late_from_one_second_after_the_deadline(
    tmp_path: Path, seconds: int, *, late: bool
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts = await asked(tale, "priority", "critical")
        due_at = MONDAY + timedelta(hours=2)
        if seconds > 0:
            await tale.at(due_at)
        tale.clock.set(due_at + timedelta(seconds=seconds))
        await tale.says(tale.dana, channel, "We are on it", thread_ts=ts)
        await tale.forward(hours=4)
        assert (await tale.tickets())["ACME-1"]["breached"] is late
        assert sum("is late" in ping for ping in tale.pings_in_triage("ACME-1")) == late
        assert any("still late" in ping for ping in tale.pings_to(tale.dana)) is False


async def test_only_the_engineer_who_took_a_ticket_is_pinged_until_it_is_due(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale, "enterprise", "critical")
        await tale.at(MONDAY + timedelta(hours=1))
        assert directly(tale) == {"dana": 1, "eli": 0, "mo": 0}
        ping = tale.sandbox.direct_messages(tale.dana)[-1]
        assert {"Take", "Hand over"} <= {
            str(block["text"]["text"]) for block in ping.blocks[-1]["elements"] if "text" in block
        }
        await tale.presses(tale.dana, ping, ids.TAKE)
        await tale.at(MONDAY + timedelta(hours=1.5))
        assert directly(tale) == {"dana": 2, "eli": 0, "mo": 0}
        await tale.at(MONDAY + timedelta(hours=2))
        assert directly(tale) == {"dana": 3, "eli": 1, "mo": 0}


async def test_a_ticket_can_be_taken_from_a_broadcast_ping(tmp_path: Path) -> None:
    async with story(tmp_path, OPEN_EVERYWHERE) as tale, tale.running():
        await asked(tale, "standard", "high")
        await tale.forward(hours=6)  # three quarters of the clock; the step has no readers
        message = tale.thread(tale.triage, tale.triage_card("ACME-1").ts)[-1]
        assert message.subtype == "thread_broadcast"
        await tale.presses(tale.eli, message, ids.TAKE)
        assert (await tale.tickets())["ACME-1"]["assignee"] == tale.eli


async def test_an_assignment_silences_no_pings(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale, "enterprise", "critical")
        await tale.asks(tale.mo, f"assign ACME-1 <@{tale.dana}>")
        before = directly(tale)
        await tale.at(MONDAY + timedelta(hours=1.5))
        assert directly(tale)["eli"] == before["eli"] + 1


async def test_a_snooze_suspends_the_pings_of_a_late_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale, "priority", "critical")
        await tale.at(MONDAY + timedelta(hours=2, minutes=30))
        ping = tale.sandbox.direct_messages(tale.dana)[-1]
        assert "is still late" in ping.text
        await tale.presses(tale.dana, ping, ids.MORE, ids.more_choice("ACME-1", "snooze:60"))
        before = directly(tale)
        await tale.at(MONDAY + timedelta(hours=3, minutes=29))
        assert directly(tale) == before
        await tale.at(
            MONDAY + timedelta(hours=3, minutes=30)
        )  # the snooze ends, and the ticket is still late
        assert directly(tale)["dana"] == before["dana"] + 2
        assert "ACME-1" in "".join(tale.pings_to(tale.dana)[-2:])


async def test_a_ping_can_assign_the_ticket_to_somebody_else(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale, "priority", "critical")
        await tale.at(MONDAY + timedelta(hours=1))
        ping = tale.sandbox.direct_messages(tale.dana)[-1]
        await tale.presses(tale.dana, ping, ids.ASSIGN)
        assert await tale.fills_in(tale.dana, person=tale.eli) == {}
        assert (await tale.tickets())["ACME-1"]["assignee"] == tale.eli
        await tale.at(MONDAY + timedelta(hours=1.5))
        assert any("is due in" in ping for ping in tale.pings_to(tale.eli))


@pytest.mark.thorough
async def test_an_absence_redirects_pings_to_the_cover_or_else_the_backup(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        fay = tale.sandbox.add_user("Fay")
        await tale.asks(tale.mo, "list")
        tale.rows("INSERT INTO staff (user_id, role, name) VALUES (?, 'engineer', 'Fay')", fay)
        await asked(tale, "priority", "critical")
        answer = await tale.asks(tale.dana, "away until 2026-03-13 cover @fay")
        assert answer.endswith(f"<@{fay}> is told instead.")
        assert f"named engineer <@{fay}>" in tale.triage_card("ACME-1").plain()
        await tale.at(MONDAY + timedelta(hours=1))
        assert [len(tale.pings_to(user)) for user in (tale.dana, fay, tale.eli)] == [0, 1, 0]
        await tale.asks(tale.dana, "away until 2026-03-13")
        await tale.at(MONDAY + timedelta(hours=1.5))
        assert [len(tale.pings_to(user)) for user in (tale.dana, fay, tale.eli)] == [0, 1, 1]
        assert f"<@{tale.eli}>" in tale.pings_in_triage("ACME-1")[-1]


@pytest.mark.thorough
async def test_a_ping_is_broadcast_in_triage_when_every_reader_is_away(tmp_path: Path) -> None:
    """The step at 50 % names the engineer; she, her backup and the manager are away."""
    async with story(tmp_path) as tale, tale.running():
        await asked(tale, "enterprise", "critical")
        for name in ("dana", "eli", "mo"):
            await tale.asks(tale.mo, f"away @{name} 3d")
        await tale.at(MONDAY + timedelta(hours=1))
        [message] = tale.thread(tale.triage, tale.triage_card("ACME-1").ts)
        assert message.subtype == "thread_broadcast"
        assert "Nobody has this yet." in message.text


@pytest.mark.thorough
async def test_a_ping_that_slack_refuses_for_a_closed_account_goes_to_the_backup(
    tmp_path: Path,
) -> None:
    """The refusal of the ping by Slack is the first sign of the closed account."""
    async with story(tmp_path) as tale, tale.running():
        await asked(tale, "priority", "critical")
        tale.sandbox.deliveries.add(DeliveryFault.HOLD, of="user_change")
        tale.sandbox.deactivate(tale.dana)
        await tale.at(MONDAY + timedelta(hours=1))
        assert len(tale.pings_to(tale.eli)) == 1
        assert "is due in 1 h" in tale.pings_to(tale.eli)[0]
        assert any("count as away" in text for text in tale.said_to_managers())


@pytest.mark.thorough
async def test_a_deactivated_engineer_is_skipped_although_slack_accepts_messages(
    tmp_path: Path,
) -> None:
    """ "chat_postMessage succeeds to deleted user": where there has been a direct message, Slack
    accepts further messages, and only the event shows the closed account."""
    async with story(tmp_path) as tale, tale.running():
        await asked(tale, "priority", "high")
        await tale.at(MONDAY + timedelta(hours=3))
        assert directly(tale) == {"dana": 1, "eli": 0, "mo": 0}
        await tale.asks(tale.dana, "away 10m")  # the absence of a closed account does not end
        tale.sandbox.deactivate(tale.dana)
        await tale.settle()
        assert any("is closed. They count as away" in text for text in tale.said_to_managers())
        assert f"named engineer <@{tale.eli}>" in tale.triage_card("ACME-1").plain()
        await tale.at(MONDAY + timedelta(hours=4))
        assert directly(tale) == {"dana": 1, "eli": 1, "mo": 0}


@pytest.mark.thorough
async def test_a_critical_priority_ticket_pings_at_night(tmp_path: Path) -> None:
    async with story(tmp_path, NIGHT - timedelta(hours=1)) as tale, tale.running():
        set_to = await tale.asks(tale.dana, "hours Mon-Fri 09:00-18:00")
        assert "works Mon-Fri 09:00-18:00 (Asia/Karachi)" in set_to
        await asked(tale, "priority", "critical")
        await tale.at(NIGHT)  # half of the two hours
        assert len(tale.pings_to(tale.dana)) == 1


@pytest.mark.thorough
async def test_a_low_ping_of_standard_waits_until_morning_and_is_in_the_digest(
    tmp_path: Path,
) -> None:
    """The ticket is due on Wednesday at 10:00. The warning would be due on Tuesday at 22:00,
    when the coverage of Standard ends."""
    async with story(tmp_path) as tale, tale.running():
        await tale.asks(tale.dana, "hours Mon-Fri 09:00-18:00")
        await asked(tale, "standard", "low")
        await tale.asks(tale.dana, "take ACME-1")
        evening = datetime(2026, 3, 10, 17, 0, tzinfo=UTC)
        await tale.at(evening + timedelta(hours=9, minutes=59))
        assert tale.pings_to(tale.dana) == []
        await tale.at(evening + timedelta(hours=10))  # 08:00: Standard opens
        [held] = tale.pings_to(tale.dana)
        assert "is due in 2 h" in held
        await tale.at(evening + timedelta(hours=11))
        assert "*ACME-1* Acme, Low" in part(digests(tale)[-1], "Held overnight")


@pytest.mark.thorough
async def test_a_ping_outside_coverage_waits_for_the_working_hours_of_the_reader(
    tmp_path: Path,
) -> None:
    """The target of Priority for High is four hours of clock time, which end at night. Its
    coverage ends at 22:00, and Dana's working hours begin at 07:00, before coverage resumes."""
    evening = datetime(2026, 3, 9, 16, 30, tzinfo=UTC)  # 21:30 in Karachi
    async with story(tmp_path, evening) as tale, tale.running():
        for name in ("dana", "eli"):
            await tale.asks(tale.mo, f"hours @{name} Mon-Fri 07:00-18:00")
        await asked(tale, "priority", "high")
        await tale.at(datetime(2026, 3, 9, 20, 30, tzinfo=UTC))  # due, at 01:30
        assert directly(tale) == {"dana": 0, "eli": 0, "mo": 0}
        assert tale.pings_in_triage("ACME-1") == []
        assert (await tale.tickets())["ACME-1"]["breached"] is True
        assert len(tale.said_to_managers()) == 1  # managers are notified of a breach at once
        await tale.at(datetime(2026, 3, 10, 2, 0, tzinfo=UTC) - SECOND)
        assert [len(tale.pings_to(user)) for user in (tale.dana, tale.eli)] == [0, 0]
        await tale.at(datetime(2026, 3, 10, 2, 0, tzinfo=UTC))  # 07:00
        [held] = tale.pings_to(tale.dana)
        assert "is still late" in held
        assert "It was noticed" in held
        await tale.at(MORNING)
        assert "*ACME-1* Acme, High" in part(digests(tale)[-1], "Held overnight")
        await tale.at(MORNING + timedelta(days=1))
        assert "Held overnight" not in digests(tale)[-1]


@pytest.mark.thorough
async def test_only_plans_that_cover_holidays_ping_on_a_holiday(tmp_path: Path) -> None:
    """On Pakistan Day, Monday 23 March 2026, the clock of Enterprise for Critical runs, and the
    clock of Priority starts at midnight."""
    noon = datetime(2026, 3, 23, 7, 0, tzinfo=UTC)
    async with story(tmp_path, noon) as tale, tale.running():
        await asked(tale, "enterprise", "critical")
        await asked(tale, "priority", "critical", name="Globex")
        await tale.at(noon + timedelta(hours=1))
        [ping] = tale.pings_to(tale.dana)
        assert "*ACME-1*" in ping
        await tale.at(
            datetime(2026, 3, 23, 20, 0, tzinfo=UTC)
        )  # 01:00, half of Priority's two hours
        assert "*GLOBEX-1*" in tale.pings_to(tale.dana)[-1]


@pytest.mark.thorough
@pytest.mark.parametrize("count", [20, pytest.param(200, marks=pytest.mark.thorough)])
async def test_simultaneous_pings_are_one_direct_message(tmp_path: Path, count: int) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, _ = await tale.add_client(plan="enterprise", engineer=tale.dana)
        people = [tale.sandbox.add_user(f"Person {number}") for number in range(count)]
        for person in people:
            tale.sandbox.join(person, channel)
        for person in people:
            await tale.sandbox.post(person, channel, "Our server is down", at=MONDAY)
        await tale.settle()
        await tale.at(MONDAY + timedelta(hours=1, minutes=1))
        [ping] = tale.pings_to(tale.dana)
        assert ping.startswith(f"{count} tickets need you.")
        named = set(re.findall(r"\*(ACME-\d+)\*", ping))
        more = re.search(r"and (\d+) more", ping)
        assert len(named) + (int(more[1]) if more else 0) == count
        assert all(len(tale.pings_in_triage(key)) == 1 for key in await tale.tickets())


@pytest.mark.thorough
async def test_a_day_of_downtime_ends_with_one_ping_of_the_last_step(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale:
        async with tale.running():
            await asked(tale, "priority", "critical")
        tale.clock.set(MONDAY + timedelta(hours=26))
        async with tale.running():
            await tale.settle()
            assert len(tale.pings_in_triage("ACME-1")) == 1
            for user in (tale.dana, tale.eli, tale.mo):
                [ping] = tale.pings_to(user)
                assert "is still late" in ping
                assert "It was noticed" in ping


@pytest.mark.thorough
async def test_invalid_working_hours_are_refused_and_hours_can_be_removed(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        assert (await tale.asks(tale.dana, "hours")).startswith("Nobody has working hours")
        assert "is no window" in await tale.asks(tale.dana, "hours nine to five")
        assert "There is no time zone Nowhere/Land" in await tale.asks(
            tale.dana, "hours Mon-Fri 09:00-18:00 Nowhere/Land"
        )
        overlapping = "hours Mon-Fri 09:00-18:00; Mon 10:00-11:00"
        assert "overlap" in await tale.asks(tale.dana, overlapping)
        await tale.asks(tale.mo, "hours @dana Mon-Fri 09:00-13:00; Sat 10:00-12:00 Europe/Berlin")
        assert await tale.asks(tale.eli, "hours") == (
            f"<@{tale.dana}>: Mon-Fri 09:00-13:00; Sat 10:00-12:00 (Europe/Berlin)"
        )
        assert await tale.asks(tale.dana, "hours no") == f"<@{tale.dana}> is told at any time."
        refused = await tale.asks(tale.dana, "away 3d cover @dana")
        assert refused.startswith("Nobody covers for themselves")
