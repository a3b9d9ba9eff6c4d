"""Statements against a second opinion, over random histories of clients: openings in any order,
late arrivals, what stops to count and counts again, waivers, plans and cycles that change.

The second opinion shares nothing with `bot.domain`: it walks through the calendar day by day to
find the periods, and counts each of them anew from what was known when a statement was written.
"""

import os
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

import pytest

from bot.domain.agreements.agreement import Agreement
from bot.domain.agreements.billing_cycles import billing_period, cycles, in_force
from bot.domain.agreements.money import Money
from bot.domain.agreements.period import Period
from bot.domain.agreements.plan import Plan, Quota
from bot.domain.agreements.statement import Statement, adjust, count
from bot.domain.ids import AgreementId, ClientId, TicketId
from bot.domain.ticket import Source, Ticket, TicketState
from tests.views.ticket_views import PLAN

CASES = int(os.environ.get("DESKBELL_STATEMENT_CASES", "10000"))
CHUNKS = 8
START = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
DAYS = 200
HAIR = timedelta(microseconds=1)
ZONES = ("Asia/Karachi", "Europe/Brussels", "America/New_York", "Pacific/Apia", "Asia/Kathmandu")
ANCHORS = (1, 1, 15, 28, 29, 30, 31)
INCLUDED = {"small": 2, "bigger": 4, "unlimited": None}
Instants = list[datetime]


@dataclass
class Story:
    """What happens to one client. Of each ticket: when it was opened, when it is known from, and
    at which instants it stops or begins to count and is waived or not."""

    versions: list[Agreement]
    prices: list[tuple[datetime, int]]  # cents of a ticket beyond, from an instant on
    tickets: list["Life"] = field(default_factory=list)


@dataclass
class Life:
    number: int
    opened_at: datetime
    known_at: datetime
    plan: str
    price: int
    toggled: Instants  # whether it counts
    waived: Instants

    def counts(self, at: datetime) -> bool:
        return sum(one <= at for one in self.toggled) % 2 == 0

    def is_waived(self, at: datetime) -> bool:
        return sum(one <= at for one in self.waived) % 2 == 1


def a_story(random: Random) -> Story:
    changes = sorted(
        START + timedelta(days=random.uniform(0, DAYS)) for _ in range(random.choice((0, 1, 2, 4)))
    )
    zone, anchor = random.choice(ZONES), random.choice(ANCHORS)
    versions = []
    for number, at in enumerate((START, *changes), 1):
        since = at
        if random.random() < 0.3:
            anchor = random.choice(ANCHORS)
        if random.random() < 0.1:
            zone = random.choice(ZONES)
        if random.random() < 0.2:
            since = midnight_of(since.date(), zone)
        versions.append(
            Agreement(
                AgreementId(number), ClientId(1), "x", random.choice(list(INCLUDED)),
                since, None, None,
                zone=zone, anchor_day=anchor,
                withdrawn_at=since - HAIR if number > 1 and random.random() < 0.15 else None,
            )
        )  # fmt: skip
    prices = [(START - timedelta(days=60), 2500)]
    prices += [
        (START + timedelta(days=random.uniform(0, DAYS)), random.choice((1, 1001, 3333)))
        for _ in range(2)
    ]
    told = Story(versions, sorted(prices))
    told.tickets = [a_life(random, told, number) for number in range(1, random.randint(3, 27))]
    return told


