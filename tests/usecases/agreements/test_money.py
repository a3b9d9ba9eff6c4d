"""Tests charges through the real store: for many simultaneous tickets, and for random histories."""

import asyncio
import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bot.domain.actor import Operator
from bot.domain.agreements.statement import Statement
from bot.domain.ids import UserId
from bot.domain.ticket import Source
from bot.errors import Refusal
from bot.usecases.agreements.billing_periods import stated
from bot.usecases.agreements.change_agreement import agree
from bot.usecases.agreements.propose_change import Wanted
from bot.usecases.agreements.verify_statements import verify
from bot.usecases.desk import Desk
from bot.usecases.due_timers import fire_due
from bot.usecases.intake.open_ticket import Report, open_from_report
from bot.usecases.operations.setup import add_staff
from bot.usecases.tickets.closing.dismiss import dismiss
from bot.usecases.tickets.closing.merge import merge
from bot.usecases.tickets.closing.reopen import reopen
from bot.usecases.tickets.triage.fault import own_fault
from bot.usecases.tickets.triage.severity import decide_severity
from bot.usecases.tickets.triage.waive import waive
from tests.usecases.conftest import MARCH_ENDS, Office

pytestmark = pytest.mark.both_stores(thorough="postgresql")
HISTORIES = int(os.environ.get("DESKBELL_MONEY_LIVES", "10"))
LONG_AGO = datetime(2026, 2, 1, tzinfo=UTC)
SMALL_QUOTA = 'quota = { included = 3, overage = "USD 25.00" }\n'


async def all_statements(office: Office) -> list[Statement]:
    async with office.runtime.read() as desk:
        [client] = await desk.work.clients.all()
        return await stated(desk, client.id)


async def fire_all(office: Office) -> None:
    while True:
        async with office.runtime.write() as desk:
            if not await fire_due(desk):
                return


async def test_of_fifty_simultaneous_tickets_at_15_of_20_five_are_included(office: Office) -> None:
    for number in range(15):
        await office.post("A request", user=f"UEARLY{number}")
        office.clock.advance(timedelta(seconds=1))

    at = [office.clock.now() + timedelta(microseconds=number) for number in range(50)]
    posts = (office.post("All at once", at=time, user=f"UMANY{n}") for n, time in enumerate(at))
    await asyncio.gather(*posts)
    office.clock.set(MARCH_ENDS)
    await fire_all(office)

    [march] = await all_statements(office)
    assert Counter(line.price is None for line in march.lines[15:]) == {True: 5, False: 45}
    assert [line.position for line in march.lines] == list(range(1, 66))
    assert [str(total) for total in march.totals] == ["USD 1125.00"]


async def test_of_two_simultaneous_reports_at_19_of_20_one_is_charged(office: Office) -> None:
    for number in range(19):
        await office.post("A request", user=f"UEARLY{number}")
        office.clock.advance(timedelta(seconds=1))
    async with office.runtime.write() as desk:
        client = (await desk.work.clients.all())[0]
    at = office.clock.now()

    async def report(number: int) -> None:
        async with office.runtime.write() as desk:
            await enter_report(desk, client.key, number)

    await asyncio.gather(report(1), report(2))
    office.clock.set(MARCH_ENDS)
    await fire_all(office)
    [march] = await all_statements(office)
    assert [line.opened_at for line in march.lines[19:]] == [at, at]
    assert [line.price is None for line in march.lines[19:]] == [True, False]


async def enter_report(desk: Desk, client_key: str, number: int) -> None:
    report = Report(
        UserId("UDANA"), f"view-{number}", client_key, Source.PHONE, "", "Ann", "It is down"
    )
    await open_from_report(desk, report)


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in (1, 2))]
)
async def test_statements_of_random_histories_are_exact(office: Office, seed: int) -> None:
    await live_three_months(office, Random(seed))


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(100, 100 + HISTORIES))
async def test_statements_of_more_random_histories_are_exact(office: Office, seed: int) -> None:
    await live_three_months(office, Random(seed))


