"""Compare statements with an independent model over random client histories.

The histories contain tickets in any order, late deliveries, tickets that stop counting and count
again, waivers, and changes of plan and billing cycle. The model shares no code with `bot.domain`:
it walks through the calendar day by day to find the billing periods, and counts every period anew
from the facts that were known when a statement was written.
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
class ClientHistory:
    """The history of a client: per ticket when it was opened, when it became known, and when it
    stopped or resumed counting or was waived.
    """

    versions: list[Agreement]
    prices: list[tuple[datetime, int]]  # overage price in cents, from an instant on
    tickets: list["TicketHistory"] = field(default_factory=list)


@dataclass
class TicketHistory:
    number: int
    opened_at: datetime
    known_at: datetime
    plan: str
    price: int
    toggled: Instants  # instants at which the ticket stops or resumes counting
    waived: Instants

    def counts(self, at: datetime) -> bool:
        return sum(instant <= at for instant in self.toggled) % 2 == 0

    def is_waived(self, at: datetime) -> bool:
        return sum(instant <= at for instant in self.waived) % 2 == 1


def random_story(random: Random) -> ClientHistory:
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
    story = ClientHistory(versions, sorted(prices))
    story.tickets = [
        random_life(random, story, number) for number in range(1, random.randint(3, 27))
    ]
    return story


@cache
def midnight_of(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def random_life(random: Random, story: ClientHistory, number: int) -> TicketHistory:
    opened_at = START + timedelta(days=random.uniform(-20, DAYS))
    if random.random() < 0.3:  # billing period boundaries
        zone, anchor = random.choice(story.versions).zone, random.choice(story.versions).anchor_day
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

    version = version_in_force(story.versions, opened_at)
    price = [cents for since, cents in story.prices if since <= opened_at][-1]
    return TicketHistory(
        number, opened_at, known_at, version.plan_id or "", price, instants(2), instants(3)
    )


# --- the independent model ----------------------------------------------------------------------


def version_in_force(versions: list[Agreement], at: datetime) -> Agreement:
    left = sorted(
        (version for version in versions if version.withdrawn_at is None),
        key=lambda version: version.effective_from,
    )
    begun = [version for version in left if version.effective_from <= at]
    return begun[-1] if begun else left[0]


def begins_period(day: date, anchor: int) -> bool:
    return day.day == min(anchor, monthrange(day.year, day.month)[1])


def boundaries(versions: list[Agreement]) -> Instants:
    """Return every billing period boundary, by walking through each version's days."""
    left = sorted(
        (version for version in versions if version.withdrawn_at is None),
        key=lambda version: version.effective_from,
    )
    cuts: set[datetime] = set()
    for index, version in enumerate(left):
        since = version.effective_from if index else START - timedelta(days=60)
        until = (
            left[index + 1].effective_from
            if index + 1 < len(left)
            else START + timedelta(days=DAYS + 120)
        )
        zone = ZoneInfo(version.zone)
        day = since.astimezone(zone).date() - timedelta(days=1)
        while day <= until.astimezone(zone).date() + timedelta(days=1):
            if (
                begins_period(day, version.anchor_day)
                and since <= midnight_of(day, version.zone) < until
            ):
                cuts.add(midnight_of(day, version.zone))
            day += timedelta(days=1)
        if index and (version.zone, version.anchor_day) != (
            left[index - 1].zone,
            left[index - 1].anchor_day,
        ):
            cuts.add(version.effective_from)
    return sorted(cuts)


def charges_by_ticket(
    story: ClientHistory, cuts: Instants, closed_at: datetime, at: datetime
) -> dict[int, int]:
    """Return each counted ticket's charge in cents as known at `at`, for the periods that end by
    `closed_at`.
    """
    by_period: dict[tuple[datetime, str], list[TicketHistory]] = defaultdict(list)
    for life in story.tickets:
        start = max(cut for cut in cuts if cut <= life.opened_at)
        if life.known_at <= at and life.counts(at) and life.opened_at < closed_at:
            by_period[start, life.plan].append(life)
    cents = {}
    for (_, plan), lives in by_period.items():
        for place, life in enumerate(
            sorted(lives, key=lambda life: (life.opened_at, life.number)), 1
        ):
            included = INCLUDED[plan]
            free = included is None or place <= included or life.is_waived(at)
            cents[life.number] = 0 if free else life.price
    return cents


# --- the product's statements -------------------------------------------------------------------


