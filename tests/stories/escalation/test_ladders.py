"""The escalation ladders as people meet them: who is told, when, and who is left in peace."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.sandbox import DeliveryFault
from tests import ids
from tests.stories.reports.test_digest import digests, part
from tests.story import MONDAY, Story, story

SECOND = timedelta(seconds=1)
# What the shipped catalogues say, as a reader of them would write it down: at a share of the clock
# or so many minutes after it, who is told directly. Dana is the named engineer, Eli her backup, Mo
# the manager; nobody has the ticket.
USUAL = {"75%": "dana", "due": "dana", "+120m": "dana eli mo"}
URGENT = {"50%": "dana", "75%": "dana eli", "due": "dana eli"} | dict.fromkeys(
    ("+30m", "+60m", "+90m", "+120m"), "dana eli mo"
)
LADDERS = {
    ("priority", "critical"): URGENT,
    ("enterprise", "critical"): URGENT,
    **{(plan, s): USUAL for plan in ("priority", "enterprise") for s in ("high", "medium", "low")},
    # Without a named engineer: whoever is on the later rung, or the triage channel as a whole.
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
    """A ticket of that severity; the channel and the `ts`, "" where the plan has no Slack."""
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
    """How many pings each of the vendor's people got."""
    people = {"dana": tale.dana, "eli": tale.eli, "mo": tale.mo}
    return {name: len(tale.pings_to(user)) for name, user in people.items()}


def instant(step: str, opened_at: datetime, due_at: datetime) -> datetime:
    if step.endswith("%"):
        return opened_at + (due_at - opened_at) * int(step[:-1]) / 100
    return due_at + timedelta(minutes=int(step.strip("+m"))) if step != "due" else due_at


@pytest.mark.any_store
@pytest.mark.parametrize(
    ("plan", "severity"),
    [pytest.param(*one, marks=() if one in QUICK else pytest.mark.thorough) for one in LADDERS],
)
async def test_every_rung_of_every_shipped_plan(tmp_path: Path, plan: str, severity: str) -> None:
    """One second before a rung nobody is told of it, at its instant each on it once, and the whole
    triage channel once it is late or nobody else is told."""
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
            said = tale.thread(tale.triage, tale.triage_card("ACME-1").ts)[-1]
            to_all = said.subtype == "thread_broadcast"
            assert to_all is (not readers or step == "due"), step
        await tale.forward(hours=13)
        assert directly(tale) == expected


