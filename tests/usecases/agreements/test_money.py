"""Money, through the real store: who is charged when many ask at once, and over random days."""

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
from tests.usecases.conftest import MARCH_ENDS, Bureau

pytestmark = pytest.mark.both_stores(thorough="postgresql")
LIVES = int(os.environ.get("DESKBELL_MONEY_LIVES", "10"))
LONG_AGO = datetime(2026, 2, 1, tzinfo=UTC)
SMALL = 'quota = { included = 3, overage = "USD 25.00" }\n'


async def statements(bureau: Bureau) -> list[Statement]:
    async with bureau.runtime.read() as desk:
        [client] = await desk.work.clients.all()
        return await stated(desk, client.id)


async def fire_all(bureau: Bureau) -> None:
    while True:
        async with bureau.runtime.write() as desk:
            if not await fire_due(desk):
                return


async def test_of_fifty_at_once_at_15_of_20_five_are_included(bureau: Bureau) -> None:
    for number in range(15):
        await bureau.says("A request", user=f"UEARLY{number}")
        bureau.clock.advance(timedelta(seconds=1))

    at = [bureau.clock.now() + timedelta(microseconds=number) for number in range(50)]
    posts = (bureau.says("All at once", at=one, user=f"UMANY{n}") for n, one in enumerate(at))
    await asyncio.gather(*posts)
    bureau.clock.set(MARCH_ENDS)
    await fire_all(bureau)

    [march] = await statements(bureau)
    assert Counter(line.price is None for line in march.lines[15:]) == {True: 5, False: 45}
    assert [line.position for line in march.lines] == list(range(1, 66))
    assert [str(one) for one in march.totals] == ["USD 1125.00"]


async def test_two_at_the_same_instant_at_19_of_20_make_one_included_and_one_charged(
    bureau: Bureau,
) -> None:
    for number in range(19):
        await bureau.says("A request", user=f"UEARLY{number}")
        bureau.clock.advance(timedelta(seconds=1))
    async with bureau.runtime.write() as desk:
        client = (await desk.work.clients.all())[0]
    at = bureau.clock.now()

    async def report(number: int) -> None:
        async with bureau.runtime.write() as desk:
            await reported(desk, client.key, number)

    await asyncio.gather(report(1), report(2))
    bureau.clock.set(MARCH_ENDS)
    await fire_all(bureau)
    [march] = await statements(bureau)
    assert [line.opened_at for line in march.lines[19:]] == [at, at]
    assert [line.price is None for line in march.lines[19:]] == [True, False]


async def reported(desk: Desk, client_key: str, number: int) -> None:
    report = Report(
        UserId("UDANA"), f"view-{number}", client_key, Source.PHONE, "", "Ann", "It is down"
    )
    await open_from_report(desk, report)


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in (1, 2))]
)
async def test_random_days_are_stated_as_the_history_gives(bureau: Bureau, seed: int) -> None:
    await live(bureau, Random(seed))


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(100, 100 + LIVES))
async def test_more_random_days_are_stated_as_the_history_gives(bureau: Bureau, seed: int) -> None:
    await live(bureau, Random(seed))


async def live(bureau: Bureau, random: Random) -> None:
    """Three months of posts, late ones too, and of all that makes them count or not; the plan and
    the cycle change now and then."""
    async with bureau.runtime.write() as desk:
        await add_staff(desk, UserId("UMO"), "manager", "Mo")
        await agree(
            desk, Operator(), "ACME", Wanted(terms=SMALL, anchor_day=random.choice((1, 15, 31)))
        )
    until = bureau.clock.now() + timedelta(days=90)
    number = 0
    while bureau.clock.now() < until:
        bureau.clock.advance(timedelta(hours=random.expovariate(1 / 40)))
        number += 1
        late = timedelta(days=random.choice((0, 0, 0, 10)) * random.random())
        await bureau.says("A request", at=bureau.clock.now() - late, user=f"U{number}")
        for _ in range(random.choice((0, 1, 2))):
            await something(bureau, random)
        await fire_all(bureau)
    bureau.clock.advance(timedelta(days=62))
    await fire_all(bureau)

    found = await statements(bureau)
    assert len(found) >= 4
    listed = Counter(line.key for one in found for line in one.lines)
    listed.update(a.key for one in found for a in one.adjustments if "before" in a.why)
    async with bureau.runtime.read() as desk:
        assert [one.differences for one in await verify(desk)] == [()] * len(found)
        [client] = await desk.work.clients.all()
        tickets = await desk.work.tickets.of_client(client.id, found[-1].period.end)
        for ticket in tickets:
            assert listed[ticket.key] >= ticket.counted, ticket.key
        to_pay = sum(total.minor for one in found for total in one.totals)
        assert to_pay == await owed(desk, found)


async def something(bureau: Bureau, random: Random) -> None:
    try:
        async with bureau.runtime.write() as desk:
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
                    plan, terms = random.choice((("standard", SMALL), ("priority", None)))
                    await agree(desk, Operator(), "ACME", Wanted(plan=plan, terms=terms))
                case 7 if random.random() < 0.2:
                    await agree(
                        desk, Operator(), "ACME", Wanted(anchor_day=random.choice((1, 29, 30)))
                    )
    except Refusal:
        return


async def owed(desk: Desk, found: list[Statement]) -> int:
    """Counted by SQL and by hand: per period and plan, the ones after the third."""
    rows = [one for one in await desk.work.tickets.all() if one.counted]
    cuts = [one.period.start for one in found]
    places: Counter[tuple[datetime, str]] = Counter()
    cents = 0
    for one in sorted(rows, key=lambda one: (one.opened_at, one.id)):
        if one.opened_at >= found[-1].period.end:
            continue
        period = max((cut for cut in cuts if cut <= one.opened_at), default=LONG_AGO)
        places[period, one.plan_id] += 1
        terms = (await desk.work.clients.agreement(one.agreement_id)).terms
        beyond = one.plan_id == "standard" and places[period, "standard"] > (3 if terms else 20)
        cents += 2500 if beyond and not one.waived else 0
    return cents