async def live_three_months(office: Office, random: Random) -> None:
    """Post for three months, and check the statements against an independent count.

    Some posts arrive late; actions change whether a ticket counts; the plan and the billing day
    change now and then.
    """
    async with office.runtime.write() as desk:
        await add_staff(desk, UserId("UMO"), "manager", "Mo")
        await agree(
            desk,
            Operator(),
            "ACME",
            Wanted(terms=SMALL_QUOTA, anchor_day=random.choice((1, 15, 31))),
        )
    end = office.clock.now() + timedelta(days=90)
    number = 0
    while office.clock.now() < end:
        office.clock.advance(timedelta(hours=random.expovariate(1 / 40)))
        number += 1
        late = timedelta(days=random.choice((0, 0, 0, 10)) * random.random())
        await office.post("A request", at=office.clock.now() - late, user=f"U{number}")
        for _ in range(random.choice((0, 1, 2))):
            await act_at_random(office, random)
        await fire_all(office)
    office.clock.advance(timedelta(days=62))
    await fire_all(office)

    statements = await all_statements(office)
    assert len(statements) >= 4
    listed = Counter(line.key for statement in statements for line in statement.lines)
    listed.update(
        line.key
        for statement in statements
        for line in statement.adjustments
        if "before" in line.why
    )
    async with office.runtime.read() as desk:
        assert [check.differences for check in await verify(desk)] == [()] * len(statements)
        [client] = await desk.work.clients.all()
        tickets = await desk.work.tickets.of_client(client.id, statements[-1].period.end)
        for ticket in tickets:
            assert listed[ticket.key] >= ticket.counted, ticket.key
        to_pay = sum(total.minor for statement in statements for total in statement.totals)
        assert to_pay == await independent_total(desk, statements)


async def act_at_random(office: Office, random: Random) -> None:
    try:
        async with office.runtime.write() as desk:
            tickets = await desk.work.tickets.all()
            key, other = (random.choice(tickets).key for _ in range(2))
            match random.randrange(8):
                case 0:
                    await dismiss(desk, key, UserId("UDANA"))
                case 1:
                    await own_fault(desk, key, UserId("UDANA"), random.choice(("ours", None)))
                case 2:
                    await waive(desk, key, UserId("UMO"), random.choice(("we like them", None)))
                case 3:
                    await merge(desk, key, UserId("UDANA"), other)
                case 4:
                    await reopen(desk, key, UserId("UDANA"))
                case 5:
                    await decide_severity(desk, key, UserId("UDANA"), "low")
                case 6 if random.random() < 0.2:
                    plan, terms = random.choice((("standard", SMALL_QUOTA), ("priority", None)))
                    await agree(desk, Operator(), "ACME", Wanted(plan=plan, terms=terms))
                case 7 if random.random() < 0.2:
                    await agree(
                        desk, Operator(), "ACME", Wanted(anchor_day=random.choice((1, 29, 30)))
                    )
    except Refusal:
        return


async def independent_total(desk: Desk, statements: list[Statement]) -> int:
    """Return the cents for all counted tickets beyond the quota of their period and plan."""
    counted = [ticket for ticket in await desk.work.tickets.all() if ticket.counted]
    period_starts = [statement.period.start for statement in statements]
    positions: Counter[tuple[datetime, str]] = Counter()
    cents = 0
    for ticket in sorted(counted, key=lambda ticket: (ticket.opened_at, ticket.id)):
        if ticket.opened_at >= statements[-1].period.end:
            continue
        period = max(
            (start for start in period_starts if start <= ticket.opened_at), default=LONG_AGO
        )
        positions[period, ticket.plan_id] += 1
        terms = (await desk.work.clients.agreement(ticket.agreement_id)).terms
        is_overage = ticket.plan_id == "standard" and positions[period, "standard"] > (
            3 if terms else 20
        )
        cents += 2500 if is_overage and not ticket.waived else 0
    return cents