@pytest.mark.parametrize(("seconds", "late"), [(-1, False), (0, False), (1, True)])
async def test_answered_a_second_before_or_after_it_is_due(
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
        assert sum("is late" in one for one in tale.pings_in_triage("ACME-1")) == late
        assert any("still late" in one for one in tale.pings_to(tale.dana)) is False


async def test_who_takes_it_is_told_alone_until_it_is_due(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale, "enterprise", "critical")
        await tale.at(MONDAY + timedelta(hours=1))
        assert directly(tale) == {"dana": 1, "eli": 0, "mo": 0}
        ping = tale.sandbox.direct_messages(tale.dana)[-1]
        assert {"Take", "Hand over"} <= {
            str(one["text"]["text"]) for one in ping.blocks[-1]["elements"] if "text" in one
        }
        await tale.presses(tale.dana, ping, ids.TAKE)
        await tale.at(MONDAY + timedelta(hours=1.5))
        assert directly(tale) == {"dana": 2, "eli": 0, "mo": 0}
        await tale.at(MONDAY + timedelta(hours=2))
        assert directly(tale) == {"dana": 3, "eli": 1, "mo": 0}


async def test_what_the_whole_channel_is_told_can_be_taken_right_there(tmp_path: Path) -> None:
    async with story(tmp_path, OPEN_EVERYWHERE) as tale, tale.running():
        await asked(tale, "standard", "high")
        await tale.forward(hours=6)  # three quarters, and nobody to tell
        told = tale.thread(tale.triage, tale.triage_card("ACME-1").ts)[-1]
        assert told.subtype == "thread_broadcast"
        await tale.presses(tale.eli, told, ids.TAKE)
        assert (await tale.tickets())["ACME-1"]["assignee"] == tale.eli


async def test_who_was_given_it_silences_nobody(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale, "enterprise", "critical")
        await tale.asks(tale.mo, f"assign ACME-1 <@{tale.dana}>")
        before = directly(tale)
        await tale.at(MONDAY + timedelta(hours=1.5))
        assert directly(tale)["eli"] == before["eli"] + 1


async def test_a_ping_is_snoozed_for_half_an_hour_once_it_is_late(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale, "priority", "critical")
        await tale.at(MONDAY + timedelta(hours=2, minutes=30))
        ping = tale.sandbox.direct_messages(tale.dana)[-1]
        assert "is still late" in ping.text
        await tale.presses(tale.dana, ping, ids.MORE, ids.more_choice("ACME-1", "snooze:60"))
        before = directly(tale)
        await tale.at(MONDAY + timedelta(hours=3, minutes=29))
        assert directly(tale) == before
        await tale.at(MONDAY + timedelta(hours=3, minutes=30))  # it wakes, and is late still
        assert directly(tale)["dana"] == before["dana"] + 2
        assert "ACME-1" in "".join(tale.pings_to(tale.dana)[-2:])


async def test_a_ping_is_handed_over(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale, "priority", "critical")
        await tale.at(MONDAY + timedelta(hours=1))
        ping = tale.sandbox.direct_messages(tale.dana)[-1]
        await tale.presses(tale.dana, ping, ids.ASSIGN)
        assert await tale.fills_in(tale.dana, person=tale.eli) == {}
        assert (await tale.tickets())["ACME-1"]["assignee"] == tale.eli
        await tale.at(MONDAY + timedelta(hours=1.5))
        assert any("is due in" in one for one in tale.pings_to(tale.eli))


@pytest.mark.thorough
async def test_for_who_is_away_the_cover_is_told_and_without_one_the_backup(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        fay = tale.sandbox.add_user("Fay")
        await tale.asks(tale.mo, "list")
        tale.rows("INSERT INTO staff (user_id, role, name) VALUES (?, 'engineer', 'Fay')", fay)
        await asked(tale, "priority", "critical")
        said = await tale.asks(tale.dana, "away until 2026-03-13 cover @fay")
        assert said.endswith(f"<@{fay}> is told instead.")
        assert f"named engineer <@{fay}>" in tale.triage_card("ACME-1").plain()
        await tale.at(MONDAY + timedelta(hours=1))
        assert [len(tale.pings_to(one)) for one in (tale.dana, fay, tale.eli)] == [0, 1, 0]
        await tale.asks(tale.dana, "away until 2026-03-13")
        await tale.at(MONDAY + timedelta(hours=1.5))
        assert [len(tale.pings_to(one)) for one in (tale.dana, fay, tale.eli)] == [0, 1, 1]
        assert f"<@{tale.eli}>" in tale.pings_in_triage("ACME-1")[-1]


@pytest.mark.thorough
async def test_with_all_of_them_away_the_first_rung_falls_to_a_later_one(tmp_path: Path) -> None:
    """At 50 % the engineer is told; she, her backup and the manager are away: triage as a whole."""
    async with story(tmp_path) as tale, tale.running():
        await asked(tale, "enterprise", "critical")
        for one in ("dana", "eli", "mo"):
            await tale.asks(tale.mo, f"away @{one} 3d")
        await tale.at(MONDAY + timedelta(hours=1))
        [said] = tale.thread(tale.triage, tale.triage_card("ACME-1").ts)
        assert said.subtype == "thread_broadcast"
        assert "Nobody has this yet." in said.text


@pytest.mark.thorough
async def test_for_whose_account_is_closed_the_next_is_told_at_once(tmp_path: Path) -> None:
    """The first that the desk hears of it is Slack's refusal of the ping."""
    async with story(tmp_path) as tale, tale.running():
        await asked(tale, "priority", "critical")
        tale.sandbox.deliveries.add(DeliveryFault.HOLD, of="user_change")
        tale.sandbox.deactivate(tale.dana)
        await tale.at(MONDAY + timedelta(hours=1))
        assert len(tale.pings_to(tale.eli)) == 1
        assert "is due in 1 h" in tale.pings_to(tale.eli)[0]
        assert any("count as away" in one for one in tale.said_to_managers())


@pytest.mark.thorough
async def test_an_account_that_is_closed_is_passed_over_though_slack_takes_its_messages(
    tmp_path: Path,
) -> None:
    """ "chat_postMessage succeeds to deleted user": where there has been a direct message, Slack
    refuses nothing, and the event alone says it."""
    async with story(tmp_path) as tale, tale.running():
        await asked(tale, "priority", "high")
        await tale.at(MONDAY + timedelta(hours=3))
        assert directly(tale) == {"dana": 1, "eli": 0, "mo": 0}
        await tale.asks(tale.dana, "away 10m")  # and they are not back when that ends
        tale.sandbox.deactivate(tale.dana)
        await tale.settle()
        assert any("is closed. They count as away" in one for one in tale.said_to_managers())
        assert f"named engineer <@{tale.eli}>" in tale.triage_card("ACME-1").plain()
        await tale.at(MONDAY + timedelta(hours=4))
        assert directly(tale) == {"dana": 1, "eli": 1, "mo": 0}


@pytest.mark.thorough
async def test_at_night_a_priority_critical_is_told(tmp_path: Path) -> None:
    async with story(tmp_path, NIGHT - timedelta(hours=1)) as tale, tale.running():
        set_to = await tale.asks(tale.dana, "hours Mon-Fri 09:00-18:00")
        assert "works Mon-Fri 09:00-18:00 (Asia/Karachi)" in set_to
        await asked(tale, "priority", "critical")
        await tale.at(NIGHT)  # half of its two hours
        assert len(tale.pings_to(tale.dana)) == 1


@pytest.mark.thorough
async def test_a_standard_low_waits_until_morning_and_stands_in_the_digest(tmp_path: Path) -> None:
    """Due on Wednesday at ten, it is at three quarters on Tuesday at 22:00: then Standard ends."""
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
async def test_what_the_plan_does_not_cover_is_held_until_the_reader_works(tmp_path: Path) -> None:
    """Priority's high is answered in four hours of clock time, which end at night: its coverage
    ends at 22:00, and Dana begins at seven, before it goes on."""
    evening = datetime(2026, 3, 9, 16, 30, tzinfo=UTC)  # 21:30 in Karachi
    async with story(tmp_path, evening) as tale, tale.running():
        for one in ("dana", "eli"):
            await tale.asks(tale.mo, f"hours @{one} Mon-Fri 07:00-18:00")
        await asked(tale, "priority", "high")
        await tale.at(datetime(2026, 3, 9, 20, 30, tzinfo=UTC))  # due, at 01:30
        assert directly(tale) == {"dana": 0, "eli": 0, "mo": 0}
        assert tale.pings_in_triage("ACME-1") == []
        assert (await tale.tickets())["ACME-1"]["breached"] is True
        assert len(tale.said_to_managers()) == 1  # a breach is said when it is
        await tale.at(datetime(2026, 3, 10, 2, 0, tzinfo=UTC) - SECOND)
        assert [len(tale.pings_to(one)) for one in (tale.dana, tale.eli)] == [0, 0]
        await tale.at(datetime(2026, 3, 10, 2, 0, tzinfo=UTC))  # 07:00
        [held] = tale.pings_to(tale.dana)
        assert "is still late" in held
        assert "It was noticed" in held
        await tale.at(MORNING)
        assert "*ACME-1* Acme, High" in part(digests(tale)[-1], "Held overnight")
        await tale.at(MORNING + timedelta(days=1))
        assert "Held overnight" not in digests(tale)[-1]


@pytest.mark.thorough
async def test_on_a_holiday_only_what_covers_holidays_is_told(tmp_path: Path) -> None:
    """Pakistan Day, Monday 23 March 2026: Enterprise's critical runs, Priority's begins at
    midnight."""
    noon = datetime(2026, 3, 23, 7, 0, tzinfo=UTC)
    async with story(tmp_path, noon) as tale, tale.running():
        await asked(tale, "enterprise", "critical")
        await asked(tale, "priority", "critical", name="Globex")
        await tale.at(noon + timedelta(hours=1))
        [told] = tale.pings_to(tale.dana)
        assert "*ACME-1*" in told
        await tale.at(
            datetime(2026, 3, 23, 20, 0, tzinfo=UTC)
        )  # 01:00, half of Priority's two hours
        assert "*GLOBEX-1*" in tale.pings_to(tale.dana)[-1]


@pytest.mark.thorough
@pytest.mark.parametrize("count", [20, pytest.param(200, marks=pytest.mark.thorough)])
async def test_many_due_in_the_same_second_are_one_message_for_who_must_act(
    tmp_path: Path, count: int
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, _ = await tale.add_client(plan="enterprise", engineer=tale.dana)
        people = [tale.sandbox.add_user(f"Person {number}") for number in range(count)]
        for person in people:
            tale.sandbox.join(person, channel)
        for person in people:
            await tale.sandbox.post(person, channel, "Our server is down", at=MONDAY)
        await tale.settle()
        await tale.at(MONDAY + timedelta(hours=1, minutes=1))
        [told] = tale.pings_to(tale.dana)
        assert told.startswith(f"{count} tickets need you.")
        named = set(re.findall(r"\*(ACME-\d+)\*", told))
        more = re.search(r"and (\d+) more", told)
        assert len(named) + (int(more[1]) if more else 0) == count
        assert all(len(tale.pings_in_triage(key)) == 1 for key in await tale.tickets())


@pytest.mark.thorough
async def test_what_came_in_a_day_in_which_nobody_served_is_told_once_by_the_last_step(
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
                [said] = tale.pings_to(user)
                assert "is still late" in said
                assert "It was noticed" in said


@pytest.mark.thorough
async def test_hours_that_are_none_are_refused_and_can_be_taken_back(tmp_path: Path) -> None:
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
