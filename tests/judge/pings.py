"""Works out the expected pings: the escalation steps of each clock, at every rest of the desk."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tests.judge.ledger import Entry, Ledger, Look, Rest
from tests.judge.sla_targets import Clock, plan_model_of
from tests.judge.tickets import ExpectedTicket, Reading

WARNING, DUE, LAST, BREACH = "warning", "due", "last", "breach"
WARNING_PERCENT = 75


@dataclass(frozen=True)
class Ping:
    """An expected ping.

    `place` is "triage", "managers" or a user ID; `minute` is the due minute in its text.
    """

    ticket: str
    place: str
    metric: str
    step: str
    minute: int


@dataclass
class Pings:
    """`must` is sent exactly once.

    `may` is sent at most once: somebody acted between two rests, and the desk may have handled the
    step or the action first.
    """

    must: set[Ping] = field(default_factory=set)
    may: set[Ping] = field(default_factory=set)


def expected_pings(ledger: Ledger) -> Pings:
    pings, ladders = Pings(), LadderState()
    before: list[Entry] = []
    for place, entry in enumerate(ledger.entries):
        if not isinstance(entry, Rest):
            continue
        known = ledger.entries[:place]
        looks = [look.at for look in known[len(before) :] if isinstance(look, Look)]
        earlier = _pings_at(Reading(ledger, before), ladders, [*looks, entry.at])
        between = _pings_at(Reading(ledger, known), ladders, [*looks, entry.at])
        later = set(ladders.climb(Reading(ledger, known), entry.at))
        pings.may |= earlier | between | later
        pings.must |= later - _after_take(earlier, later)
        before = known
    return pings


def _pings_at(reading: Reading, ladders: "LadderState", instants: Sequence[datetime]) -> set[Ping]:
    """Return the pings that the desk sends if it looks at these instants with these facts."""
    climbing = LadderState(ladders)
    return {ping for at in instants for ping in climbing.climb(reading, at)}


def _after_take(earlier: set[Ping], later: set[Ping]) -> set[Ping]:
    """Return the steps that passed before somebody took the ticket; they are not repeated."""
    steps = {replace(ping, place="") for ping in earlier}
    return {ping for ping in later - earlier if replace(ping, place="") in steps}


class LadderState:
    """Tracks which steps of which clocks have been taken and which breaches are recorded."""

    def __init__(self, other: "LadderState | None" = None) -> None:
        self._taken: set[tuple[object, ...]] = set(other._taken) if other else set()
        self._broken: dict[tuple[object, ...], int] = dict(other._broken) if other else {}

    def climb(self, reading: Reading, now: datetime) -> Iterator[Ping]:
        for ticket in reading.tickets.values():
            ticket_view = plan_model_of(ticket.terms.catalog, ticket.terms.plan)
            for clock in ticket_view.clocks(ticket.log, now):
                yield from self._steps(
                    ticket, clock, ticket_view.minute(now), ticket_view.named_engineer
                )
                yield from self._breach(ticket, clock)

    def _steps(
        self, ticket: ExpectedTicket, clock: Clock, now: int, named_engineer: bool
    ) -> Iterator[Ping]:
        """Return the next step.

        Several steps that fall due together are sent as the last of them.
        """
        name = (ticket.name, clock.metric, clock.number)
        due_steps = [
            (minute, step)
            for step, minute in _rungs(clock)
            if minute <= now and (*name, step, minute) not in self._taken
        ]
        if not due_steps:
            return
        self._taken |= {(*name, step, minute) for minute, step in due_steps}
        minute, step = max(due_steps)
        if self._broken.get(name, minute) < minute:
            return  # the ticket was overdue before and has a later deadline now
        due = clock.due if step == WARNING and clock.due is not None else minute
        for place in ("triage", *_readers(ticket, step, named_engineer)):
            yield Ping(ticket.name, place, clock.metric, step, due)

    def _breach(self, ticket: ExpectedTicket, clock: Clock) -> Iterator[Ping]:
        name = (ticket.name, clock.metric, clock.number)
        if clock.broken is not None and name not in self._broken:
            self._broken[name] = clock.broken
            yield Ping(ticket.name, "managers", clock.metric, BREACH, clock.broken)


def _rungs(clock: Clock) -> Iterator[tuple[str, int]]:
    if not clock.runs or clock.due is None:
        return
    # Three quarters may fall within a minute; the tests' clock stops at whole minutes.
    yield WARNING, clock.due - clock.length * (100 - WARNING_PERCENT) // 100
    yield DUE, clock.due
    if clock.surely is not None and clock.surely > clock.due:
        yield LAST, clock.surely


def _readers(ticket: ExpectedTicket, step: str, named_engineer: bool) -> list[str]:
    """Return the readers.

    The assignee has taken or answered the ticket here and is alone pinged until it is due.
    """
    if ticket.assignee and step == WARNING:
        return [ticket.assignee]
    named = ticket.terms.engineer if named_engineer else None
    return list(dict.fromkeys(reader for reader in (named, ticket.assignee) if reader))
