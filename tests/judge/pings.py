"""Who must have been told what: the ladder of each clock, climbed at every rest of the desk."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tests.judge.ledger import Entry, Ledger, Look, Rest
from tests.judge.promises import Clock, sheet_of
from tests.judge.tickets import Expected, Reading

WARNING, DUE, LAST, BREACH = "warning", "due", "last", "breach"
WARNING_PERCENT = 75


@dataclass(frozen=True)
class Ping:
    """`place` is "triage", "managers" or a person's user ID; `minute` is
    the one that it names: when the clock was or will be due."""

    ticket: str
    place: str
    metric: str
    step: str
    minute: int


@dataclass
class Pings:
    """`must`: said once. `may`: said at most once, where somebody acted between two rests and the
    desk may have noticed the step or the deed first."""

    must: set[Ping] = field(default_factory=set)
    may: set[Ping] = field(default_factory=set)


def expected_pings(ledger: Ledger) -> Pings:
    found, ladders = Pings(), Ladders()
    before: list[Entry] = []
    for place, entry in enumerate(ledger.entries):
        if not isinstance(entry, Rest):
            continue
        known = ledger.entries[:place]
        looks = [one.at for one in known[len(before) :] if isinstance(one, Look)]
        earlier = _said_at(Reading(ledger, before), ladders, [*looks, entry.at])
        between = _said_at(Reading(ledger, known), ladders, [*looks, entry.at])
        later = set(ladders.climb(Reading(ledger, known), entry.at))
        found.may |= earlier | between | later
        found.must |= later - _told_others(earlier, later)
        before = known
    return found


def _said_at(reading: Reading, ladders: "Ladders", instants: Sequence[datetime]) -> set[Ping]:
    """What the desk says if it looks at these instants and knows so much."""
    climbing = Ladders(ladders)
    return {ping for at in instants for ping in climbing.climb(reading, at)}


def _told_others(earlier: set[Ping], later: set[Ping]) -> set[Ping]:
    """Steps that came before somebody took the ticket, perhaps: they are not told again."""
    steps = {replace(one, place="") for one in earlier}
    return {one for one in later - earlier if replace(one, place="") in steps}


class Ladders:
    """Which steps of which clocks have been taken, and which breaches are on record."""

    def __init__(self, other: "Ladders | None" = None) -> None:
        self._taken: set[tuple[object, ...]] = set(other._taken) if other else set()
        self._broken: dict[tuple[object, ...], int] = dict(other._broken) if other else {}

    def climb(self, reading: Reading, now: datetime) -> Iterator[Ping]:
        for ticket in reading.tickets.values():
            ticket_view = sheet_of(ticket.terms.catalog, ticket.terms.plan)
            for clock in ticket_view.clocks(ticket.log, now):
                yield from self._steps(
                    ticket, clock, ticket_view.minute(now), ticket_view.named_engineer
                )
                yield from self._breach(ticket, clock)

    def _steps(
        self, ticket: Expected, clock: Clock, now: int, named_engineer: bool
    ) -> Iterator[Ping]:
        """Several that have come together are told as the last of them."""
        name = (ticket.name, clock.metric, clock.number)
        come = [
            (minute, step)
            for step, minute in _rungs(clock)
            if minute <= now and (*name, step, minute) not in self._taken
        ]
        if not come:
            return
        self._taken |= {(*name, step, minute) for minute, step in come}
        minute, step = max(come)
        if self._broken.get(name, minute) < minute:
            return  # it was late before, and has got a later deadline since
        due = clock.due if step == WARNING and clock.due is not None else minute
        for place in ("triage", *_readers(ticket, step, named_engineer)):
            yield Ping(ticket.name, place, clock.metric, step, due)

    def _breach(self, ticket: Expected, clock: Clock) -> Iterator[Ping]:
        name = (ticket.name, clock.metric, clock.number)
        if clock.broken is not None and name not in self._broken:
            self._broken[name] = clock.broken
            yield Ping(ticket.name, "managers", clock.metric, BREACH, clock.broken)


def _rungs(clock: Clock) -> Iterator[tuple[str, int]]:
    if not clock.runs or clock.due is None:
        return
    # Three quarters may end within a minute; the clock of the tests rests where minutes begin.
    yield WARNING, clock.due - clock.length * (100 - WARNING_PERCENT) // 100
    yield DUE, clock.due
    if clock.surely is not None and clock.surely > clock.due:
        yield LAST, clock.surely


def _readers(ticket: Expected, step: str, named_engineer: bool) -> list[str]:
    """Whoever has it has taken it or answered, here: until it is due they alone are told."""
    if ticket.assignee and step == WARNING:
        return [ticket.assignee]
    named = ticket.terms.engineer if named_engineer else None
    return list(dict.fromkeys(one for one in (named, ticket.assignee) if one))