@cache
def midnight_of(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def a_life(random: Random, told: Story, number: int) -> Life:
    opened_at = START + timedelta(days=random.uniform(-20, DAYS))
    if random.random() < 0.3:  # where one period ends and another begins
        zone, anchor = random.choice(told.versions).zone, random.choice(told.versions).anchor_day
        month = random.randint(1, 7)
        day = date(2026, month, min(anchor, monthrange(2026, month)[1]))
        opened_at = midnight_of(day, zone) + random.choice((-HAIR, 0 * HAIR, HAIR))
    late = random.choice((0, 0, 0, 1, 40)) * random.random()
    known_at = opened_at + timedelta(days=late)

    def instants(most: int) -> Instants:
        return [
            known_at + timedelta(days=random.expovariate(1 / 25))
            for _ in range(random.choice((0, 0, 0, 1, most)))
        ]

    version = standing(told.versions, opened_at)
    price = [cents for since, cents in told.prices if since <= opened_at][-1]
    return Life(number, opened_at, known_at, version.plan_id or "", price, instants(2), instants(3))


# --- the second opinion -------------------------------------------------------------------------


def standing(versions: list[Agreement], at: datetime) -> Agreement:
    left = sorted(
        (one for one in versions if one.withdrawn_at is None), key=lambda one: one.effective_from
    )
    begun = [one for one in left if one.effective_from <= at]
    return begun[-1] if begun else left[0]


def begins(day: date, anchor: int) -> bool:
    return day.day == min(anchor, monthrange(day.year, day.month)[1])


def boundaries(versions: list[Agreement]) -> Instants:
    """Every instant at which one period ends and another begins, found by walking through the days
    of each version."""
    left = sorted(
        (one for one in versions if one.withdrawn_at is None), key=lambda one: one.effective_from
    )
    found: set[datetime] = set()
    for index, one in enumerate(left):
        since = one.effective_from if index else START - timedelta(days=60)
        until = (
            left[index + 1].effective_from
            if index + 1 < len(left)
            else START + timedelta(days=DAYS + 120)
        )
        zone = ZoneInfo(one.zone)
        day = since.astimezone(zone).date() - timedelta(days=1)
        while day <= until.astimezone(zone).date() + timedelta(days=1):
            if begins(day, one.anchor_day) and since <= midnight_of(day, one.zone) < until:
                found.add(midnight_of(day, one.zone))
            day += timedelta(days=1)
        if index and (one.zone, one.anchor_day) != (
            left[index - 1].zone,
            left[index - 1].anchor_day,
        ):
            found.add(one.effective_from)
    return sorted(found)


def owed(told: Story, cuts: Instants, closed_at: datetime, at: datetime) -> dict[int, int]:
    """By ticket, what the counted ones of all periods that end by `closed_at` come to in cents, as
    known at an instant."""
    by_period: dict[tuple[datetime, str], list[Life]] = defaultdict(list)
    for one in told.tickets:
        start = max(cut for cut in cuts if cut <= one.opened_at)
        if one.known_at <= at and one.counts(at) and one.opened_at < closed_at:
            by_period[start, one.plan].append(one)
    found = {}
    for (_, plan), lives in by_period.items():
        for place, one in enumerate(sorted(lives, key=lambda one: (one.opened_at, one.number)), 1):
            included = INCLUDED[plan]
            free = included is None or place <= included or one.is_waived(at)
            found[one.number] = 0 if free else one.price
    return found


# --- what the desk would state ------------------------------------------------------------------


def plan_of(one: Life) -> Plan:
    included = INCLUDED[one.plan]
    price = None if included is None else Money(one.price, "USD")
    return replace(PLAN, id=one.plan, name=one.plan, quota=Quota(included, price))


def ticket_of(one: Life, at: datetime) -> Ticket:
    return Ticket(
        id=TicketId(one.number), client_id=ClientId(1), number=one.number, key=f"ACME-{one.number}",
        source=Source.SLACK, opened_at=one.opened_at, opened_by="U1", summary="",
        agreement_id=AgreementId(1), catalog_version_id=1, plan_id=one.plan,
        counted=one.counts(at), waived="so" if one.is_waived(at) else None,
        state=TicketState.OPEN if one.counts(at) else TicketState.MERGED,
    )  # fmt: skip


def states(told: Story, random: Random) -> Iterator[tuple[Statement, datetime]]:
    """Issue statements as the desk does; at times nothing runs when a period ends."""
    before: list[Statement] = []
    plans = {one.number: plan_of(one) for one in told.tickets}
    starts, late = told.versions[0].effective_from, START
    while (period := billing_period(told.versions, starts)).end < START + timedelta(days=DAYS + 60):
        late = at = max(late, period.end + timedelta(days=random.choice((0, 0, 0, 0, 45))))
        known = [ticket_of(one, at) for one in told.tickets if one.known_at <= at]
        periods: dict[datetime, list[tuple[Ticket, Plan]]] = defaultdict(list)
        for ticket in known:
            own = billing_period(told.versions, ticket.opened_at)
            if own.end <= period.end:
                periods[own.start].append((ticket, plans[ticket.id]))
        earlier = {start: ones for start, ones in periods.items() if start < period.start}
        statement = Statement(
            "ACME", "Acme", "UTC", period, at, (),
            count(periods.get(period.start, [])),
            adjust(
                before,
                [line for ones in earlier.values() for line in count(ones)],
                [ticket for ones in earlier.values() for ticket, _ in ones],
            ),
        )  # fmt: skip
        before.append(statement)
        starts = period.end
        yield statement, at


def check(seed: int) -> int:
    """One history; how many statements it had."""
    random = Random(seed)
    told = a_story(random)
    cuts = boundaries(told.versions)
    to_pay, listed, stated = 0, Counter[str](), 0
    for statement, at in states(told, random):
        stated += 1
        assert cuts[cuts.index(statement.period.start) + 1] == statement.period.end, seed
        to_pay += sum(total.minor for total in statement.totals)
        expected = owed(told, cuts, statement.period.end, at)
        assert to_pay == sum(expected.values()), (seed, statement.period)
        listed.update(line.key for line in statement.lines)
        listed.update(one.key for one in statement.adjustments if "before" in one.why)
        for gone in statement.adjustments:
            if not gone.counted:
                del listed[gone.key]
        assert listed == {f"ACME-{one}": 1 for one in expected}, (seed, statement.period)
        for line in statement.lines:
            own = expected[int(line.key.removeprefix("ACME-"))]
            assert (line.amount.minor if line.amount else 0) == own, (seed, line)
    return stated


@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.thorough
def test_statements_are_what_counting_anew_gives(chunk: int) -> None:
    stated = sum(check(seed) for seed in range(chunk, CASES, CHUNKS))
    assert stated > 4 * CASES // CHUNKS


@pytest.mark.thorough
def test_a_few_statements_are_what_counting_anew_gives() -> None:
    assert sum(check(seed) for seed in range(CASES, CASES + 400)) > 1600


@pytest.mark.thorough
def test_the_cycles_have_each_instant_once() -> None:
    for seed in range(300):
        random = Random(seed)
        told = a_story(random)
        cuts = boundaries(told.versions)
        for _ in range(20):
            at = START + timedelta(days=random.uniform(-20, DAYS))
            period = billing_period(told.versions, at)
            start = max(cut for cut in cuts if cut <= at)
            assert period == Period(start, min(cut for cut in cuts if cut > at)), seed
            assert sum(one.has(at) for one in cycles(told.versions)) == 1
            assert in_force(told.versions, at) == standing(told.versions, at)