def plan_of(life: TicketHistory) -> Plan:
    included = INCLUDED[life.plan]
    price = None if included is None else Money(life.price, "USD")
    return replace(PLAN, id=life.plan, name=life.plan, quota=Quota(included, price))


def ticket_of(life: TicketHistory, at: datetime) -> Ticket:
    return Ticket(
        id=TicketId(life.number), client_id=ClientId(1),
        number=life.number, key=f"ACME-{life.number}",
        source=Source.SLACK, opened_at=life.opened_at, opened_by="U1", summary="",
        agreement_id=AgreementId(1), catalog_version_id=1, plan_id=life.plan,
        counted=life.counts(at), waived="so" if life.is_waived(at) else None,
        state=TicketState.OPEN if life.counts(at) else TicketState.MERGED,
    )  # fmt: skip


def issued_statements(story: ClientHistory, random: Random) -> Iterator[tuple[Statement, datetime]]:
    """Issue statements as the product does. Sometimes the product is down when a period ends."""
    before: list[Statement] = []
    plans = {life.number: plan_of(life) for life in story.tickets}
    starts, late = story.versions[0].effective_from, START
    while (period := billing_period(story.versions, starts)).end < START + timedelta(
        days=DAYS + 60
    ):
        late = at = max(late, period.end + timedelta(days=random.choice((0, 0, 0, 0, 45))))
        known = [ticket_of(life, at) for life in story.tickets if life.known_at <= at]
        periods: dict[datetime, list[tuple[Ticket, Plan]]] = defaultdict(list)
        for ticket in known:
            own = billing_period(story.versions, ticket.opened_at)
            if own.end <= period.end:
                periods[own.start].append((ticket, plans[ticket.id]))
        earlier = {
            start: counted_tickets
            for start, counted_tickets in periods.items()
            if start < period.start
        }
        statement = Statement(
            "ACME", "Acme", "UTC", period, at, (),
            count(periods.get(period.start, [])),
            adjust(
                before,
                [line for counted_tickets in earlier.values() for line in count(counted_tickets)],
                [ticket for counted_tickets in earlier.values() for ticket, _ in counted_tickets],
            ),
        )  # fmt: skip
        before.append(statement)
        starts = period.end
        yield statement, at


def compare_statements(seed: int) -> int:
    """Compare the statements of a random history and return how many it has."""
    random = Random(seed)
    story = random_story(random)
    cuts = boundaries(story.versions)
    to_pay, listed, stated = 0, Counter[str](), 0
    for statement, at in issued_statements(story, random):
        stated += 1
        assert cuts[cuts.index(statement.period.start) + 1] == statement.period.end, seed
        to_pay += sum(total.minor for total in statement.totals)
        expected = charges_by_ticket(story, cuts, statement.period.end, at)
        assert to_pay == sum(expected.values()), (seed, statement.period)
        listed.update(line.key for line in statement.lines)
        listed.update(
            adjustment.key for adjustment in statement.adjustments if "before" in adjustment.why
        )
        for gone in statement.adjustments:
            if not gone.counted:
                del listed[gone.key]
        assert listed == {f"ACME-{number}": 1 for number in expected}, (seed, statement.period)
        for line in statement.lines:
            own = expected[int(line.key.removeprefix("ACME-"))]
            assert (line.amount.minor if line.amount else 0) == own, (seed, line)
    return stated


@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.thorough
def test_statements_equal_those_of_the_model(chunk: int) -> None:
    stated = sum(compare_statements(seed) for seed in range(chunk, CASES, CHUNKS))
    assert stated > 4 * CASES // CHUNKS


@pytest.mark.thorough
def test_a_few_statements_equal_those_of_the_model() -> None:
    assert sum(compare_statements(seed) for seed in range(CASES, CASES + 400)) > 1600


@pytest.mark.thorough
def test_billing_cycles_cover_each_instant_exactly_once() -> None:
    for seed in range(300):
        random = Random(seed)
        story = random_story(random)
        cuts = boundaries(story.versions)
        for _ in range(20):
            at = START + timedelta(days=random.uniform(-20, DAYS))
            period = billing_period(story.versions, at)
            start = max(cut for cut in cuts if cut <= at)
            assert period == Period(start, min(cut for cut in cuts if cut > at)), seed
            assert sum(cycle.has(at) for cycle in cycles(story.versions)) == 1
            assert in_force(story.versions, at) == version_in_force(story.versions, at)
